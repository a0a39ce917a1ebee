"""Where the names of flows stand in the automatic layout: over a stretch that is theirs alone, on nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from processes.engine.document import Bounds, Flow, Point
from processes.engine.picture.sizes import flow_name_size

SQUARE = 120.0
SHARES = (0.5, 0.25, 0.75, 0.1, 0.9)  # of the stretch, where a name may stand on it


@dataclass(slots=True)
class Taken:
    """Rectangles that are taken, found quickly by the squares that they touch."""

    squares: dict[tuple[int, int], list[Bounds]] = field(default_factory=dict)

    def add(self, box: Bounds) -> None:
        """Take a rectangle."""
        for square in _squares(box):
            self.squares.setdefault(square, []).append(box)

    def is_free(self, box: Bounds) -> bool:
        """Whether a rectangle touches none that is taken."""
        return not any(_touch(box, other) for square in _squares(box) for other in self.squares.get(square, ()))


def place_names(
    flows: Sequence[Flow], edges: Mapping[str, tuple[Point, ...]], boxes: Iterable[Bounds]
) -> dict[str, Bounds]:
    """Rectangles of the names by flow; a name that finds no room is left to the picture."""
    if not any(flow.name or flow.name_zh for flow in flows):
        return {}
    taken = Taken()
    for box in boxes:
        taken.add(box)
    for box in _runs(edges.values()):
        taken.add(box)
    out, into = Counter(flow.source for flow in flows), Counter(flow.target for flow in flows)
    found: dict[str, Bounds] = {}
    for flow in flows:
        width, height = flow_name_size(flow)
        if not width or flow.id not in edges:
            continue
        stretches = _stretches(edges[flow.id], first=out[flow.source] == 1, last=into[flow.target] == 1)
        rooms = (
            Bounds(start + (end - start - width) * share, level - height - 3, width, height)
            for start, end, level in stretches
            if end - start >= width
            for share in SHARES
        )
        if (room := next(filter(taken.is_free, rooms), None)) is not None:
            found[flow.id] = room
            taken.add(room)
    return found


def _runs(edges: Iterable[Sequence[Point]]) -> Iterator[Bounds]:
    """What lines cover, stretches that lie on one another taken as one."""
    level: dict[float, list[tuple[float, float]]] = {}
    upright: dict[float, list[tuple[float, float]]] = {}
    for points in edges:
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            if y0 == y1:
                level.setdefault(y0, []).append((min(x0, x1), max(x0, x1)))
            else:
                upright.setdefault(x0, []).append((min(y0, y1), max(y0, y1)))
    for y, stretches in level.items():
        yield from (Bounds(start, y, end - start, 0.0) for start, end in _merged(stretches))
    for x, stretches in upright.items():
        yield from (Bounds(x, start, 0.0, end - start) for start, end in _merged(stretches))


def _merged(stretches: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    start, end = min(stretches)
    for low, high in sorted(stretches):
        if low > end:
            yield start, end
            start, end = low, high
        end = max(end, high)
    yield start, end


def _stretches(points: Sequence[Point], *, first: bool, last: bool) -> Iterator[tuple[float, float, float]]:
    """Level stretches (left, right, level); the first and the last may be shared with other flows."""
    pairs = list(zip(points, points[1:]))
    for number, ((x0, y0), (x1, y1)) in enumerate(pairs):
        shared = (number == 0 and not first and len(pairs) > 1) or (number == len(pairs) - 1 > 0 and not last)
        if y0 == y1 and not shared:
            yield min(x0, x1), max(x0, x1), y0


def _squares(box: Bounds) -> Iterator[tuple[int, int]]:
    for column in range(int(box.x // SQUARE), int((box.x + box.width) // SQUARE) + 1):
        for row in range(int(box.y // SQUARE), int((box.y + box.height) // SQUARE) + 1):
            yield column, row


def _touch(one: Bounds, other: Bounds) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )
