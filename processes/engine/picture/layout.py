"""Automatic layout, left to right, for models without a drawing."""

from __future__ import annotations

from dataclasses import dataclass, field

from processes.engine.document import EVENTS, GATEWAYS, Bounds, Document, Drawing, Element, Flow, Point, Scope
from processes.engine.picture.layers import Edge, Layers, arrange

TASK, EVENT, GATEWAY = (124.0, 50.0), (28.0, 28.0), (40.0, 40.0)
LAYER_GAP, ROW_GAP, BEND = 60.0, 46.0, 8.0
PAD, HEADER = 24.0, 40.0
PROCESS_GAP = 60.0


def lay_out(document: Document) -> Drawing:
    """Shapes and edges of all processes, one under the other."""
    shapes: dict[str, Bounds] = {}
    edges: dict[str, tuple[Point, ...]] = {}
    top = 0.0
    for process in document.processes:
        placed = _Placed(document, document.scopes[process.id])
        placed.move_into(shapes, edges, 0.0, top)
        top += placed.height + PROCESS_GAP
    return Drawing(shapes, edges, {})


@dataclass(slots=True)
class _Placed:
    """One scope laid out with its corner at 0, 0; the content of its sub-processes is held apart."""

    document: Document
    scope: Scope
    shapes: dict[str, Bounds] = field(default_factory=dict)
    edges: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    inner: dict[str, _Placed] = field(default_factory=dict)
    gaps: list[float] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0

    def __post_init__(self) -> None:
        for element in self.scope.elements:
            if element.id in self.document.scopes:
                self.inner[element.id] = _Placed(self.document, self.document.scopes[element.id])
        layers = arrange([e.id for e in self.scope.elements if not self._host(e)], self._links())
        self._place(layers)
        self._place_boundary()
        self._draw(layers)
        self._to_corner()

    def move_into(self, shapes: dict[str, Bounds], edges: dict[str, tuple[Point, ...]], x: float, y: float) -> None:
        """Add everything to a drawing, with the corner at x, y."""
        for name, box in self.shapes.items():
            shapes[name] = Bounds(box.x + x, box.y + y, box.width, box.height)
            if name in self.inner:
                self.inner[name].move_into(shapes, edges, box.x + x + PAD, box.y + y + HEADER)
        for name, points in self.edges.items():
            edges[name] = tuple((left + x, top + y) for left, top in points)

    def _host(self, element: Element) -> str:
        host = self.document.elements.get(element.attached_to)
        return host.id if host is not None and host.scope == self.scope.id else ""

    def _links(self) -> list[Edge]:
        """Flows between nodes of this scope; those of boundary events count for what they are attached to, last."""
        known = {element.id: self._host(element) for element in self.scope.elements}
        flows = [flow for flow in self.scope.flows if {flow.source, flow.target} <= known.keys()]
        flows.sort(key=lambda flow: bool(known[flow.source]))
        return [(flow.id, known[flow.source] or flow.source, flow.target) for flow in flows if not known[flow.target]]

    def _size(self, name: str) -> tuple[float, float]:
        element = self.document.elements.get(name)
        if element is None:
            return 0.0, BEND
        if name in self.inner:
            inner = self.inner[name]
            return max(inner.width + 2 * PAD, TASK[0]), inner.height + HEADER + PAD
        if element.tag in EVENTS:
            return EVENT
        return GATEWAY if element.tag in GATEWAYS else TASK

    def _place(self, layers: Layers) -> None:
        left = 0.0
        for row in layers.rows:
            sizes = {name: self._size(name) for name in row}
            wide = max((width for width, _ in sizes.values()), default=0.0)
            for name, top in self._tops(row, layers).items():
                width, height = sizes[name]
                self.shapes[name] = Bounds(left + (wide - width) / 2, top, width, height)
            self.gaps.append(left - LAYER_GAP / 2)
            left += wide + LAYER_GAP
        self.gaps.append(left - LAYER_GAP / 2)

    def _tops(self, row: list[str], layers: Layers) -> dict[str, float]:
        """Each node level with what leads to it, as far as the nodes of the row leave room."""
        wanted = {name: self._level(name, layers) - self._size(name)[1] / 2 for name in row}
        tops: dict[str, float] = {}
        free = float("-inf")
        for name in row:
            tops[name] = max(wanted[name], free)
            free = tops[name] + self._size(name)[1] + ROW_GAP
        shift = sum(wanted[name] - tops[name] for name in row) / max(len(row), 1)
        return {name: top + shift for name, top in tops.items()}

    def _level(self, name: str, layers: Layers) -> float:
        levels = [self.shapes[source].centre[1] for source in layers.before.get(name, ()) if source in self.shapes]
        return sum(levels) / len(levels) if levels else 0.0

    def _place_boundary(self) -> None:
        count: dict[str, int] = {}
        for element in self.scope.elements:
            if host := self._host(element):
                box, number = self.shapes[host], count.get(host, 0)
                count[host] = number + 1
                left = box.x + 10 + number * (EVENT[0] + 8)
                self.shapes[element.id] = Bounds(left, box.y + box.height - EVENT[1] / 2, *EVENT)

    def _draw(self, layers: Layers) -> None:
        bottom = max((box.y + box.height for box in self.shapes.values()), default=0.0) + ROW_GAP / 2
        layer = {name: number for number, row in enumerate(layers.rows) for name in row}
        for flow in self.scope.flows:
            if flow.id in layers.back:
                self.edges[flow.id] = self._back(flow, layer, bottom)
                bottom += ROW_GAP / 3
            elif flow.id in layers.bends:
                self.edges[flow.id] = self._forward(flow, layers.bends[flow.id], layer)
        for bends in layers.bends.values():
            for bend in bends:
                del self.shapes[bend]

    def _exit(self, flow: Flow) -> list[Point]:
        box = self.shapes[flow.source]
        if self._host(self.document.elements[flow.source]):
            under = box.y + box.height
            return [(box.centre[0], under), (box.centre[0], under + 14)]
        return [(box.x + box.width, box.centre[1])]

    def _forward(self, flow: Flow, bends: list[str], layer: dict[str, int]) -> tuple[Point, ...]:
        points = self._exit(flow)
        for stop in (*bends, flow.target):
            gap, level = self.gaps[layer[stop]], self.shapes[stop].centre[1]
            points += [(gap, points[-1][1]), (gap, level)]
        box = self.shapes[flow.target]
        return _straight([*points, (box.x, box.centre[1])])

    def _back(self, flow: Flow, layer: dict[str, int], bottom: float) -> tuple[Point, ...]:
        source = self._host(self.document.elements[flow.source]) or flow.source
        target = self.shapes[flow.target]
        right, left = self.gaps[layer[source] + 1] - 8, self.gaps[layer[flow.target]] - 8
        points = self._exit(flow)
        points += [(right, points[-1][1]), (right, bottom), (left, bottom), (left, target.centre[1])]
        return _straight([*points, (target.x, target.centre[1])])

    def _to_corner(self) -> None:
        xs = [x for points in self.edges.values() for x, _ in points] + [box.x for box in self.shapes.values()]
        ys = [y for points in self.edges.values() for _, y in points] + [box.y for box in self.shapes.values()]
        left, top = min(xs, default=0.0), min(ys, default=0.0)
        self.shapes = {n: Bounds(b.x - left, b.y - top, b.width, b.height) for n, b in self.shapes.items()}
        self.edges = {n: tuple((x - left, y - top) for x, y in points) for n, points in self.edges.items()}
        rights = [x - left for x in xs] + [box.x + box.width for box in self.shapes.values()]
        bottoms = [y - top for y in ys] + [box.y + box.height for box in self.shapes.values()]
        self.width, self.height = max(rights, default=0.0), max(bottoms, default=0.0)


def _straight(points: list[Point]) -> tuple[Point, ...]:
    """Without points that repeat or lie on the way between their neighbours."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return tuple(kept)
