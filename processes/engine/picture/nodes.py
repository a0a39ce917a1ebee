"""How each kind of node looks: the outline, the sign of its type, its markers, its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from processes.engine.document import CHOREOGRAPHY, EVENTS, GATEWAYS, SUB_PROCESSES, Bounds, Element
from processes.engine.picture import icons, marks
from processes.engine.picture.labels import text_width, wrap

OUTSIDE_WIDTH = 110.0
ICON, MARKER = 7.0, 6.0
BAND = 20.0
INTERMEDIATE = frozenset(("intermediateCatchEvent", "intermediateThrowEvent", "implicitThrowEvent", "boundaryEvent"))
THROWS = frozenset(("endEvent", "intermediateThrowEvent", "implicitThrowEvent"))


@dataclass(frozen=True, slots=True)
class Look:
    """What decides how one node looks beside its element. css: progress and marks, each after a space;
    is_open: a sub-process whose content is shown; is_done, is_called_off: what became of it; flags and
    bands: of the scenery; badge: words at the upper edge."""

    language: str = "en"
    css: str = ""
    is_open: bool = False
    is_done: bool = False
    is_called_off: bool = False
    flags: frozenset[str] = frozenset()
    bands: tuple[str, ...] = ()
    badge: str = ""


def draw_node(element: Element, box: Bounds, place: Bounds | None, look: Look) -> str:
    """A node with its label. place: where the tool put the label."""
    if element.tag in EVENTS:
        inner = _event(element, box, look)
    elif element.tag in GATEWAYS:
        inner = _gateway(element, box, look)
    elif element.tag in CHOREOGRAPHY:
        inner = _choreography(element, box, look)
    else:
        inner = _activity(element, box, look)
    label, *taken = outside_label(element, box, place, look.language)
    is_activity = element.tag not in EVENTS | GATEWAYS
    sign = _end_sign(box, look) if is_activity else ""
    badge = draw_badge(box, look.badge, beside_sign=look.is_done or look.is_called_off, taken=taken)
    return marks.tag("g", inner + str(label) + sign + badge, data_node=element.id)


def outside_label(element: Element, box: Bounds, place: Bounds | None, language: str) -> tuple:
    """The label of an event or gateway as SVG text, and the rectangle that it takes (none for other nodes)."""
    name = element.label(language)
    if not name or element.tag not in EVENTS | GATEWAYS:
        return ("",)
    lines = wrap(name, max(place.width if place else OUTSIDE_WIDTH, 60), 3)
    width, height = max(map(text_width, lines)), len(lines) * marks.LINE
    if element.tag == "boundaryEvent" and place is None:
        left, top = box.x + box.width + 3, box.centre[1] + 1
        return marks.words(lines[:1], left, top, "start"), Bounds(left, top, text_width(lines[0]), marks.LINE)
    x, top = (place.centre[0], place.y) if place else (box.centre[0], box.y + box.height + 4)
    return marks.words(lines, x, top), Bounds(x - width / 2, top, width, height)


def draw_badge(box: Bounds, text: str, *, beside_sign: bool = False, taken: Sequence[Bounds] = ()) -> str:
    """A pill with a few words on the upper edge: at the right corner, left of the sign of how the activity ended.

    taken: where words stand already; a pill that would cover them stands on the lower edge.
    """
    if not text:
        return ""
    (words,) = wrap(text, 160, 1)
    width = max(text_width(words) + 10, 18)
    right = box.x + box.width + 6 - (22 if beside_sign else 0) if box.width > 60 else box.centre[0] + width / 2
    pill = Bounds(right - width, box.y - 9, width, 18)
    if any(pill.meets(each) for each in taken):
        pill = replace(pill, y=pill.y + box.height)
    return marks.rect(pill, "badge", rx=9.0) + marks.words([words], pill.centre[0], pill.y + 2)


def _activity(element: Element, box: Bounds, look: Look) -> str:
    thick = " thick" if element.tag == "callActivity" else ""
    dotted = " dotted" if element.event_sub_process else ""
    signs = _markers(element, look)
    parts = [marks.rect(box, f"node{thick}{dotted}{look.css}", rx=6.0)]
    if element.tag == "transaction":
        inner = Bounds(box.x + 3, box.y + 3, max(box.width - 6, 1), max(box.height - 6, 1))
        parts.append(marks.rect(inner, "edge", rx=4.0))
    roomy = box.width >= 48 and box.height >= 34
    if roomy and element.tag in icons.TASKS:
        parts.append(_type_sign(element, box))
    parts += _marker_row(signs, box)
    return "".join(parts) + _inside(element.label(look.language), box, look, bool(signs), element.tag in icons.TASKS)


def _inside(name: str, box: Bounds, look: Look, marked: bool, typed: bool) -> str:
    """The name inside; beside the sign of the type where it would reach up to it."""
    space = box.height - 6 - (2 * MARKER + 4 if marked and not look.is_open else 0)
    most = 1 if look.is_open else max(int(space // marks.LINE), 1)
    lines = wrap(name, box.width - 12, most)
    beside = typed and space / 2 - len(lines) * marks.LINE / 2 < 2 * ICON + 2
    if beside and text_width(lines[0] if lines else "") > box.width - 4 * ICON - 16:
        lines = wrap(name, max(box.width - 4 * ICON - 16, 30), most)
    top = box.y + 8 if look.is_open else box.y + 3 + space / 2 - len(lines) * marks.LINE / 2
    told = marks.title(name) if lines and lines[-1].endswith("…") else ""
    return told + marks.words(lines, box.centre[0], top)


def _type_sign(element: Element, box: Bounds) -> str:
    x, y = box.x + ICON + 4, box.y + ICON + 4
    if element.instantiate:
        return icons.draw(icons.IN_A_RING, x, y, ICON) + icons.draw(icons.TASKS[element.tag], x, y, ICON * 0.6)
    return icons.draw(icons.TASKS[element.tag], x, y, ICON)


def _markers(element: Element, look: Look) -> list[str]:
    """Signs at the lower edge, in the order of the notation."""
    found = []
    if element.loop.startswith("standard"):
        found.append("loop")
    elif element.loop:
        found.append("sequential" if element.details.loop and element.details.loop.sequential else "parallel")
    if element.for_compensation:
        found.append("compensation")
    if element.tag == "adHocSubProcess":
        found.append("ad_hoc")
    if element.tag in SUB_PROCESSES | {"callActivity", "subChoreography"} and not look.is_open:
        found.append("collapsed")
    return found


def _marker_row(signs: list[str], box: Bounds) -> list[str]:
    step = 2 * MARKER + 6
    left = box.centre[0] - step * (len(signs) - 1) / 2
    level = box.y + box.height - MARKER - 4
    return [icons.draw(icons.MARKERS[sign], left + step * number, level, MARKER) for number, sign in enumerate(signs)]


def _choreography(element: Element, box: Bounds, look: Look) -> str:
    """Who begins stands on the white band above, the other on the shaded one below."""
    first, *others = (*look.bands, "", "")[:2]
    above = Bounds(box.x, box.y, box.width, BAND)
    below = Bounds(box.x, box.y + box.height - BAND, box.width, BAND)
    thick = " thick" if element.tag == "callChoreography" else ""
    parts = [marks.rect(box, f"node{thick}{look.css}", rx=6.0), marks.rect(above, "edge", rx=6.0)]
    parts.append(marks.rect(below, "edge shade", rx=6.0))
    for band, words in ((above, first), (below, others[0])):
        parts.append(marks.words(wrap(words, box.width - 8, 1), band.centre[0], band.y + 2))
    middle = Bounds(box.x, box.y + BAND, box.width, max(box.height - 2 * BAND, marks.LINE))
    signs = _markers(element, look)
    parts += _marker_row(signs, middle)
    return "".join(parts) + _inside(element.label(look.language), middle, look, bool(signs), typed=False)


def _event(element: Element, box: Bounds, look: Look) -> str:
    radius = min(box.width, box.height) / 2
    thick = " thick" if element.tag == "endEvent" else ""
    dashes: dict[str, str | float] = {"stroke_dasharray": "4 3"} if not element.interrupting else {}
    parts = [marks.circle(box.centre, radius, f"node{thick}{look.css}", **dashes)]
    if element.tag in INTERMEDIATE:
        parts.append(marks.circle(box.centre, max(radius - 3, 1), "edge", **dashes))
    return "".join(parts) + _event_sign(element, box, look)


def _event_sign(element: Element, box: Bounds, look: Look) -> str:
    radius = min(box.width, box.height) / 2
    kind = "parallel" if element.trigger == "multiple" and "parallel" in look.flags else element.trigger
    strokes = (icons.THROWING if element.tag in THROWS else icons.CATCHING).get(kind, ())
    return icons.draw(strokes, *box.centre, radius * (0.6 if kind in ("timer", "terminate") else 0.5))


def _gateway(element: Element, box: Bounds, look: Look) -> str:
    x, y = box.centre
    right, bottom = box.x + box.width, box.y + box.height
    diamond = marks.lines_to([(x, box.y), (right, y), (x, bottom), (box.x, y)]) + "Z"
    size = min(box.width, box.height) / 4
    if element.tag == "eventBasedGateway":
        kind = ("parallel" if element.gateway == "Parallel" else "instantiating") if element.instantiate else ""
        sign = icons.draw(icons.EVENT_GATEWAY[kind], x, y, size * 1.15)
    elif element.tag == "exclusiveGateway" and "unmarked" in look.flags:
        sign = ""
    else:
        sign = icons.draw(icons.GATEWAYS[element.tag], x, y, size)
    return marks.path(diamond, f"node{look.css}", stroke_linejoin="round") + sign


def _end_sign(box: Bounds, look: Look) -> str:
    """A tick in a circle where the activity was done, a cross where it was called off."""
    x, y = box.x + box.width - 4, box.y + 2
    if look.is_done:
        tick = marks.lines_to([(x - 3.4, y + 0.2), (x - 1, y + 2.6), (x + 3.2, y - 2)])
        return marks.circle((x, y), 7.5, "node done") + marks.path(tick, "tick")
    if look.is_called_off:
        falling, rising = [(x - 2.6, y - 2.6), (x + 2.6, y + 2.6)], [(x - 2.6, y + 2.6), (x + 2.6, y - 2.6)]
        cross = marks.lines_to(falling) + marks.lines_to(rising)
        return marks.circle((x, y), 7.5, "node off") + marks.path(cross, "cross")
    return ""
