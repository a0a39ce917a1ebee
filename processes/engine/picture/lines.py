"""How lines look: sequence flows, message flows, associations."""

from __future__ import annotations

import math
from collections.abc import Sequence

from processes.engine.document import ACTIVITIES, Bounds, Element, Flow, Point
from processes.engine.picture import marks
from processes.engine.picture.scenery import Link

Points = tuple[Point, ...]
DEEP = 5.0
DASHES = {"messageFlow": "10 5", "conversationLink": ""}


def draw_flow(flow: Flow, points: Points, source: Element, css: str, shared: int = 0) -> str:
    """A sequence flow; a slash marks the default, a diamond a condition on the way out of an activity.

    shared: how many of its first stretches lie on those of other flows.
    """
    start = ""
    if source.default == flow.id:
        start = marks.path(_slash(points[min(shared, len(points) - 2) :]), f"edge{css}")
    elif flow.condition and source.tag in ACTIVITIES:
        start = marks.path(_diamond(points), f"edge hollow{css}")
    line = marks.path(marks.lines_to(points), f"edge{css}")
    return marks.tag("g", line + marks.path(_head(points), f"arrow{css}") + start, data_flow=flow.id)


def shared_stretches(points: Points, others: Sequence[Points]) -> int:
    """How many stretches at the beginning of a line others run along as well."""
    along = [other for other in others if other[0] == points[0] and _heading(other, 0) == _heading(points, 0)]
    count = 0
    while along and count < len(points) - 2:
        count += 1
        along = [
            other
            for other in along
            if len(other) > count + 1
            and other[count] == points[count]
            and _heading(other, count) == _heading(points, count)
        ]
    return count


def _heading(points: Points, number: int) -> tuple[bool, bool, bool, bool]:
    (x0, y0), (x1, y1) = points[number], points[number + 1]
    return x1 > x0, x1 < x0, y1 > y0, y1 < y0


def draw_link(link: Link, points: Points, flags: frozenset[str], css: str) -> str:
    """A message flow, an association or a conversation's line."""
    dashes: dict[str, str | float] = {}
    if pattern := DASHES.get(link.tag, "1 4"):
        dashes = {"stroke_dasharray": pattern, "stroke_linecap": "butt" if link.tag == "messageFlow" else "round"}
    parts = [marks.path(marks.lines_to(points), f"edge{css}", **dashes)]
    if link.tag == "messageFlow":
        parts += [marks.circle(points[0], 4, f"edge hollow{css}"), marks.path(_head(points), f"edge hollow{css}")]
    elif link.tag != "conversationLink" and link.direction != "None":
        parts.append(marks.path(_open_head(points), f"edge{css}"))
        if link.direction == "Both":
            parts.append(marks.path(_open_head(points[::-1]), f"edge{css}"))
    return marks.tag("g", "".join(parts) + _envelope(points, flags), data_link=link.id)


def between(source: Bounds, target: Bounds) -> Points:
    """A straight line from border to border, for what the tool drew without way points."""
    start, end = source.centre, target.centre
    return _cut(source, start, end), _cut(target, end, start)


def outside(points: Points, source: Bounds, target: Bounds) -> Points:
    """A line cut off at the borders of its ends: some tools let it run from middle to middle."""
    kept = list(points)
    while len(kept) > 2 and _within(kept[1], source):
        kept.pop(0)
    while len(kept) > 2 and _within(kept[-2], target):
        kept.pop()
    if _within(kept[0], source) and not _within(kept[1], source):
        kept[0] = _leaves(source, kept[0], kept[1])
    if _within(kept[-1], target) and not _within(kept[-2], target):
        kept[-1] = _leaves(target, kept[-1], kept[-2])
    return tuple(kept)


def middle(points: Points) -> Point:
    """The place half-way along a line."""
    lengths = [math.dist(a, b) for a, b in zip(points, points[1:])]
    rest = sum(lengths) / 2
    for (a, b), length in zip(zip(points, points[1:]), lengths):
        if rest <= length and length:
            share = rest / length
            return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
        rest -= length
    return points[0]


def _envelope(points: Points, flags: frozenset[str]) -> str:
    if not flags & {"message_sent", "message_answered"}:
        return ""
    (x, y), full = middle(points), "message_answered" in flags
    box = marks.rect(Bounds(x - 14, y - 10, 28, 20), "edge shade" if full else "edge hollow")
    return box + marks.path(marks.lines_to([(x - 14, y - 10), (x, y + 1), (x + 14, y - 10)]), "edge")


def _within(point: Point, box: Bounds) -> bool:
    """Deep inside, not on the border: drawings are not exact to a pixel."""
    deep_x = box.x + DEEP < point[0] < box.x + box.width - DEEP
    return deep_x and box.y + DEEP < point[1] < box.y + box.height - DEEP


def _leaves(box: Bounds, inside: Point, beyond: Point) -> Point:
    """Where a line from a place in a box to a place beyond leaves it."""
    dx, dy = beyond[0] - inside[0], beyond[1] - inside[1]
    ways = [
        (box.x + (box.width if dx > 0 else 0) - inside[0], dx),
        (box.y + (box.height if dy > 0 else 0) - inside[1], dy),
    ]
    share = min([way / step for way, step in ways if step] or [0.0])
    return inside[0] + dx * share, inside[1] + dy * share


def _cut(box: Bounds, inside: Point, outside: Point) -> Point:
    """Where the line from a box's middle to a place outside leaves the box."""
    dx, dy = outside[0] - inside[0], outside[1] - inside[1]
    shares = [size / 2 / abs(way) for size, way in ((box.width, dx), (box.height, dy)) if way]
    share = min([*shares, 1.0])
    return inside[0] + dx * share, inside[1] + dy * share


def _direction(points: Points) -> tuple[Point, float, float]:
    """The last place and the direction in which the line comes to it."""
    x, y = points[-1]
    x0, y0 = next((point for point in points[-2::-1] if point != (x, y)), (x - 1, y))
    length = math.dist((x0, y0), (x, y))
    return (x, y), (x - x0) / length, (y - y0) / length


def _wings(points: Points, length: float, half: float) -> tuple[Point, Point, Point]:
    (x, y), ux, uy = _direction(points)
    back = (x - length * ux, y - length * uy)
    return (back[0] - half * uy, back[1] + half * ux), (x, y), (back[0] + half * uy, back[1] - half * ux)


def _head(points: Points) -> str:
    return marks.lines_to(_wings(points, 9, 4)) + "Z"


def _open_head(points: Points) -> str:
    return marks.lines_to(_wings(points, 8, 4.5))


def _slash(points: Points) -> str:
    """The stroke across the beginning of a default flow."""
    (x, y), ux, uy = _direction(points[1::-1])
    x, y = x - ux * 10, y - uy * 10
    return marks.lines_to([(x - 3 * ux - 5 * uy, y - 3 * uy + 5 * ux), (x + 3 * ux + 5 * uy, y + 3 * uy - 5 * ux)])


def _diamond(points: Points) -> str:
    """The sign of a condition at the beginning of a flow out of an activity."""
    (x, y), ux, uy = _direction(points[1::-1])
    tip = (x - 14 * ux, y - 14 * uy)
    side = (x - 7 * ux, y - 7 * uy)
    return (
        marks.lines_to([(x, y), (side[0] - 4 * uy, side[1] + 4 * ux), tip, (side[0] + 4 * uy, side[1] - 4 * ux)]) + "Z"
    )
