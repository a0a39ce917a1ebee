"""Proof that a decision table is whole: gaps, overlaps, rows that can't match, facts that nobody gives.

Every finding carries a concrete example in facts, and every example is tried on the table itself before it is
reported. A cell that is more than comparisons with constants can't be proved; its column is named, never passed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice, product
from typing import Any

from rulebook.atoms import described, is_money, preferred
from rulebook.feel import FeelError
from rulebook.feel.literals import write_number
from rulebook.grid import Grid
from rulebook.hit_policies import rank
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.tables import Column, DecisionTable, Rule

Example = dict[str, Any]
MAX_FINDINGS = 200
MAX_NODES = 200_000
MAX_TEXTS_TOLD = 5
OPAQUE = _("The cell is more than comparisons with constants, so gaps and overlaps can't be proved for it.")
PERHAPS_OTHER = _("Where %(other)s matches as well, the outputs depend on facts: it can't be proved that they agree.")
MOST_EXAMPLES = 200  # that are tried for two rows whose outputs depend on facts
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Gap:
    """Facts that no row covers; where: the whole stretch, written as cells."""

    example: Example
    where: dict[str, str]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Facts that two rows match where the hit policy forbids it."""

    rules: tuple[str, str]
    example: Example


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A row that never decides. example: facts that it matches but earlier rows take (None: it matches nothing)."""

    rule: str
    reason: str
    taken_by: tuple[str, ...] = ()
    example: Example | None = None


@dataclass(frozen=True, slots=True)
class UnknownFact:
    """A row reads a fact that no column declares. example: facts with which it would be missed."""

    rule: str
    column: str
    name: str
    example: Example


@dataclass(frozen=True, slots=True)
class Unproven:
    """A cell about which nothing can be proved."""

    rule: str
    column: str
    cell: str
    message: str


@dataclass(slots=True)
class Report:
    """What the check found. `ok`: nothing wrong was found; `proven`: and nothing was left out.

    gaps have no answer; for what is in `defaulted` no row speaks but the table's default does, which is no fault.
    """

    gaps: list[Gap] = field(default_factory=list)
    defaulted: list[Gap] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)
    unreachable: list[Unreachable] = field(default_factory=list)
    unknown_facts: list[UnknownFact] = field(default_factory=list)
    unproven: list[Unproven] = field(default_factory=list)

    @property
    def proven(self) -> bool:
        return not self.unproven

    @property
    def ok(self) -> bool:
        return not (self.gaps or self.overlaps or self.unreachable or self.unknown_facts)


def check(table: DecisionTable) -> Report:
    """Check a table by interval arithmetic over its cells. Source: DMN 1.3, clause 8.2.8; seed decision 1."""
    return _Checker(table).report()


class _Checker:
    """Looks for what is wrong in a table's grid."""

    def __init__(self, table: DecisionTable) -> None:
        grid = Grid(table)
        self.table, self.rules, self.all_rows = table, table.rules, grid.all_rows
        self.atoms, self.masks, self.opaque = grid.atoms, grid.masks, grid.opaque
        self.found = Report()
        self.any_after = self._any_after()
        self.nodes = 0

    def report(self) -> Report:
        self._opaque_cells()
        self._unknown_facts()
        self._gaps()
        if self.table.hit_policy in ("unique", "any"):
            self._overlaps()
        self._unreachable()
        return self.found

    def _opaque_cells(self) -> None:
        for column in self.table.inputs:
            for place, rule in enumerate(self.rules):
                if self.opaque.get(column.name, 0) >> place & 1:
                    cell = rule.tests[column.name].text
                    self.found.unproven.append(Unproven(rule.id, column.name, cell, Said(OPAQUE)))

    def _any_after(self) -> list[int]:
        """For each column, the rows that accept everything from it on: where one is active, nothing is missing."""
        masks = [self.all_rows]
        for column in reversed(self.table.inputs):
            free = sum(1 << p for p, rule in enumerate(self.rules) if column.name not in rule.tests)
            masks.append(masks[-1] & free)
        return masks[::-1]

    def _search(
        self, column: int, active: int, allowed: list[list[int]], closed: set[Any]
    ) -> Iterator[list[list[int]]]:
        """Boxes (atoms for each column) that no active row covers, within the allowed atoms."""
        if active & self.any_after[column] or (column, active) in closed:
            return
        if not active or column == len(self.atoms):
            yield allowed[column:]
            return
        self.nodes += 1
        if self.nodes > MAX_NODES:
            return
        clean = True
        for rest, places in self._grouped(column, active, allowed[column]).items():
            for box in self._search(column + 1, rest, allowed, closed):
                clean = False
                yield [places, *box]
        if clean:
            closed.add((column, active))

    def _grouped(self, column: int, active: int, places: list[int]) -> dict[int, list[int]]:
        groups: dict[int, list[int]] = {}
        for place in places:
            groups.setdefault(active & self.masks[column][place], []).append(place)
        return groups

    def _everything(self) -> list[list[int]]:
        return [list(range(len(atoms))) for atoms in self.atoms]

    def _example(self, box: list[list[int]]) -> Example:
        chosen = [preferred([atoms[p] for p in places]) for atoms, places in zip(self.atoms, box)]
        return {column.name: atom.sample for column, atom in zip(self.table.inputs, chosen)}

    def _matched(self, example: Example) -> list[Rule]:
        try:
            return self.table.matching(self.table.scope(example))
        except FeelError as error:
            self._give_up(Said(_("A cell fails for some facts: %(problem)s"), problem=error.message))
            return []

    def _gaps(self) -> None:
        found = self.found.gaps if self.table.default is None else self.found.defaulted
        boxes = self._search(0, self.all_rows, self._everything(), set())
        for box in (one for merged in boxes for one in self._by_text(merged)):
            example = self._example(box)
            if self._matched(example):
                continue  # an unprovable cell covers it; the cell itself is reported
            if len(found) == MAX_FINDINGS:
                break
            parts = zip(self.table.inputs, self.atoms, box)
            where = {column.name: described(column, atoms, places) for column, atoms, places in parts}
            found.append(Gap(example, where))
        if self.nodes > MAX_NODES:
            self._give_up(Said(_("The table has too many combinations to look at all of them.")))

    def _by_text(self, box: list[list[int]]) -> Iterator[list[list[int]]]:
        """A gap over a few texts is told for each of them, with its own example."""
        choices = []
        for column, atoms, places in zip(self.table.inputs, self.atoms, box):
            few = column.type == "text" and len(places) < len(atoms) and len(places) <= MAX_TEXTS_TOLD
            choices.append([[place] for place in places] if few else [places])
        return (list(one) for one in product(*choices))

    def _give_up(self, message: str) -> None:
        reason = Unproven("", "", "", message)
        if reason not in self.found.unproven:
            self.found.unproven.append(reason)

    def _row_box(self, place: int, *, opaque: bool) -> list[list[int]]:
        """The atoms that a row accepts, column by column; a cell that can't be analysed accepts all or none."""
        box = []
        for column, atoms, masks in zip(self.table.inputs, self.atoms, self.masks):
            if self.opaque.get(column.name, 0) >> place & 1:
                box.append(list(range(len(atoms))) if opaque else [])
            else:
                box.append([p for p, mask in enumerate(masks) if mask >> place & 1])
        return box

    def _overlaps(self) -> None:
        boxes = [self._row_box(place, opaque=True) for place in range(len(self.rules))]
        for second, later in enumerate(boxes):
            for first, earlier in enumerate(boxes[:second]):
                shared = [[p for p in a if p in set(b)] for a, b in zip(earlier, later)]
                if all(shared) and len(self.found.overlaps) < MAX_FINDINGS:
                    self._overlap(self.rules[first], self.rules[second], shared)

    def _overlap(self, first: Rule, second: Rule, shared: list[list[int]]) -> None:
        """Two rows whose cells pass the same facts: a fault, unless both are sure to say the same and may."""
        differing = [
            name
            for name, output in first.outputs.items()
            if self.table.hit_policy != "any" or output.text != second.outputs[name].text
        ]
        read = {fact for name in differing for rule in (first, second) for fact in rule.outputs[name].names}
        tried = 0
        for example in islice(self._examples(shared, read), MOST_EXAMPLES):
            tried += 1
            matched = [rule.id for rule in self._matched(example)]
            if first.id not in matched or second.id not in matched:
                continue
            if self.table.hit_policy == "unique" or self._said(first, example) != self._said(second, example):
                self.found.overlaps.append(Overlap((first.id, second.id), example))
                return
        if self.table.hit_policy == "any" and not self._is_whole(shared, read, tried):
            column, sentence = differing[0], Said(PERHAPS_OTHER, other=first.id)
            cell = second.outputs[column].text
            self.found.unproven.append(Unproven(second.id, column, cell, sentence))

    def _examples(self, box: list[list[int]], read: set[str]) -> Iterator[Example]:
        """One example of a box for each atom of the columns that are read."""
        choices = [
            [[place] for place in places] if column.name in read else [places]
            for column, places in zip(self.table.inputs, box)
        ]
        return (self._example(list(one)) for one in product(*choices))

    def _is_whole(self, box: list[list[int]], read: set[str], tried: int) -> bool:
        """Whether the examples of a box were all that can be: each fact that is read has single values, and all few."""
        columns = {column.name: (atoms, places) for column, atoms, places in zip(self.table.inputs, self.atoms, box)}
        exact = all(name in columns and all(columns[name][0][p].exact for p in columns[name][1]) for name in read)
        return exact and tried < MOST_EXAMPLES

    def _said(self, rule: Rule, example: Example) -> dict[str, Any]:
        scope = self.table.scope(example)
        try:
            return {name: output.run(scope) for name, output in rule.outputs.items()}
        except FeelError as error:
            sentence = _("An output of %(rule)s fails for some facts: %(problem)s")
            self._give_up(Said(sentence, rule=rule.id, problem=error.message))
            return dict.fromkeys(rule.outputs)

    def _unreachable(self) -> None:
        for place, rule in enumerate(self.rules):
            box = self._row_box(place, opaque=True)
            empty = [c.name for c, places in zip(self.table.inputs, box) if not places]
            if empty:
                cells = ", ".join(f"{name} {rule.tests[name].text}" for name in empty)
                self.found.unreachable.append(Unreachable(rule.id, Said(_("No value passes %(cells)s."), cells=cells)))
            elif self.table.hit_policy in ("first", "priority"):
                self._shadowed(place, box)

    def _shadowed(self, place: int, box: list[list[int]]) -> None:
        stronger = self._stronger(place)
        if not stronger or next(self._search(0, stronger, box, set()), None) is not None or self.nodes > MAX_NODES:
            return
        example = self._example(box)
        takers = tuple(r.id for r in self._matched(example) if stronger >> self.rules.index(r) & 1)
        reason = Said(_("Stronger rows match everything that it matches."))
        self.found.unreachable.append(Unreachable(self.rules[place].id, reason, takers, example))

    def _stronger(self, place: int) -> int:
        """The rows that decide before this one where both match."""
        if self.table.hit_policy == "first":
            return (1 << place) - 1
        ranks = [self._rank(rule) for rule in self.rules]
        own = ranks[place]
        if own is None:
            return 0
        return sum(1 << p for p, other in enumerate(ranks) if other is not None and (other, p) < (own, place))

    def _rank(self, rule: Rule) -> tuple[int, ...] | None:
        if any(output.names for output in rule.outputs.values()):
            return None
        return rank(self._said(rule, {}), [(c.name, c.values) for c in self.table.outputs])

    def _unknown_facts(self) -> None:
        places = {rule.id: place for place, rule in enumerate(self.rules)}
        for rule, column, name in self.table.unknown_facts:
            box = self._row_box(places[rule], opaque=True) if rule in places else self._everything()
            example = self._example([places or [0] for places in box])
            self.found.unknown_facts.append(UnknownFact(rule, column, name, example))


def as_json(table: DecisionTable, report: Report) -> dict[str, Any]:
    """The report as plain JSON; amounts of money are decimal strings, as everywhere."""

    def facts(example: Example | None) -> Any:
        return None if example is None else facts_json(table, example)

    return {
        "key": table.key,
        "ok": report.ok and report.proven,
        "proven": report.proven,
        "gaps": [
            {"example": facts(gap.example), "where": gap.where, "covered_by_default": gap in report.defaulted}
            for gap in (*report.gaps, *report.defaulted)
        ],
        "overlaps": [{"rules": list(o.rules), "example": facts(o.example)} for o in report.overlaps],
        "unreachable": [
            {"rule": u.rule, "reason": u.reason, "taken_by": list(u.taken_by), "example": facts(u.example)}
            for u in report.unreachable
        ],
        "unknown_facts": [
            {"rule": u.rule, "column": u.column, "name": u.name, "example": facts(u.example)}
            for u in report.unknown_facts
        ],
        "unproven": [
            {"rule": u.rule, "column": u.column, "cell": u.cell, "message": u.message} for u in report.unproven
        ],
    }


def facts_json(table: DecisionTable, example: Example) -> dict[str, Any]:
    """An example as plain JSON; amounts of money are decimal strings."""
    return {column.name: _plain(column, example.get(column.name)) for column in table.inputs}


def _plain(column: Column, value: Any) -> Any:
    if isinstance(value, Decimal):
        if is_money(column) and value.adjusted() < 20 and value == value.quantize(_CENT):
            return format(value.quantize(_CENT), "f")
        return int(value) if value.adjusted() < 20 and value == int(value) else write_number(value)
    return value.isoformat() if isinstance(value, date) else value
