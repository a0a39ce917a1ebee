"""How the columns and the hit policy of two bodies of a table differ. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rulebook.readers import SIDES

Column = Mapping[str, Any]
Was = Mapping[tuple[str, str], str]
PARTS = ("type", "unit", "values", "label", "labels", "optional")


@dataclass(frozen=True, slots=True)
class ShapeChange:
    """One thing that differs.

    kind: `added`, `removed`, `renamed` or `moved` of a column, one of `PARTS` of it, or `hit_policy` or `default` of
    the table. column: as it is now, as it was where it is gone, nothing for the table. before, after: what the part
    says.
    """

    kind: str
    side: str = ""
    column: Column | None = None
    before: Any = None
    after: Any = None


def shape_changes(old: Mapping[str, Any], new: Mapping[str, Any], was: Was | None = None) -> list[ShapeChange]:
    """What differs, in the order of the new columns.

    was: (side, name) → what the column was called before; without it columns are the same by their names.
    """
    found = list(_of_table(old, new))
    for side in SIDES:
        found += _of_side(side, old.get(side) or (), new.get(side) or (), was)
    return found


def _of_table(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ShapeChange]:
    if old.get("hit_policy") != new.get("hit_policy"):
        yield ShapeChange("hit_policy", before=old.get("hit_policy"), after=new.get("hit_policy"))
    had, has = old.get("default") is not None, new.get("default") is not None
    if had != has:
        yield ShapeChange("default", before=had, after=has)


def _of_side(side: str, old: Any, new: Any, was: Was | None) -> Iterator[ShapeChange]:
    before = {column["name"]: column for column in old}
    pairs = [(column, before.get(was.get((side, column["name"]), "") if was is not None else column["name"]))
             for column in new]  # fmt: skip
    for column, origin in pairs:
        if origin is None:
            yield ShapeChange("added", side, column)
        else:
            yield from _of_column(side, origin, column)
    kept = [origin["name"] for _column, origin in pairs if origin is not None]
    for name, column in before.items():
        if name not in kept:
            yield ShapeChange("removed", side, column)
    if kept != [name for name in before if name in kept]:
        yield ShapeChange("moved", side, before=[*before], after=[column["name"] for column in new])


def _of_column(side: str, old: Column, new: Column) -> Iterator[ShapeChange]:
    if old["name"] != new["name"]:
        yield ShapeChange("renamed", side, new, old["name"], new["name"])
    for part in PARTS:
        before, after = old.get(part) or None, new.get(part) or None
        if before != after:
            yield ShapeChange(part, side, new, before, after)
