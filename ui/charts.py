"""Chart geometry: plain values in, frozen drawings out, templates draw them. No Django, no colours.

Every chart is laid out three times (wide, middle, narrow) so that its text is at least 11 px at any width.
Numbers that are missing, negative where they can't be, or not finite never reach a coordinate.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

BAND_ORDER = ("green", "yellow", "red", "breached", "paused")


@dataclass(frozen=True)
class Size:
    """One of the three widths; `label` is the width of the label column, 0 = the label stands above its bar.

    character: the width of a character of the chart's text, in the same units.
    """

    name: str
    width: int
    label: int
    character: float

    @property
    def row(self) -> int:
        return 34 if self.label else 46

    @property
    def bar_top(self) -> int:
        return 6 if self.label else 20


SIZES = (Size("wide", 540, 172, 6.8), Size("middle", 400, 0, 6.8), Size("narrow", 290, 0, 7.4))


@dataclass(frozen=True)
class Table:
    """The chart's data as rows: the first cell of each row is its heading."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Segment:
    """One rectangle: band or series key, place, the sentence in its tooltip, the number drawn in it (or "")."""

    key: str
    x: float
    y: float
    width: float
    height: float
    title: str
    text: str = ""


@dataclass(frozen=True)
class BarLine:
    """One row of a bar chart: its label in lines with their heights, its segments, the number after them, a remark."""

    labels: tuple[tuple[str, float], ...]
    segments: tuple[Segment, ...]
    value: str
    value_x: float
    value_y: float
    note: str = ""


@dataclass(frozen=True)
class BarDrawing:
    """A bar chart at one size."""

    size: str
    width: int
    height: int
    lines: tuple[BarLine, ...]


@dataclass(frozen=True)
class BarChart:
    """A chart of horizontal bars; `finding` is the sentence that says what it shows; totals are by key."""

    id: str
    finding: str
    drawings: tuple[BarDrawing, ...]
    table: Table
    totals: tuple[tuple[str, int], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.table.rows


@dataclass(frozen=True)
class BandRow:
    """A kind of work and how many open items it has in each band."""

    label: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class BarRow:
    """A label, its number and an optional remark; `emphasis` draws it in the first series' colour."""

    label: str
    value: float | None
    note: str = ""
    emphasis: bool = True


def bands_chart(
    id: str, rows: Sequence[BandRow], *, words: Mapping[str, str], finding: str, heading: str, total: str
) -> BarChart:
    """Stacked bars: open items by kind (rows) and SLA band.

    words: the bands' names by key; heading, total: the table's first and last column titles.
    """
    used = [key for key in BAND_ORDER if key != "paused" or any(row.counts.get(key) for row in rows)]
    most = max((_total(row.counts, used) for row in rows), default=0)
    drawings = tuple(_bands_drawing(size, rows, used, words, most) for size in SIZES)
    table = Table(
        (heading, *(words[key] for key in used), total),
        tuple(
            (row.label, *(number(_count(row.counts, key)) for key in used), number(_total(row.counts, used)))
            for row in rows
        ),
    )
    totals = tuple((key, sum(_count(row.counts, key) for row in rows)) for key in used)
    return BarChart(id, finding, drawings, table, totals)


def bars_chart(id: str, rows: Sequence[BarRow], *, finding: str, columns: tuple[str, str], unit: str = "") -> BarChart:
    """Plain horizontal bars from 0. columns: the table's titles; unit stands after each number ("" or " h" or "%")."""
    most = max((finite(row.value) for row in rows), default=0)
    drawings = tuple(_bars_drawing(size, rows, most, unit) for size in SIZES)
    body = tuple((row.label, "" if row.value is None else number(row.value) + unit) for row in rows)
    return BarChart(id, finding, drawings, Table(columns, body))


def finite(value: float | None) -> float:
    """A number that can be drawn: missing, negative and non-finite ones become 0."""
    return float(value) if value is not None and isfinite(value) and value > 0 else 0.0


def number(value: float | None) -> str:
    """A number in a table or beside a bar: thousands separated, one decimal when it has any, a dash when missing."""
    if value is None or not isfinite(value):
        return "\N{EN DASH}"
    rounded = round(value, 1)
    text = f"{abs(rounded):,.0f}" if rounded == int(rounded) else f"{abs(rounded):,.1f}"
    return f"\N{MINUS SIGN}{text}" if rounded < 0 else text


def _count(counts: Mapping[str, int], key: str) -> int:
    return int(finite(counts.get(key, 0)))


def _total(counts: Mapping[str, int], keys: Iterable[str]) -> int:
    return sum(_count(counts, key) for key in keys)


def _scale(size: Size, most: float, longest: str) -> float:
    room = size.width - size.label - 26 - size.character * len(longest)
    return max(room, 40) / most if most else 0.0


def _bands_drawing(
    size: Size, rows: Sequence[BandRow], keys: Sequence[str], words: Mapping[str, str], most: int
) -> BarDrawing:
    scale = _scale(size, most, number(most))
    lines = tuple(_band_line(size, index, row, keys, words, scale) for index, row in enumerate(rows))
    return BarDrawing(size.name, size.width, size.row * len(rows), lines)


def _band_line(
    size: Size, index: int, row: BandRow, keys: Sequence[str], words: Mapping[str, str], scale: float
) -> BarLine:
    x, y, segments = float(size.label), size.row * index + size.bar_top, []
    for key in keys:
        count = _count(row.counts, key)
        if not count:
            continue
        width, text = count * scale, number(count)
        fits = key == "green" and width > 12 + 8 * len(text)
        title = f"{row.label}, {words[key]}: {text}"
        segments.append(Segment(key, round1(x), y, round1(max(width, 2)), 22, title, text if fits else ""))
        x += width
    return _line(size, index, row.label, tuple(segments), number(_total(row.counts, keys)), x)


def _bars_drawing(size: Size, rows: Sequence[BarRow], most: float, unit: str) -> BarDrawing:
    scale = _scale(size, most, number(most) + unit + max((row.note for row in rows), key=len, default=""))
    lines = []
    for index, row in enumerate(rows):
        width = finite(row.value) * scale
        shown = number(row.value) + (unit if row.value is not None else "")
        key = "first" if row.emphasis else "second"
        bar = Segment(key, size.label, size.row * index + size.bar_top, round1(width), 20, f"{row.label}: {shown}")
        lines.append(_line(size, index, row.label, (bar,) if width else (), shown, size.label + width, row.note))
    return BarDrawing(size.name, size.width, size.row * len(rows), tuple(lines))


def _line(
    size: Size, index: int, label: str, segments: tuple[Segment, ...], value: str, end: float, note: str = ""
) -> BarLine:
    top = size.row * index + size.bar_top
    return BarLine(_labels(size, label, top), segments, value, round1(end + 8), top + 15, note)


def _labels(size: Size, label: str, top: float) -> tuple[tuple[str, float], ...]:
    """In the label column on two lines where one is too short, above its bar on one."""
    if not size.label:
        return ((shorten(label, size.width, size.character), top - 5),)
    room = size.label - 12
    first = shorten(label, room, size.character)
    if first == label:
        return ((label, top + 15),)
    head = first[:-1].rpartition(" ")[0] or first[:-1]
    rest = label[len(head) :].lstrip()
    return ((head, top + 8), (shorten(rest, room, size.character), top + 22))


def shorten(label: str, room: float, character_width: float = 6.8) -> str:
    """A label that fits into `room` units of width; wide (Chinese) characters count twice."""
    used = 0.0
    for place, character in enumerate(label):
        used += character_width * (1.85 if ord(character) > 0x2E7F else 1)
        if used > room:
            return label[: max(place - 1, 1)].rstrip() + "…"
    return label


def round1(value: float) -> float:
    """A coordinate, to a tenth of a unit."""
    return round(value, 1)
