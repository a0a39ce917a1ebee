"""The line chart's geometry: values over time, with gaps, a goal and an axis that says when it is cut. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import TypeGuard

from ui.charts import SIZES, Size, Table, number, round1

BIGGEST, SMALLEST_SPAN = 1e15, 1e-6


@dataclass(frozen=True)
class Point:
    """A point of a line: `text` is its value in words, `shown` whether its label stands under the axis."""

    x: float
    y: float
    label: str
    text: str
    shown: bool


@dataclass(frozen=True)
class GridLine:
    y: float
    text: str


@dataclass(frozen=True)
class TrendDrawing:
    """A line chart at one size; the line is broken where a value is missing."""

    size: str
    width: int
    height: int
    left: int
    right: int
    bottom: int
    grid: tuple[GridLine, ...]
    paths: tuple[str, ...]
    points: tuple[Point, ...]
    goal_y: float | None
    last: Point | None

    @property
    def goal_label_y(self) -> float:
        """Where the goal's words stand: beside its line, out of the way of the last value's number."""
        goal_y = self.goal_y or 0.0
        if self.last is None or abs(self.last.y - goal_y) >= 15:
            return goal_y + 4
        return goal_y + (19 if self.last.y < goal_y else -11)


@dataclass(frozen=True)
class TrendChart:
    """A line over time. `starts_at` is the lowest number of a cut axis in words, "" when it starts at 0."""

    id: str
    finding: str
    drawings: tuple[TrendDrawing, ...]
    table: Table
    goal: str
    starts_at: str

    @property
    def is_empty(self) -> bool:
        return not any(drawing.points for drawing in self.drawings)


def trend_chart(
    id: str,
    values: Sequence[tuple[str, float | None]],
    *,
    finding: str,
    columns: tuple[str, str],
    unit: str = "",
    goal: float | None = None,
) -> TrendChart:
    """A line chart of (label, value) in time order; values that are missing or not finite leave a gap."""
    known = [value for _, value in values if value is not None and _drawable(value)]
    goal = goal if _drawable(goal) else None
    ticks = axis_ticks([*known, *([goal] if goal is not None else [])])
    drawings = tuple(_trend_drawing(size, values, ticks, unit, goal) for size in SIZES)
    body = tuple((label, number(value) + (unit if _drawable(value) else "")) for label, value in values)
    starts_at = number(ticks[0]) + unit if known and ticks[0] > 0 else ""
    return TrendChart(id, finding, drawings, Table(columns, body), number(goal) + unit if goal else "", starts_at)


def axis_ticks(values: Sequence[float]) -> tuple[float, ...]:
    """Three to six round numbers that enclose the values; from 0 unless all values lie in the upper half."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if 0 <= low < high / 2 or low == high:
        low = min(0.0, low)
    span = high - low if high - low >= SMALLEST_SPAN else max(abs(high), 1.0)
    power = 10.0 ** floor(log10(span / 4))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if span / (power * factor) <= 4.001)
    first, last = floor(low / step), ceil(high / step)
    return tuple(round(step * place, 10) for place in range(first, max(last, first + 1) + 1))


def _drawable(value: float | None) -> TypeGuard[float]:
    """Whether a value can stand on an axis: known, finite, and not so big that a step of one is lost."""
    return value is not None and isfinite(value) and abs(value) <= BIGGEST


def _trend_drawing(
    size: Size, values: Sequence[tuple[str, float | None]], ticks: tuple[float, ...], unit: str, goal: float | None
) -> TrendDrawing:
    left = 14 + 8 * max(len(number(tick) + unit) for tick in ticks)
    right, bottom = size.width - 74, 164
    low, high = ticks[0], ticks[-1]

    def at(value: float) -> float:
        return round1(bottom - (value - low) / (high - low) * (bottom - 14))

    points = _points(size, values, left, right, unit, at)
    return TrendDrawing(
        size.name, size.width, 192, left, right, bottom,
        tuple(GridLine(at(tick), number(tick) + unit) for tick in ticks),
        tuple(_paths(points)),
        tuple(point for point in points if point),
        at(goal) if goal is not None else None,
        next((point for point in reversed(points) if point), None),
    )  # fmt: skip


def _points(
    size: Size,
    values: Sequence[tuple[str, float | None]],
    left: int,
    right: int,
    unit: str,
    at: Callable[[float], float],
) -> list[Point | None]:
    step = (right - left) / (len(values) - 1) if len(values) > 1 else 0
    every = max(1, ceil(len(values) / (6 if size.label else 4)))
    last = len(values) - 1
    return [
        Point(round1(left + step * place), at(value), label, number(value) + unit, (last - place) % every == 0)
        if _drawable(value)
        else None
        for place, (label, value) in enumerate(values)
    ]


def _paths(points: Sequence[Point | None]) -> Iterable[str]:
    run: list[str] = []
    for point in [*points, None]:
        if point:
            run.append(f"{point.x} {point.y}")
            continue
        if len(run) > 1:
            yield "M" + " L".join(run)
        run = []
