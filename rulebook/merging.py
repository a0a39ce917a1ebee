"""Two people changed one draft: what each changed in cells of its own stands together, and where both did is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]
Rows = dict[str, dict[tuple[str, str], Any]]  # rule → (part, column) → what stands there
PARTS = ("when", "then", "note")
DEFAULT = "default"


@dataclass(frozen=True)
class Clash:
    """A cell that both changed, each in their own way; the text is "-" where it is empty or gone."""

    rule: str
    column: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Merged:
    """body: mine with what only the others changed; clashes: where mine stands although they changed it too."""

    body: dict[str, Any]
    clashes: tuple[Clash, ...]


def merge(base: Body, mine: Body, theirs: Body) -> Merged:
    """Bring together two bodies of a table that were both made of a third. Rules are the same by their id.

    The columns are those of `theirs`: what mine says under one that is gone, otherwise than the base, is a clash.
    """
    was, here, there = (_rows(body) for body in (base, mine, theirs))
    lost = tuple(_lost(was, here, _gone(base, theirs)))
    here = {rule: {cell: text for cell, text in row.items() if cell not in _gone(base, theirs)}
            for rule, row in here.items()}  # fmt: skip
    rows = was, here, there
    clashes = (*lost, *(each for each in _clashes(*rows) if (each.rule, each.column) not in _places(lost)))
    order = list(dict.fromkeys([*rows[1], *rows[2]]))
    found = {rule: row for rule in order if (row := _row(rule, *rows)) is not None}
    rules = [_rule(rule, row) for rule, row in found.items() if rule != DEFAULT]
    body = {**theirs, "rules": rules}
    if DEFAULT in found:
        body["default"] = {column: value for (_part, column), value in found[DEFAULT].items()}
    return Merged(body, clashes)


def _gone(base: Body, theirs: Body) -> set[tuple[str, str]]:
    """Part and name of the columns that the base has and theirs has not."""
    sides = {"when": "inputs", "then": "outputs"}
    names = [{(part, column["name"]) for part, side in sides.items() for column in body.get(side) or ()}
             for body in (base, theirs)]  # fmt: skip
    return names[0] - names[1]


def _lost(was: Rows, here: Rows, gone: set[tuple[str, str]]) -> Iterator[Clash]:
    for rule, row in here.items():
        for cell in (cell for cell in row if cell in gone):
            if row[cell] != was.get(rule, {}).get(cell):
                yield Clash(rule, cell[1], str(row[cell]), "-")


def _places(clashes: Iterable[Clash]) -> set[tuple[str, str]]:
    return {(each.rule, each.column) for each in clashes}


def _rows(body: Body) -> Rows:
    rows: Rows = {}
    for rule in body.get("rules", []):
        rows[rule["id"]] = _cells(rule)
    if body.get("default") is not None:
        rows[DEFAULT] = _cells({"then": body["default"]})
    return rows


def _cells(rule: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """The cells that say something: an empty one is the same as none."""
    cells = {(part, name): text for part in PARTS for name, text in (rule.get(part) or {}).items()}
    return {cell: text for cell, text in cells.items() if text.strip() not in ("", "-")}


def _row(rule: str, base: Rows, mine: Rows, theirs: Rows) -> dict[tuple[str, str], Any] | None:
    """The rule's cells together; None where one took it away and the other left it as it was."""
    was, here, there = base.get(rule), mine.get(rule), theirs.get(rule)
    if here is None or there is None:
        left = here if there is None else there
        return None if was is not None and left == was else left
    cells = {}
    for cell in dict.fromkeys([*here, *there]):
        before, own, other = (row.get(cell) for row in (was or {}, here, there))
        kept = other if own == before else own
        if kept is not None:
            cells[cell] = kept
    return cells


def _clashes(base: Rows, mine: Rows, theirs: Rows) -> Iterator[Clash]:
    for rule in mine:
        was, there = base.get(rule, {}), theirs.get(rule)
        if there is None:
            continue
        for cell in dict.fromkeys([*mine[rule], *there]):
            before, own, other = was.get(cell), mine[rule].get(cell), there.get(cell)
            if before not in (own, other) and own != other:
                yield Clash(rule, cell[1], str(own or "-"), str(other or "-"))


def _rule(rule: str, cells: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {part: {} for part in PARTS}
    for (part, column), value in cells.items():
        parts[part][column] = value
    return {"id": rule, **{part: held for part, held in parts.items() if held or part != "note"}}
