"""Other columns for a table that has rules: its cells move along, and what becomes of each is said beforehand. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from rulebook.bounds import DEFAULT
from rulebook.readers import SIDES
from rulebook.shapes import ShapeChange, Was, shape_changes
from rulebook.table_loading import TableError, load_table
from rulebook.typed_cells import read_typed

PARTS = {"inputs": "when", "outputs": "then"}
EMPTY = {"when": ("", "-"), "then": ("", "null")}  # cells that say nothing
RETYPES = ("type", "unit", "values")
SILENT = ("label", "labels", "moved", "optional")  # changes by which no cell comes to say anything else


@dataclass(frozen=True, slots=True)
class Lost:
    """A cell that goes. why: what is wrong with it under its column's new type, "" where the column goes."""

    rule: str
    column: str
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reshaped:
    """A body under its new columns. gone: cells that it does not have any more; orphans: (rule, column, fact) of cells
    that stay and read a fact which no column declares now; kept: how many cells of retyped columns stand as they were.
    """

    body: dict[str, Any]
    changes: tuple[ShapeChange, ...]
    gone: tuple[Lost, ...]
    orphans: tuple[tuple[str, str, str], ...]
    kept: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether every rule says what it said."""
        has_rules = bool(self.body["rules"]) or self.body.get("default") is not None or self.gone
        return not has_rules or all(change.kind in SILENT for change in self.changes)


def reshape(body: Mapping[str, Any], shape: Mapping[str, Any], was: Was) -> Reshaped:
    """Put the rules of a body under other columns.

    shape: `inputs`, `outputs`, `hit_policy`, `default` (None, or a mapping for a row without conditions) and whatever
    else the body is to say. was: (side, name) → what the column was called before; new ones are not in it. Cells that
    cannot be read under their column's new type become `-`, outputs become empty.
    """
    made: dict[str, Any] = {**deepcopy(dict(body)), **{name: deepcopy(value) for name, value in shape.items()}}
    made["rules"] = [_moved(rule, was) for rule in body["rules"]]
    if body.get("default") is not None and shape.get("default") is not None:
        made["default"] = _renamed(body["default"], "outputs", was)
    gone = [*_of_removed(body, was, keeps_default=made.get("default") is not None)]
    gone += _unreadable(made)
    changes = shape_changes(body, made, was)
    retyped = {change.column["name"] for change in changes if change.kind in RETYPES and change.column}
    cells = [(part, name, text) for _rule, part, its in _cells(made) for name, text in its.items()]
    stay = [name for part, name, text in cells if name in retyped and _says(part, text)]
    return Reshaped(made, tuple(changes), tuple(gone), tuple(_orphans(body, made)), len(stay))


def _moved(rule: Mapping[str, Any], was: Was) -> dict[str, Any]:
    cells = {part: _renamed(rule.get(part) or {}, side, was) for side, part in PARTS.items()}
    return {**deepcopy(dict(rule)), **cells}


def _renamed(cells: Mapping[str, str], side: str, was: Was) -> dict[str, str]:
    return {name: cells[old] for (of, name), old in was.items() if of == side and old in cells}


def _of_removed(body: Mapping[str, Any], was: Was, *, keeps_default: bool) -> Iterator[Lost]:
    kept = {side: {old for (of, _name), old in was.items() if of == side} for side in SIDES}
    for rule, part, cells in _cells(body):
        side = next(side for side, its in PARTS.items() if its == part)
        for name, text in cells.items():
            goes = name not in kept[side] or (rule == DEFAULT and not keeps_default)
            if goes and _says(part, text):
                yield Lost(rule, name, text)


def _unreadable(body: dict[str, Any]) -> Iterable[Lost]:
    """Take the cells out that cannot be read, until the rest can; each with why."""
    lost: list[Lost] = []
    while wrong := _wrong_cells(body):
        lost += wrong
    return lost


def _wrong_cells(body: dict[str, Any]) -> list[Lost]:
    try:
        read_typed(body)
    except TableError as error:
        told: dict[tuple[str, str], str] = {}
        for each in error.problems:
            told.setdefault((each.rule, each.column), each.message)
    else:
        return []
    lost = []
    for rule, _part, cells in _cells(body):
        for name in [name for name in cells if (rule, name) in told]:
            lost.append(Lost(rule, name, cells.pop(name), told[rule, name]))
    return lost


def _cells(body: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The cells of each rule, by rule and part."""
    for rule in body["rules"]:
        for part in PARTS.values():
            yield rule["id"], part, rule.get(part) or {}
    if body.get("default"):
        yield DEFAULT, "then", body["default"]


def _says(part: str, text: str) -> bool:
    return text.strip() not in EMPTY[part]


def _orphans(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Facts that cells read and no column declares, as far as it is news."""
    before = set(_unknown(old))
    return [found for found in _unknown(new) if found not in before]


def _unknown(body: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    try:
        return load_table(body).unknown_facts
    except TableError:
        return ()
