"""The tables of a model as tables whose rows can be proved: where each column is a name of a known type.

The rows are numbered from 1, as results tell them. What a type or a column allows bounds the values that are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from rulebook.dmn.boxes.columns import Input, Output, read_inputs, read_outputs
from rulebook.dmn.boxes.tables import LISTED, policy_of
from rulebook.dmn.document import Document
from rulebook.dmn.making import Maker, Sight
from rulebook.feel import Expression, UnaryTests
from rulebook.feel.analysis import constants_of
from rulebook.feel.spaced import tidy
from rulebook.feel.types import ANY, Type, root_of
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_parts import Column, DecisionTable, Rule

KINDS: Mapping[type | None, str] = {Decimal: "number", str: "text", bool: "boolean", date: "date"}
OWNERS = ("decision", "businessKnowledgeModel")
NOT_A_NAME = _("“%(text)s” is more than a name, so the rows can't be proved.")
TWICE = _("“%(text)s” heads two columns, so the rows can't be proved.")
NO_TYPE = _("“%(text)s” has no type whose values can be looked at, so the rows can't be proved.")
NO_BOUNDS = _("What “%(text)s” may be is more than comparisons with constants, so the rows can't be proved.")


@dataclass(frozen=True, slots=True)
class PlainTable:
    """A table of a model. owner: the decision or knowledge that holds it; table: None where reason says why not."""

    owner: str
    table: DecisionTable | None
    reason: str = ""


class _NotPlain(Exception):
    """A column can't be looked at."""

    def __init__(self, sentence: str, text: str) -> None:
        super().__init__(sentence)
        self.said = Said(sentence, text=text)


def plain_tables(maker: Maker, kinds: Mapping[str, Type]) -> Iterator[PlainTable]:
    """The tables that a maker has read, in the order of the file. kinds: the types of inputs and decisions by name."""
    places = {node: place for place, node in enumerate(maker.document.root.iter())}
    for node, sight in sorted(maker.tables, key=lambda found: places[found[0]]):
        owner = _owner(maker.document, node)
        try:
            yield PlainTable(owner, _Plain(maker, node, sight, {**kinds, **_parameters(maker, node)}).table(owner))
        except _NotPlain as wrong:
            yield PlainTable(owner, None, wrong.said)


def _owner(document: Document, node: etree._Element) -> str:
    holder = next(one for one in node.iterancestors() if document.tag(one) in OWNERS)
    return tidy(holder.get("name") or holder.get("id") or "")


def _parameters(maker: Maker, node: etree._Element) -> dict[str, Type]:
    """The parameters of the functions in which a table stands; the inner ones hide the outer."""
    found: dict[str, Type] = {}
    for holder in node.iterancestors():
        for one in maker.document.children(holder, "formalParameter"):
            found.setdefault(tidy(one.get("name", "")), maker.types.of(one, one.get("typeRef")))
    return found


class _Plain:
    """One table of a document that is whole."""

    def __init__(self, maker: Maker, node: etree._Element, sight: Sight, kinds: Mapping[str, Type]) -> None:
        self.maker, self.node, self.sight, self.kinds = maker, node, sight, kinds
        self.unknown: list[tuple[str, str, str]] = []

    def table(self, owner: str) -> DecisionTable:
        """Raises _NotPlain."""
        policy, outputs = policy_of(self.maker, self.node), read_outputs(self.maker, self.node, self.sight)
        inputs = self._inputs()
        answers = [Column(one.name or owner, _kind(one.type) or "text", values=one.ranking) for one in outputs]
        rows = self.maker.document.children(self.node, "rule")
        rules = tuple(self._rule(str(number), row, inputs, answers) for number, row in enumerate(rows, 1))
        return DecisionTable(
            key=owner,
            name={},
            hit_policy=policy,
            inputs=tuple(inputs),
            outputs=tuple(answers),
            rules=rules,
            default={} if _answers_without_rows(policy, outputs) else None,
            unknown_facts=tuple(dict.fromkeys(self.unknown)),
        )

    def _inputs(self) -> list[Column]:
        columns: list[Column] = []
        for one in read_inputs(self.maker, self.node, self.sight):
            columns.append(self._column(one, [column.name for column in columns]))
        return columns

    def _column(self, one: Input, taken: list[str]) -> Column:
        tree = self.maker.expression(one.said, self.sight).tree
        if tree.kind != "name":
            raise _NotPlain(NOT_A_NAME, one.said)
        name = str(tree.value)
        if name in taken:
            raise _NotPlain(TWICE, one.said)
        types = [kind for kind in (one.type, self.kinds.get(name, ANY)) if kind is not ANY]
        kind = _kind(types[0]) if types else ""
        if not kind:
            raise _NotPlain(NO_TYPE, one.said)
        allowed = [text for each in types for text in _allowed(each)] + [one.shown]
        within = tuple(UnaryTests(text, None, self.sight.words) for text in allowed if text not in ("", "-"))
        if any(constants_of(each) is None for each in within):
            raise _NotPlain(NO_BOUNDS, one.said)
        return Column(name, kind, within=within)

    def _rule(self, number: str, row: etree._Element, inputs: list[Column], outputs: list[Column]) -> Rule:
        document, tests = self.maker.document, {}
        for column, entry in zip(inputs, document.children(row, "inputEntry")):
            cell = self.maker.tests(entry, document.text(entry), self.sight)
            if cell is not None:
                tests[column.name] = cell
                self._note(number, column.name, cell)
        answers = {}
        for column, entry in zip(outputs, document.children(row, "outputEntry")):
            answers[column.name] = self.maker.expression(document.text(entry) or "null", self.sight)
            self._note(number, column.name, answers[column.name])
        return Rule(number, tests, answers)

    def _note(self, number: str, column: str, cell: UnaryTests | Expression) -> None:
        """Note the names that nothing in a model with declared inputs gives."""
        if self.maker.strict:
            self.unknown += [(number, column, name) for name in sorted(cell.names - self.sight.known)]


def _kind(kind: Type) -> str:
    root = root_of(kind)
    return KINDS.get(root.python, "") if root.kind == "single" else ""


def _allowed(kind: Type) -> Iterator[str]:
    while kind.base is not None:
        yield kind.shown
        kind = kind.base


def _answers_without_rows(policy: str, outputs: list[Output]) -> bool:
    return policy in LISTED or policy == "collect_count" or any(output.default is not None for output in outputs)
