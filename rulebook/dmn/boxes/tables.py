"""Decision tables. Source: DMN 1.5, clause 8: hit policies 8.2.8, allowed values and defaults 8.2.10 and 8.2.11."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lxml import etree

from rulebook.dmn.boxes.columns import Input, Output, read_inputs, read_outputs
from rulebook.dmn.journal import Journal, journal_of
from rulebook.dmn.making import Maker, Sight, nothing
from rulebook.feel import FeelError
from rulebook.feel.scope import Run, Scope, Test
from rulebook.hit_policies import CannotCombine, combine
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_loading import MAX_COLUMNS, MAX_RULES

POLICIES = {
    "UNIQUE": "unique",
    "FIRST": "first",
    "PRIORITY": "priority",
    "ANY": "any",
    "COLLECT": "collect",
    "RULE ORDER": "rule_order",
    "OUTPUT ORDER": "output_order",
}
AGGREGATIONS = ("SUM", "MIN", "MAX", "COUNT")
LISTED = frozenset({"collect", "rule_order", "output_order"})
Rule = tuple[tuple[tuple[int, Test], ...], tuple[tuple[str, Run], ...]]
OnMatch = Callable[[Journal, list[int]], None]


def table(maker: Maker, node: etree._Element, sight: Sight, on_match: OnMatch | None = None) -> Run:
    """A decision table. on_match: told the numbers of the rows that count, from 1, each time that it decides."""
    inputs, outputs = read_inputs(maker, node, sight), read_outputs(maker, node, sight)
    policy = policy_of(maker, node)
    rows = maker.document.children(node, "rule")
    if len(rows) > MAX_RULES or len(inputs) + len(outputs) > MAX_COLUMNS:
        maker.document.refuse(
            node,
            Said(
                _("Expected at most %(rules)s rules and %(columns)s columns, but it has more."),
                rules=f"{MAX_RULES:,}",
                columns=MAX_COLUMNS,
            ),
        )
        return nothing
    if policy in ("priority", "output_order") and not any(output.ranking for output in outputs):
        maker.document.refuse(
            node, Said(_("Expected output values in their order, as the hit policy asks for, but no output lists any."))
        )
    rules = [_rule(maker, row, inputs, outputs, sight) for row in rows]
    maker.tables.append((node, sight))
    return _Table(policy, inputs, outputs, rules, on_match).run


def policy_of(maker: Maker, node: etree._Element) -> str:
    """The hit policy, with its aggregation, as `hit_policies` calls it."""
    given, aggregation = node.get("hitPolicy", "UNIQUE"), node.get("aggregation", "")
    policy = POLICIES.get(given, "")
    if not policy:
        maker.document.refuse(
            node,
            Said(_("Expected a hit policy of %(known)s, but it is %(given)s."), known=", ".join(POLICIES), given=given),
        )
    if aggregation and (policy != "collect" or aggregation not in AGGREGATIONS):
        known = ", ".join(AGGREGATIONS)
        maker.document.refuse(
            node,
            Said(
                _("Expected COLLECT with one of %(known)s, but it is %(given)s with %(aggregation)s."),
                known=known,
                given=given,
                aggregation=aggregation,
            ),
        )
    return f"{policy}_{aggregation.lower()}" if aggregation else policy


def _rule(maker: Maker, row: etree._Element, inputs: list[Input], outputs: list[Output], sight: Sight) -> Rule:
    tests = []
    for place, entry in enumerate(_entries(maker, row, "inputEntry", len(inputs))):
        cell = maker.tests(entry, maker.document.text(entry), sight)
        if cell is not None:
            tests.append((place, cell.run))
    results = [
        (output.name, maker.text(entry, maker.document.text(entry), sight, Said(_("an output"))))
        for output, entry in zip(outputs, _entries(maker, row, "outputEntry", len(outputs)))
    ]
    return tuple(tests), tuple(results)


def _entries(maker: Maker, row: etree._Element, tag: str, count: int) -> list[etree._Element]:
    entries = maker.document.children(row, tag)
    if len(entries) != count:
        maker.document.refuse(
            row,
            Said(
                _("Expected %(count)s %(tag)s elements, but it has %(found)s."),
                count=count,
                tag=tag,
                found=len(entries),
            ),
        )
    return entries[:count]


class _Table:
    """A table ready to decide."""

    def __init__(
        self, policy: str, inputs: list[Input], outputs: list[Output], rules: list[Rule], on_match: OnMatch | None
    ) -> None:
        self.policy, self.inputs, self.outputs, self.rules, self.on_match = policy, inputs, outputs, rules, on_match
        self.ranking = [(output.name, output.ranking) for output in outputs]

    def run(self, scope: Scope) -> Any:
        """What the table decides in a scope; null with an error where it can't."""
        journal = journal_of(scope)
        journal.charge(1 + len(self.rules))
        values = [one.value(scope, journal) for one in self.inputs]
        if not all(fits for _value, fits in values):
            return None
        mark = len(journal.notes)
        try:
            matched = self._matching([value for value, _fits in values], scope)
        except FeelError as error:
            journal.fail(f"A cell failed: {error}")
            return None
        del journal.notes[mark:]
        if not matched:
            return self._default(scope, journal)
        return self._combined(matched, scope, journal)

    def _matching(self, values: list[Any], scope: Scope) -> list[int]:
        found = []
        only_first = self.policy == "first"
        for number, (tests, _results) in enumerate(self.rules, 1):
            for place, passes in tests:
                if passes(values[place], scope) is not True:
                    break
            else:
                found.append(number)
                if only_first:
                    break
        return found

    def _combined(self, matched: list[int], scope: Scope, journal: Journal) -> Any:
        rows = []
        kept, value = matched, None
        for number in matched:
            outputs = self._outputs(number, scope, journal)
            if outputs is None:
                break
            rows.append((str(number), outputs))
        else:
            try:
                ids, combined = combine(self.policy, rows, self.ranking)
                kept, value = list(map(int, ids)), self._shaped(combined)
            except CannotCombine as error:
                journal.fail(f"The rows {', '.join(map(str, matched))} match, but {error}")
        if self.on_match is not None:
            self.on_match(journal, kept)
        return value

    def _outputs(self, number: int, scope: Scope, journal: Journal) -> dict[str, Any] | None:
        """What a row says; None where one of its values may not be."""
        made = {}
        for output, (name, run) in zip(self.outputs, self.rules[number - 1][1]):
            value, fits = output.held(run(scope), f"row {number}", journal)
            if not fits:
                return None
            made[name] = value
        return made

    def _default(self, scope: Scope, journal: Journal) -> Any:
        """Without a row: the default outputs, else an empty list or count, else null."""
        if self.on_match is not None:
            self.on_match(journal, [])
        if any(output.default is not None for output in self.outputs):
            made = {}
            for output in self.outputs:
                value = None if output.default is None else output.default(scope)
                made[output.name], fits = output.held(value, "the default", journal)
                if not fits:
                    return None
            return self._shaped([made])
        if self.policy in LISTED:
            return []
        return Decimal(0) if self.policy == "collect_count" else None

    def _shaped(self, combined: list[dict[str, Any]]) -> Any:
        """One output is a value by itself, several are a context."""
        alone = len(self.outputs) == 1
        values = [next(iter(outputs.values())) if alone else outputs for outputs in combined]
        return values if self.policy in LISTED else values[0]
