"""How each kind of node looks."""

from __future__ import annotations

from processes.engine.document import EVENTS, GATEWAYS, Bounds, Element, Point
from processes.engine.picture import marks
from processes.engine.picture.labels import text_width, wrap

OUTSIDE_WIDTH = 110.0


def draw_node(element: Element, box: Bounds, place: Bounds | None, *, state: str, language: str, is_open: bool) -> str:
    """A node with its label. place: where the tool put the label; state: " now", " done", " later" or nothing;
    is_open: a sub-process whose content is shown."""
    css = f"node{state}"
    if element.tag in EVENTS:
        inner = _event(element, box, css)
    elif element.tag in GATEWAYS:
        inner = _gateway(element, box, css)
    else:
        inner = _activity(element, box, css, language, is_open=is_open)
    label, *_ = outside_label(element, box, place, language)
    done = _check_mark(box) if state == " done" and element.tag not in EVENTS | GATEWAYS else ""
    return marks.tag("g", inner + str(label) + done, data_node=element.id)


def outside_label(element: Element, box: Bounds, place: Bounds | None, language: str) -> tuple:
    """The label of an event or gateway as SVG text, and the rectangle that it takes (none for other nodes)."""
    name = element.label(language)
    if not name or element.tag not in EVENTS | GATEWAYS:
        return ("",)
    lines = wrap(name, max(place.width if place else OUTSIDE_WIDTH, 60), 3)
    width, height = max(map(text_width, lines)), len(lines) * marks.LINE
    if element.tag == "boundaryEvent" and place is None:
        left, top = box.x + box.width + 3, box.centre[1] + 1
        return marks.words(lines[:1], left, top, "start"), Bounds(left, top, width, marks.LINE)
    x, top = (place.centre[0], place.y) if place else (box.centre[0], box.y + box.height + 4)
    return marks.words(lines, x, top), Bounds(x - width / 2, top, width, height)


def _activity(element: Element, box: Bounds, css: str, language: str, *, is_open: bool) -> str:
    most = 1 if is_open else max(int((box.height - 6) // marks.LINE), 1)
    name = element.label(language)
    lines = wrap(name, box.width - 12, most)
    top = box.y + 8 if is_open else box.centre[1] - len(lines) * marks.LINE / 2
    told = marks.title(name) if lines and lines[-1].endswith("…") else ""
    return told + marks.rect(box, css, rx=6.0) + marks.words(lines, box.centre[0], top)


def _event(element: Element, box: Bounds, css: str) -> str:
    radius = min(box.width, box.height) / 2
    thick: dict[str, str | float] = {"stroke_width": 3.0} if element.tag == "endEvent" else {}
    parts = [marks.circle(box.centre, radius, css, **thick)]
    if element.tag in ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"):
        parts.append(marks.circle(box.centre, max(radius - 3, 1), "edge", **_dashes(element)))
    if element.trigger == "timer":
        x, y = box.centre
        hand = radius * 0.45
        parts.append(marks.path(marks.lines_to([(x, y - hand), (x, y), (x + hand * 0.8, y)]), "edge"))
    return "".join(parts)


def _dashes(element: Element) -> dict[str, str | float]:
    return {} if element.interrupting else {"stroke_dasharray": "3 3"}


def _gateway(element: Element, box: Bounds, css: str) -> str:
    x, y = box.centre
    right, bottom = box.x + box.width, box.y + box.height
    diamond = marks.lines_to([(x, box.y), (right, y), (x, bottom), (box.x, y)]) + "Z"
    return marks.path(diamond, css, stroke_linejoin="round") + _gateway_sign(element, (x, y), box.width / 6)


def _gateway_sign(element: Element, centre: Point, size: float) -> str:
    x, y = centre
    if element.tag == "parallelGateway":
        size *= 1.3
        plus = marks.lines_to([(x - size, y), (x + size, y)]) + marks.lines_to([(x, y - size), (x, y + size)])
        return marks.path(plus, "edge")
    if element.tag == "exclusiveGateway":
        one = marks.lines_to([(x - size, y - size), (x + size, y + size)])
        return marks.path(one + marks.lines_to([(x - size, y + size), (x + size, y - size)]), "edge")
    return marks.circle(centre, size * 1.3, "edge")


def _check_mark(box: Bounds) -> str:
    x, y = box.x + box.width - 4, box.y + 2
    tick = marks.lines_to([(x - 3.4, y + 0.2), (x - 1, y + 2.6), (x + 3.2, y - 2)])
    return marks.circle((x, y), 7.5, "node done") + marks.path(tick, "tick")
