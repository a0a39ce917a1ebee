"""One scope laid out: its blocks one under the other, what stands loose under them, its lanes around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from processes.engine.document import Bounds, Element, Point, Scope
from processes.engine.picture.block import ROW_GAP, Block
from processes.engine.picture.layers import pieces
from processes.engine.picture.plan import Plan, Wire
from processes.engine.picture.sizes import BESIDE, HEADER, PAD, Cell, cell_of, thing_shape, thing_size

BLOCK_GAP, LANE_MARGIN, LANE_HEADER = 44.0, 20.0, 30.0


@dataclass(slots=True)
class Placed:
    """A scope with its corner at 0, 0; the content of its sub-processes is held apart."""

    plan: Plan
    scope: Scope
    shapes: dict[str, Bounds] = field(default_factory=dict)
    edges: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    labels: dict[str, Bounds] = field(default_factory=dict)
    inner: dict[str, Placed] = field(default_factory=dict)
    taken: list[Bounds] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0

    def __post_init__(self) -> None:
        for element in self.scope.elements:
            if element.id in self.plan.document.scopes:
                self.inner[element.id] = Placed(self.plan, self.plan.document.scopes[element.id])
        floor = 0.0
        for block in self._blocks():
            self._keep(block, floor)
            self._frame_lanes(block)
            floor += block.tops[-1] + BLOCK_GAP
        self._place_loose(floor - BLOCK_GAP)
        self._to_corner()

    def moved(self, x: float, y: float) -> Iterator[tuple[str, str, Bounds | tuple[Point, ...]]]:
        """Everything with the corner at x, y: ("shape", "edge" or "label", id, place)."""
        for name, box in self.shapes.items():
            yield "shape", name, _moved(box, x, y)
            if name in self.inner:
                yield from self.inner[name].moved(box.x + x + PAD, box.y + y + HEADER)
        for name, box in self.labels.items():
            yield "label", name, _moved(box, x, y)
        for name, points in self.edges.items():
            yield "edge", name, tuple((left + x, top + y) for left, top in points)

    def _blocks(self) -> Iterator[Block]:
        standing = [element for element in self.scope.elements if not self.plan.host(element)]
        cells = {element.id: self._cell(element) for element in standing}
        wires = self.plan.wires(self.scope)
        if lanes := self.plan.lanes.get(self.scope.id, ()):
            numbers = {frame.id: number for number, frame in enumerate(lanes, 1)}
            bands = {name: numbers.get(self.plan.lane_of.get(name, ""), 0) for name in cells}
            yield Block(self.plan, cells, wires, bands, len(lanes))
            return
        hosts = {wire.source: self.plan.host(self.plan.document.elements[wire.source]) or wire.source for wire in wires}
        piece = pieces(list(cells), [(wire.id, hosts[wire.source], wire.target) for wire in wires])
        members: dict[int, list[str]] = {}
        for name in cells:
            members.setdefault(piece[name], []).append(name)
        within: dict[int, list[Wire]] = {}
        for wire in wires:
            within.setdefault(piece[wire.target], []).append(wire)
        for number, names in sorted(members.items()):
            yield Block(
                self.plan, {name: cells[name] for name in names}, within.get(number, []), dict.fromkeys(names, 0)
            )

    def _cell(self, element: Element) -> Cell:
        inner = self.inner.get(element.id)
        size = (inner.width, inner.height) if inner else (0.0, 0.0)
        return cell_of(element, size, self.plan.guards.get(element.id, ()), self.plan.beside.get(element.id, ()))

    def _keep(self, block: Block, top: float) -> None:
        self.shapes.update({name: _moved(box, 0.0, top) for name, box in block.shapes.items()})
        self.labels.update({name: _moved(box, 0.0, top) for name, box in block.labels.items()})
        self.edges.update({name: tuple((x, y + top) for x, y in points) for name, points in block.edges.items()})
        self.taken += [_moved(box, 0.0, top) for box in block.taken()]

    def _place_loose(self, floor: float) -> None:
        left = 0.0
        for thing in self.plan.loose.get(self.scope.id, ()):
            room, _ = thing_size(thing)
            width, height = thing_shape(thing)
            self.shapes[thing.id] = Bounds(left + (room - width) / 2, floor + ROW_GAP, width, height)
            self.taken.append(Bounds(left, floor + ROW_GAP, *thing_size(thing)))
            left += room + BESIDE

    def _frame_lanes(self, block: Block) -> None:
        """Frames around the bands; an outer lane is as high as those in it and begins further left."""
        lanes = self.plan.lanes.get(self.scope.id, ())
        depth = max((len(self.plan.parents(frame.id)) for frame in lanes), default=0)
        for number, frame in enumerate(lanes, 1):
            top, bottom = block.tops[number], block.tops[number + 1]
            for step, name in enumerate(self.plan.parents(frame.id)):
                left = -LANE_HEADER * (depth - step) - 8
                held = self.shapes.get(name, Bounds(left, top, block.width - left + LANE_MARGIN, bottom - top))
                self.shapes[name] = Bounds(left, held.y, held.width, max(bottom - held.y, held.height))

    def _to_corner(self) -> None:
        boxes = [*self.shapes.values(), *self.labels.values(), *self.taken]
        xs = [x for points in self.edges.values() for x, _ in points] + [box.x for box in boxes]
        ys = [y for points in self.edges.values() for _, y in points] + [box.y for box in boxes]
        left, top = min(xs, default=0.0), min(ys, default=0.0)
        rights = [x - left for x in xs] + [box.x + box.width - left for box in boxes]
        bottoms = [y - top for y in ys] + [box.y + box.height - top for box in boxes]
        self.width, self.height = max(rights, default=0.0), max(bottoms, default=0.0)
        self.shapes = {name: _moved(box, -left, -top) for name, box in self.shapes.items()}
        self.labels = {name: _moved(box, -left, -top) for name, box in self.labels.items()}
        self.edges = {name: tuple((x - left, y - top) for x, y in points) for name, points in self.edges.items()}


def _moved(box: Bounds, x: float, y: float) -> Bounds:
    return Bounds(box.x + x, box.y + y, box.width, box.height)
