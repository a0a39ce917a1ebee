"""A column's values cut into atoms: pieces on which no cell of the column changes its answer.

Numbers and dates fall into the constants of the cells and the stretches between them, texts into those named and
"any other". One sample stands for a whole atom, so a table is checked by trying the samples: that is interval
arithmetic with the cells themselves as judges.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rulebook.feel.limits import DECIMAL128
from rulebook.feel.literals import write_value
from rulebook.table_parts import Column

OTHER_TEXT = "any other"
_DAY = timedelta(days=1)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Atom:
    """sample: a value in it; low, high: its ends where it is a stretch (None: without end); exact: it is one value."""

    sample: Any
    exact: bool
    low: Any = None
    high: Any = None


def atoms_of(column: Column, constants: set[Any]) -> tuple[Atom, ...]:
    """The atoms of a column for the constants that stand in its cells; null is one only where a cell speaks of it."""
    named = constants - {None}
    makers = {"number": _numbers, "date": _dates, "text": _texts, "boolean": _booleans, "list": _lists}
    atoms = makers[column.type](column, named)
    return (*atoms, Atom(None, True)) if None in constants else tuple(atoms)


def _numbers(column: Column, constants: set[Any]) -> list[Atom]:
    if column.values:
        return [Atom(value, True) for value in column.values]
    points = sorted(constants)
    step = _CENT if is_money(column) else Decimal(1)
    if not points:
        return [Atom(step, False)]
    atoms = [Atom(_below(points[0], step), False, None, points[0])]
    for point, following in zip(points, [*points[1:], None]):
        atoms.append(Atom(point, True, point, point))
        sample = _above(point, following, step)
        if following is None or point < sample < following:
            atoms.append(Atom(sample, False, point, following))
    return atoms


def _below(point: Decimal, step: Decimal) -> Decimal:
    return min(DECIMAL128.subtract(point, step), DECIMAL128.next_minus(point))


def _above(point: Decimal, following: Decimal | None, step: Decimal) -> Decimal:
    near = max(DECIMAL128.add(point, step), DECIMAL128.next_plus(point))
    if following is None or near < following:
        return near
    return DECIMAL128.divide(DECIMAL128.add(point, following), Decimal(2))


def is_money(column: Column) -> bool:
    """Whether the column's unit is a currency: three capitals, as ISO 4217 writes them."""
    return bool(column.unit) and len(column.unit or "") == 3 and str(column.unit).isupper()


def _dates(column: Column, constants: set[Any]) -> list[Atom]:
    if column.values:
        return [Atom(value, True) for value in column.values]
    points = sorted(constants)
    if not points:
        return [Atom(date(2000, 1, 1), False)]
    atoms = [Atom(points[0] - _DAY, False, None, points[0])] if points[0] > date.min else []
    for point, following in zip(points, [*points[1:], None]):
        atoms.append(Atom(point, True, point, point))
        if point < date.max and (following is None or following - point > _DAY):
            atoms.append(Atom(point + _DAY, False, point, following))
    return atoms


def _texts(column: Column, constants: set[Any]) -> list[Atom]:
    if column.values:
        return [Atom(value, True) for value in column.values]
    other = OTHER_TEXT
    while other in constants:
        other += " "
    return [*(Atom(value, True) for value in sorted(constants)), Atom(other, False)]


def _booleans(column: Column, constants: set[Any]) -> list[Atom]:
    return [Atom(True, True), Atom(False, True)]


def _lists(column: Column, constants: set[Any]) -> list[Atom]:
    return [Atom([], False)]


def preferred(atoms: list[Atom]) -> Atom:
    """The atom whose sample tells most: an exact value, of those the last (the edge that people look at)."""
    exact = [atom for atom in atoms if atom.exact and atom.sample is not None]
    return exact[-1] if exact else atoms[0]


def described(column: Column, atoms: list[Atom], chosen: list[int]) -> str:
    """The chosen atoms as a cell would say them; `-` for all."""
    if len(chosen) == len(atoms):
        return "-"
    if column.type not in ("number", "date") or column.values:
        return ",".join(_quoted(atoms[place]) for place in chosen)
    return ",".join(_stretch([atoms[place] for place in run]) for run in _runs(chosen, atoms))


def _runs(chosen: list[int], atoms: list[Atom]) -> list[list[int]]:
    """Neighbouring atoms together; null stands alone."""
    runs: list[list[int]] = []
    for place in chosen:
        joins = runs and runs[-1][-1] == place - 1 and atoms[place].sample is not None
        if joins:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _quoted(atom: Atom) -> str:
    if isinstance(atom.sample, str) and atom.exact:
        return f'"{atom.sample}"'
    return write_value(atom.sample)


def _stretch(run: list[Atom]) -> str:
    first, last = run[0], run[-1]
    if first.sample is None or (first is last and first.exact):
        return _end(first.sample)
    if first.low is None:
        return f"{'<=' if last.exact else '<'} {_end(last.high)}"
    if last.high is None:
        return f"{'>=' if first.exact else '>'} {_end(first.low)}"
    return f"{'[' if first.exact else '('}{_end(first.low)}..{_end(last.high)}{']' if last.exact else ')'}"


def _end(value: Any) -> str:
    return f'date("{value}")' if isinstance(value, date) else write_value(value)
