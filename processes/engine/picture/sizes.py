"""How much room each node takes in the automatic layout, with its names, notes, data and boundary events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from processes.engine.document import EVENTS, GATEWAYS, Bounds, Element, Flow
from processes.engine.picture.labels import text_width, wrap
from processes.engine.picture.marks import LINE
from processes.engine.picture.nodes import OUTSIDE_WIDTH
from processes.engine.picture.scenery import Thing

TASK, EVENT, GATEWAY = (132.0, 60.0), (32.0, 32.0), (42.0, 42.0)
PAGE, STORE, NOTE_WIDTH = (36.0, 48.0), (48.0, 44.0), 124.0
PAD, HEADER = 24.0, 36.0
BESIDE, DATA_DROP = 12.0, 22.0
GUARD_NAME, GUARD_DROP = 76.0, 10.0
FLOW_NAME = 110.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A node's own size, and the room that it keeps free above, below and, around its middle, in all."""

    width: float
    height: float
    above: float = 0.0
    below: float = 0.0
    room: float = 0.0


def cell_of(element: Element, inner: tuple[float, float], guards: Sequence[Element], things: Sequence[Thing]) -> Cell:
    """The room of a node. inner: size of a sub-process's content; guards: its boundary events; things: those beside."""
    width, height = _own(element, inner)
    names = [name_size(name) for name in (element.name, element.name_zh)]
    outside = element.tag in EVENTS | GATEWAYS
    if guards:
        width = max(width, sum(guard_step(guard) for guard in guards) + 12)
    above, wide_above = _row([thing_size(thing) for thing in things if thing.tag == "textAnnotation"])
    below, wide_below = _row([thing_size(thing) for thing in things if thing.tag != "textAnnotation"])
    below += DATA_DROP - BESIDE if below else 0.0
    if outside:
        below += max(tall for _, tall in names) + 4
    if guards:
        below += EVENT[1] / 2 + 14 + GUARD_DROP * len(guards)
    room = max(width, wide_above, wide_below, *(wide for wide, _ in names if outside))
    return Cell(width, height, above, below, room)


def name_size(name: str, width: float = OUTSIDE_WIDTH, most: int = 3) -> tuple[float, float]:
    """Width and height of a name outside its shape."""
    lines = wrap(name, width, most)
    return max(map(text_width, lines), default=0.0), len(lines) * LINE


def flow_name_size(flow: Flow) -> tuple[float, float]:
    """Width and height that a flow's name needs in the language where it is longer; nothing where it has none."""
    sizes = [name_size(name, FLOW_NAME, 2) for name in (flow.name, flow.name_zh)]
    return max(wide for wide, _ in sizes), max(tall for _, tall in sizes)


def guard_step(guard: Element) -> float:
    """From one boundary event to the next: its name stands at its right."""
    wide = max(text_width(name) for name in (guard.name, guard.name_zh))
    return EVENT[0] + 10 + min(wide, GUARD_NAME)


def thing_size(thing: Thing) -> tuple[float, float]:
    """Width and height of data, a note or another thing, its name included."""
    if thing.tag == "textAnnotation":
        _, tall = name_size(max(thing.name, thing.name_zh, key=text_width), NOTE_WIDTH - 10, 12)
        return NOTE_WIDTH, max(tall + 6, 30.0)
    wide, tall = name_size(max(thing.name, thing.name_zh, key=text_width))
    return max(thing_shape(thing)[0], wide), thing_shape(thing)[1] + tall + 3


def thing_shape(thing: Thing) -> tuple[float, float]:
    """Width and height of the shape alone."""
    if thing.tag == "textAnnotation":
        return thing_size(thing)
    return STORE if thing.tag == "dataStoreReference" else PAGE


def things_beside(box: Bounds, things: Sequence[Thing], lowest: float) -> dict[str, Bounds]:
    """Notes over the box, data under `lowest`, each row around the box's middle."""
    notes = [thing for thing in things if thing.tag == "textAnnotation"]
    data = [thing for thing in things if thing.tag != "textAnnotation"]
    return _placed(box, notes, None) | _placed(box, data, lowest + DATA_DROP)


def _placed(box: Bounds, things: Sequence[Thing], top: float | None) -> dict[str, Bounds]:
    found: dict[str, Bounds] = {}
    left = box.centre[0] - (_row([thing_size(thing) for thing in things])[1]) / 2
    for thing in things:
        room, _ = thing_size(thing)
        width, height = thing_shape(thing)
        level = box.y - BESIDE - height if top is None else top
        found[thing.id] = Bounds(left + (room - width) / 2, level, width, height)
        left += room + BESIDE
    return found


def _own(element: Element, inner: tuple[float, float]) -> tuple[float, float]:
    if inner != (0.0, 0.0):
        name = max(text_width(element.name), text_width(element.name_zh))
        return max(inner[0] + 2 * PAD, TASK[0], min(name + 16, 300.0)), inner[1] + HEADER + PAD
    if element.tag in EVENTS:
        return EVENT
    return GATEWAY if element.tag in GATEWAYS else TASK


def _row(sizes: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Height and width of a row of things beside a node."""
    if not sizes:
        return 0.0, 0.0
    return max(tall for _, tall in sizes) + BESIDE, sum(wide for wide, _ in sizes) + BESIDE * (len(sizes) - 1)
