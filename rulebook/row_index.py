"""The rows of a table that may match, found at once: a column knows for each value the rows that it passes, as bits.

A decision is then the AND of one whole number per column. Only cells that compare with constants are indexed: they
raise nothing and use no steps, so nobody can tell when they were asked. From its first other cell on a row is tried
cell by cell, as without an index.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import Any

from rulebook.feel import UnaryTests
from rulebook.feel.analysis import constants_of
from rulebook.feel.limits import DECIMAL128, Steps
from rulebook.feel.nodes import Node
from rulebook.feel.scope import STEPS, Scope, Test

Rows = int  # one bit a row, the first row's the lowest
Find = Callable[[Any], Rows]
Cells = Mapping[str, UnaryTests]
_ANY: dict[str, Any] = {"number": Decimal(0), "date": date(2000, 1, 1)}  # one of many; these types have an order
_INDEXED = (*_ANY, "text", "boolean")
_INNER = frozenset({"tests", "negated"})


@dataclass(frozen=True, slots=True)
class RowIndex:
    """rows: how many there are; columns: those that tell rows apart; others: each row's cells that are not indexed."""

    rows: int
    columns: tuple[tuple[str, Find], ...]
    others: tuple[tuple[tuple[str, Test], ...], ...]

    def matching(self, scope: Scope) -> Iterator[int]:
        """The places of the rows whose cells all pass, in the table's order."""
        left: Rows = (1 << self.rows) - 1
        for name, find in self.columns:
            left &= find(scope[name])
            if not left:
                return
        while left:
            lowest = left & -left
            place = lowest.bit_length() - 1
            for name, passes in self.others[place]:
                if passes(scope.get(name), scope) is not True:
                    break
            else:
                yield place
            left ^= lowest


def index_of(kinds: Mapping[str, str], rows: Sequence[Cells]) -> RowIndex:
    """The index of a table's rows. kinds: the columns' types by name; rows: the cells of each that test anything."""
    indexed = [list(takewhile(lambda cell: _fits(kinds.get(cell[0], ""), cell[1]), row.items())) for row in rows]
    cells: dict[str, dict[int, UnaryTests]] = {}
    for place, found in enumerate(indexed):
        for name, cell in found:
            cells.setdefault(name, {})[place] = cell
    columns = tuple((name, _column(kinds[name], column, len(rows))) for name, column in cells.items())
    others = tuple(
        tuple((name, cell.run) for name, cell in list(row.items())[len(found) :]) for row, found in zip(rows, indexed)
    )
    return RowIndex(len(rows), columns, others)


def _fits(kind: str, cell: UnaryTests) -> bool:
    return kind in _INDEXED and constants_of(cell) is not None and _is_fixed(cell.tree)


def _is_fixed(node: Node) -> bool:
    """Whether a cell compares with constants as they are written, and does nothing else."""
    if node.kind == "literal":
        return True
    if node.kind in ("interval", "unary_comparison"):
        return all(part.kind == "literal" for part in node.parts)
    return node.kind in _INNER and all(map(_is_fixed, node.parts))


def _column(kind: str, cells: Mapping[int, UnaryTests], rows: int) -> Find:
    """The function that finds the rows that a value of the column passes; a row without a cell passes everything."""
    silent = sum(1 << place for place in range(rows) if place not in cells)
    return _by_order(cells, silent, _ANY[kind]) if kind in _ANY else _by_value(cells, silent)


def _by_value(cells: Mapping[int, UnaryTests], silent: Rows) -> Find:
    """For texts, yes and no: the values that cells name, and all others alike."""
    others, differing = silent, dict.fromkeys((None, True, False), 0)
    for place, cell in cells.items():
        named = {None, True, False, *(constants_of(cell) or ())}
        usual = _passes(cell, _another(named))
        others |= usual << place
        for value in named:
            differing[value] = differing.get(value, 0) | (_passes(cell, value) ^ usual) << place
    known = {value: others ^ rows for value, rows in differing.items()}
    return lambda value: known.get(value, others)


def _another(named: set[Any]) -> str:
    """A text that is not among those."""
    text = ""
    while text in named:
        text += "*"
    return text


def _by_order(cells: Mapping[int, UnaryTests], silent: Rows, some: Any) -> Find:
    """For numbers and dates: the constants and the stretches between them, found by halving. some: any value."""
    of_cells = {place: _sorted(constants_of(cell) or ()) for place, cell in cells.items()}
    points = _sorted({point for constants in of_cells.values() for point in constants})
    places = {point: 2 * number + 1 for number, point in enumerate(points)}
    turned, missing = [0] * (2 * len(points) + 1), silent
    for row, cell in cells.items():
        missing |= _passes(cell, None) << row
        samples = _samples(of_cells[row], places) if of_cells[row] else [(0, some)]
        for at in _turns(cell, samples):
            turned[at] ^= 1 << row
    stretches, passing = [], silent
    for turn in turned:
        passing ^= turn
        stretches.append(passing)

    def find(value: Any) -> Rows:
        if value is None:
            return missing
        at = bisect_left(points, value)
        return stretches[2 * at + 1 if at < len(points) and points[at] == value else 2 * at]

    return find


def _turns(cell: UnaryTests, samples: Iterable[tuple[int, Any]]) -> Iterator[int]:
    """Where a cell's answer becomes another, from "no" before everything."""
    passed = 0
    for at, sample in samples:
        now = _passes(cell, sample)
        if now != passed:
            yield at
        passed = now


def _samples(constants: Sequence[Any], places: Mapping[Any, int]) -> Iterator[tuple[int, Any]]:
    """Each of a cell's constants, and one value of each stretch around them that has any, with their places.

    An odd place is a constant of the column, an even one the stretch before the next.
    """
    below = _before(constants[0])
    if below is not None:
        yield 0, below
    for constant, following in zip(constants, [*constants[1:], None]):
        yield places[constant], constant
        above = _after(constant)
        if above is not None and (following is None or above < following):
            yield places[constant] + 1, above


def _sorted(constants: Iterable[Any]) -> list[Any]:
    return sorted(constant for constant in constants if constant is not None)


def _before(point: Any) -> Any:
    """The value next below, as exact as the type can be; None where there is none."""
    if type(point) is Decimal:
        return DECIMAL128.next_minus(point)
    return point - timedelta(days=1) if point > date.min else None


def _after(point: Any) -> Any:
    if type(point) is Decimal:
        return DECIMAL128.next_plus(point)
    return point + timedelta(days=1) if point < date.max else None


def _passes(cell: UnaryTests, value: Any) -> int:
    scope: Scope = {STEPS: Steps()}
    return int(cell.run(value, scope) is True)
