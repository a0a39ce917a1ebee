"""How data, notes, groups and conversations look, and the frames of pools and lanes."""

from __future__ import annotations

from processes.engine.document import Bounds, Frame, Point
from processes.engine.picture import icons, marks
from processes.engine.picture.labels import text_width, wrap
from processes.engine.picture.scenery import CONVERSATIONS, Scenery, Thing

EAR = 10.0
HEADER = 30.0
NAME_WIDTH = 110.0


def draw_thing(thing: Thing, box: Bounds, place: Bounds | None, language: str, flags: frozenset[str], css: str) -> str:
    """One thing with its name."""
    name = thing.label(language)
    if thing.tag == "textAnnotation":
        inner = _note(name, box, css)
    elif thing.tag == "group":
        inner = marks.rect(box, f"edge{css}", rx=10.0, stroke_dasharray="8 4 1 4")
        inner += marks.words(wrap(name, max(box.width - 12, 30), 1), box.centre[0], box.y - 16)
    else:
        inner = _shape(thing, box, flags, css) + marks.words(*_name_below(name, box, place))
    return marks.tag("g", inner, data_thing=thing.id)


def name_box(thing: Thing, box: Bounds, place: Bounds | None, language: str) -> Bounds:
    """The rectangle that the name takes outside the shape."""
    if thing.tag in ("textAnnotation", "group"):
        return box
    lines, x, top = _name_below(thing.label(language), box, place)
    width = max(map(text_width, lines), default=0.0)
    return Bounds(x - width / 2, top, width, len(lines) * marks.LINE)


def _name_below(name: str, box: Bounds, place: Bounds | None) -> tuple[list[str], float, float]:
    lines = wrap(name, max(place.width if place else NAME_WIDTH, 60), 3)
    return (lines, place.centre[0], place.y) if place else (lines, box.centre[0], box.y + box.height + 3)


def _shape(thing: Thing, box: Bounds, flags: frozenset[str], css: str) -> str:
    if thing.tag == "dataStoreReference":
        return _cylinder(box, css)
    if thing.tag in CONVERSATIONS:
        return _hexagon(thing, box, css)
    return _page(thing, box, flags, css)


def _note(text: str, box: Bounds, css: str) -> str:
    bracket = [(box.x + 14, box.y), (box.x, box.y), (box.x, box.y + box.height), (box.x + 14, box.y + box.height)]
    lines = wrap(text, max(box.width - 10, 40), max(int((box.height - 4) // marks.LINE), 1))
    told = marks.title(text) if lines and lines[-1].endswith("…") else ""
    return told + marks.path(marks.lines_to(bracket), f"edge{css}") + marks.words(lines, box.x + 6, box.y + 3, "start")


def _page(thing: Thing, box: Bounds, flags: frozenset[str], css: str) -> str:
    right, bottom, ear = box.x + box.width, box.y + box.height, min(EAR, box.width / 2, box.height / 2)
    outline: list[Point] = [
        (box.x, box.y),
        (right - ear, box.y),
        (right, box.y + ear),
        (right, bottom),
        (box.x, bottom),
    ]
    fold = [(right - ear, box.y), (right - ear, box.y + ear), (right, box.y + ear)]
    parts = marks.path(marks.lines_to(outline) + "Z", f"node{css}") + marks.path(marks.lines_to(fold), "edge")
    if thing.tag in ("dataInput", "dataOutput"):
        sign = icons.CATCHING if thing.tag == "dataInput" else icons.THROWING
        parts += icons.draw(sign["link"], box.x + 9, box.y + 9, 6)
    if "collection" in flags:
        parts += icons.draw(icons.MARKERS["parallel"], box.centre[0], bottom - 8, 5)
    return parts


def _cylinder(box: Bounds, css: str) -> str:
    lid = min(box.height / 6, 8.0)
    x, right, top, bottom = (
        marks.number(value) for value in (box.x, box.x + box.width, box.y + lid, box.y + box.height - lid)
    )
    rx, ry = marks.number(box.width / 2), marks.number(lid)
    body = f"M{x} {top}A{rx} {ry} 0 0 1 {right} {top}L{right} {bottom}A{rx} {ry} 0 0 1 {x} {bottom}Z"
    rims = "".join(_rim(box, lid, step) for step in (0, 1, 2))
    return marks.path(body, f"node{css}") + rims


def _rim(box: Bounds, lid: float, step: int) -> str:
    level = marks.number(box.y + lid + step * lid * 0.6)
    rx, ry = marks.number(box.width / 2), marks.number(lid)
    ends = f"{marks.number(box.x)} {level}A{rx} {ry} 0 0 0 {marks.number(box.x + box.width)} {level}"
    return marks.path(f"M{ends}", "edge")


def _hexagon(thing: Thing, box: Bounds, css: str) -> str:
    quarter, (x, y) = box.width / 4, box.centre
    right, bottom = box.x + box.width, box.y + box.height
    corners = [(box.x, y), (box.x + quarter, box.y), (right - quarter, box.y), (right, y), (right - quarter, bottom)]
    outline = marks.lines_to([*corners, (box.x + quarter, bottom)]) + "Z"
    thick = " thick" if thing.tag == "callConversation" else ""
    sign = icons.draw(icons.MARKERS["collapsed"], x, bottom - 8, 5) if thing.tag == "subConversation" else ""
    return marks.path(outline, f"node{thick}{css}") + sign


def draw_frame(frame: Frame, box: Bounds, scenery: Scenery, language: str, css: str, badge: str) -> str:
    """A pool or lane: its name turned at the left edge, or along the top where it is drawn upright."""
    name = frame.label(language)
    parts = [marks.rect(box, f"grid{css}", fill="none")]
    if frame.tag == "participant" and not scenery.pools.get(frame.id, frame.id):
        parts.append(marks.words(wrap(name, max(box.width - 20, 40), 2), box.centre[0], box.centre[1] - 8))
    else:
        parts += _header(frame, name, box, upright=scenery.has(frame.id, "vertical"))
    if scenery.has(frame.id, "multiple"):
        parts.append(icons.draw(icons.MARKERS["parallel"], box.centre[0], box.y + box.height - 10, 6))
    return "".join([*parts, badge])


def _header(frame: Frame, name: str, box: Bounds, *, upright: bool) -> list[str]:
    ruled = frame.tag == "participant"
    if upright:
        line = [(box.x, box.y + HEADER), (box.x + box.width, box.y + HEADER)]
        words = marks.words(wrap(name, max(box.width - 8, 40), 1), box.centre[0], box.y + 7)
    else:
        line = [(box.x + HEADER, box.y), (box.x + HEADER, box.y + box.height)]
        x, y = box.x + 9, box.centre[1]
        lines = wrap(name, max(box.height - 8, 40), 1)
        words = marks.words(lines, x, y, transform=f"rotate(-90 {marks.number(x)} {marks.number(y)})")
    return [marks.path(marks.lines_to(line), "grid") if ruled else "", words]
