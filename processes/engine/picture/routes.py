"""Lines of a scope through the gaps between its columns: level out, upright in a channel, level in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from processes.engine.document import Bounds, Flow, Point
from processes.engine.picture.channels import Bundle, assign
from processes.engine.picture.layers import Layers
from processes.engine.picture.plan import Wire
from processes.engine.picture.sizes import Cell, flow_name_size

GAP, CHANNEL, LEAD, ARRIVAL = 56.0, 10.0, 18.0, 24.0
Key = tuple[str, str]


@dataclass(slots=True)
class Routes:
    """hosts: the node from whose column a wire begins; exits: the level at which it does; tracks: the level on which a
    wire goes around. The gap left of a layer has the layer's number. columns: left edge of each layer."""

    layers: Layers
    levels: Mapping[str, float]
    cells: Mapping[str, Cell]
    wires: Sequence[Wire]
    hosts: Mapping[str, str]
    exits: Mapping[str, float]
    tracks: Mapping[str, float]
    columns: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    bundles: list[dict[Key, Bundle]] = field(default_factory=list)
    places: list[dict[Key, float]] = field(default_factory=list)
    out: Counter[str] = field(default_factory=Counter)
    into: Counter[str] = field(default_factory=Counter)
    right: float = 0.0

    def __post_init__(self) -> None:
        self.out = Counter(wire.source for wire in self.wires)
        self.into = Counter(wire.target for wire in self.wires)
        self.bundles = [{} for _ in range(len(self.layers.rows) + 1)]
        for wire in self.wires:
            for gap, key, enters, leaves in self._turns(wire):
                bundle = self.bundles[gap].setdefault(key, Bundle(key))
                bundle.enters.add(enters)
                bundle.leaves.add(leaves)
        self._lay_columns()

    def points(self, wire: Wire, exit_points: Sequence[Point], target: Bounds) -> tuple[Point, ...]:
        """The way of a wire from its exit to the left edge of its target."""
        points = list(exit_points)
        for gap, key, _, leaves in self._turns(wire):
            x = self.places[gap].get(key, points[-1][0])
            points += [(x, points[-1][1]), (x, leaves)]
        return _straight([*points, (target.x, target.centre[1])])

    def _turns(self, wire: Wire) -> Iterator[tuple[int, Key, float, float]]:
        """Gap, bundle, and the levels at which the wire comes into and goes out of that gap's channel."""
        rank, start, host = self.layers.rank, self.exits[wire.id], self.hosts[wire.source]
        if wire.id in self.layers.back:
            track = self.tracks[wire.id]
            yield rank[host] + 1, self._key(wire, first=True, last=False, gap=rank[host] + 1), start, track
            gap = rank[wire.target]
            yield gap, self._key(wire, first=False, last=True, gap=gap), track, self.levels[wire.target]
            return
        stops = [*self.layers.bends[wire.id], wire.target]
        for number, stop in enumerate(stops):
            gap, level = rank[stop], self.levels[stop]
            yield gap, self._key(wire, first=not number, last=stop == wire.target, gap=gap), start, level
            start = level

    def _key(self, wire: Wire, *, first: bool, last: bool, gap: int) -> Key:
        if first and self.out[wire.source] > 1:
            return "from", wire.source
        if last and self.into[wire.target] > 1:
            return "to", wire.target
        return "alone", f"{wire.id}~{gap}"

    def _lay_columns(self) -> None:
        rooms = self._name_rooms()
        left = 0.0
        for gap, bundles in enumerate(self.bundles):
            channels = assign(list(bundles.values()))
            count = max(channels.values(), default=-1) + 1
            lead = LEAD + rooms[gap][0] if gap else LEAD
            self.places.append({key: left + lead + channel * CHANNEL for key, channel in channels.items()})
            wide = lead + max(count - 1, 0) * CHANNEL + ARRIVAL + rooms[gap][1]
            outer = not 0 < gap < len(self.bundles) - 1
            left += (wide if count else 0.0) if outer else max(wide, GAP)
            if gap < len(self.layers.rows):
                self.columns.append(left)
                row = self.layers.rows[gap]
                self.widths.append(max((max(self.cells[n].room, self.cells[n].width) for n in row), default=0.0))
                left += self.widths[-1]
        self.right = left

    def _name_rooms(self) -> list[list[float]]:
        """Room for names of flows, left and right of the channels of each gap."""
        rooms = [[0.0, 0.0] for _ in self.bundles]
        for wire in self.wires:
            wide = flow_name_size(wire)[0] if isinstance(wire, Flow) else 0.0
            if wide and wire.id not in self.layers.back:
                gap, side = self.layers.rank[self.hosts[wire.source]] + 1, int(self.out[wire.source] > 1)
                rooms[gap][side] = max(rooms[gap][side], wide + 4)
        return rooms


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
