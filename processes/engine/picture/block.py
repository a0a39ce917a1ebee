"""Nodes that are laid out together: those that hang together, or all of a scope that has lanes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from processes.engine.document import Bounds, Flow, Point
from processes.engine.picture.channels import stack
from processes.engine.picture.layers import Layers, arrange
from processes.engine.picture.levels import settle
from processes.engine.picture.names import place_names
from processes.engine.picture.nodes import outside_label
from processes.engine.picture.plan import Plan, Wire
from processes.engine.picture.routes import Routes
from processes.engine.picture.sizes import EVENT, GUARD_DROP, Cell, guard_step, things_beside

ROW_GAP, BEND_GAP, LANE_PAD = 40.0, 14.0, 20.0
EMPTY_LANE, TRACK, NAMED_TRACK = 80.0, 12.0, 20.0
BEND = Cell(0.0, 4.0)


@dataclass(slots=True)
class Block:
    """bands: number of each node's lane (0: in none), the same for all where there are no lanes; lanes: how many.

    tops: upper edge of each band and lower edge of the last one.
    """

    plan: Plan
    cells: dict[str, Cell]
    wires: Sequence[Wire]
    bands: dict[str, int]
    lanes: int = 0
    shapes: dict[str, Bounds] = field(default_factory=dict)
    edges: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    labels: dict[str, Bounds] = field(default_factory=dict)
    tops: list[float] = field(default_factory=list)
    width: float = 0.0

    def __post_init__(self) -> None:
        wired = [(wire.id, self._host(wire.source), wire.target) for wire in self.wires]
        layers = arrange(list(self.cells), wired, self.bands)
        self.cells = self.cells | {bend: BEND for bends in layers.bends.values() for bend in bends}
        levels, tracks = self._stack_bands(layers)
        routes = self._routes(layers, levels, tracks)
        self._place_nodes(layers, levels, routes)
        self._draw(routes)
        self.width = routes.right

    def taken(self) -> Iterator[Bounds]:
        """Every rectangle that something stands on, names outside their shapes included."""
        yield from self.shapes.values()
        for name, box in self.shapes.items():
            if element := self.plan.document.elements.get(name):
                for language in ("en", "zh"):
                    yield from outside_label(element, box, None, language)[1:]

    def _host(self, name: str) -> str:
        """The node in whose column a wire from `name` begins."""
        return self.plan.host(self.plan.document.elements[name]) or name

    def _stack_bands(self, layers: Layers) -> tuple[dict[str, float], dict[str, float]]:
        """The middle of every node, and the levels of the flows that go around."""
        members: list[list[str]] = [[] for _ in range(self.lanes + 1)]
        for name in layers.rank:
            members[self.bands[name]].append(name)
        around = self._around(layers)
        levels: dict[str, float] = {}
        tracks: dict[str, float] = {}
        self.tops = [0.0]
        pad = LANE_PAD if self.lanes else 0.0
        for number, names in enumerate(members):
            if not names:
                self.tops.append(self.tops[-1] + (EMPTY_LANE if number else 0.0))
                continue
            held = settle(layers.restricted(self.bands, number), self._apart)
            top = min(held[name] - self._half(name) - self.cells[name].above for name in names)
            shift = self.tops[-1] + pad - top
            bottom = shift + max(held[name] + self._half(name) + self.cells[name].below for name in names)
            levels.update({name: held[name] + shift for name in names})
            tracks.update({name: bottom + step for name, step in around.get(number, {}).items()})
            self.tops.append(bottom + max(around.get(number, {}).values(), default=0.0) + pad)
        return levels, tracks

    def _around(self, layers: Layers) -> dict[int, dict[str, float]]:
        """By band, how far under its nodes each flow runs that goes around: under the upper one of its two bands."""
        stretches: dict[int, list[tuple[str, int, int]]] = {}
        back = [wire for wire in self.wires if wire.id in layers.back]
        for wire in back:
            host = self._host(wire.source)
            start, end = sorted((layers.rank[host] + 1, layers.rank[wire.target]))
            stretches.setdefault(min(self.bands[host], self.bands[wire.target]), []).append((wire.id, start, end))
        named = any(wire.name or wire.name_zh for wire in back)
        step = NAMED_TRACK if named else TRACK
        return {
            band: {name: TRACK + step * (track + named) for name, track in stack(found).items()}
            for band, found in stretches.items()
        }

    def _half(self, name: str) -> float:
        return self.cells[name].height / 2

    def _apart(self, above: str, below: str) -> float:
        gap = BEND_GAP if BEND in (self.cells[above], self.cells[below]) else ROW_GAP
        return self._half(above) + self.cells[above].below + gap + self.cells[below].above + self._half(below)

    def _routes(self, layers: Layers, levels: Mapping[str, float], tracks: Mapping[str, float]) -> Routes:
        hosts = {wire.source: self._host(wire.source) for wire in self.wires}
        exits = {wire.id: self._exit_level(wire.source, hosts[wire.source], levels) for wire in self.wires}
        return Routes(layers, levels, self.cells, self.wires, hosts, exits, tracks)

    def _exit_level(self, source: str, host: str, levels: Mapping[str, float]) -> float:
        """A boundary event's flow leaves below its host, that of the left one lowest."""
        if source == host:
            return levels[source]
        guards = [guard.id for guard in self.plan.guards[host]]
        depth = GUARD_DROP * (len(guards) - 1 - guards.index(source))
        return levels[host] + self._half(host) + EVENT[1] / 2 + 14 + depth

    def _place_nodes(self, layers: Layers, levels: Mapping[str, float], routes: Routes) -> None:
        for number, row in enumerate(layers.rows):
            middle = routes.columns[number] + routes.widths[number] / 2
            for name in row:
                cell = self.cells[name]
                if cell is not BEND:
                    box = Bounds(middle - cell.width / 2, levels[name] - cell.height / 2, cell.width, cell.height)
                    self._place_node(name, box)

    def _place_node(self, name: str, box: Bounds) -> None:
        self.shapes[name] = box
        left, lowest = box.x + 8, box.y + box.height
        for guard in self.plan.guards.get(name, ()):
            self.shapes[guard.id] = Bounds(left, box.y + box.height - EVENT[1] / 2, *EVENT)
            left += guard_step(guard)
            lowest = box.y + box.height + EVENT[1] / 2 + 14 + GUARD_DROP * len(self.plan.guards[name])
        for language in ("en", "zh"):
            _, *names = outside_label(self.plan.document.elements[name], box, None, language)
            lowest = max([lowest, *(place.y + place.height for place in names)])
        self.shapes.update(things_beside(box, self.plan.beside.get(name, ()), lowest))

    def _draw(self, routes: Routes) -> None:
        for wire in self.wires:
            box, level = self.shapes[wire.source], routes.exits[wire.id]
            start = [(box.x + box.width, level)]
            if routes.hosts[wire.source] != wire.source:
                start = [(box.centre[0], box.y + box.height), (box.centre[0], level)]
            self.edges[wire.id] = routes.points(wire, start, self.shapes[wire.target])
        flows = [wire for wire in self.wires if isinstance(wire, Flow)]
        self.labels = place_names(flows, self.edges, self.taken())
