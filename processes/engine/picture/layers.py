"""Layers of a scope for the automatic layout: every node right of those that lead to it (longest path)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Edge = tuple[str, str, str]  # flow id, source, target
SWEEPS = 6
MOST_BENDS = 20_000
ALONE_IN_A_ROW = 6


@dataclass(slots=True)
class Layers:
    """rows: node ids by layer from the top; bends: the way points (as extra ids in rows) of flows that pass layers;
    back: flows that lead to the left, and those so long that they go around."""

    rows: list[list[str]]
    bends: dict[str, list[str]] = field(default_factory=dict)
    back: set[str] = field(default_factory=set)
    before: dict[str, list[str]] = field(default_factory=dict)
    after: dict[str, list[str]] = field(default_factory=dict)
    rank: dict[str, int] = field(default_factory=dict)

    def restricted(self, chosen: Mapping[str, int], band: int) -> Layers:
        """Only what lies in one band."""

        def kept(names: Iterable[str]) -> list[str]:
            return [name for name in names if chosen[name] == band]

        links = ({name: kept(near) for name, near in side.items()} for side in (self.before, self.after))
        before, after = links
        return Layers([kept(row) for row in self.rows], before=before, after=after)


def arrange(nodes: Sequence[str], edges: Sequence[Edge], bands: dict[str, int]) -> Layers:
    """Layers of a graph; the order of nodes and edges decides ties.

    bands: number of the lane or separate piece of each node; rows keep bands apart, from the top. Way points are added.
    """
    back = _back_edges(nodes, edges)
    forward = [edge for edge in edges if edge[0] not in back]
    rank = _ranks(nodes, forward)
    _spread_lonely(nodes, edges, bands, rank)
    around = _too_long(forward, rank)
    layers = Layers(rows=[[] for _ in range(max(rank.values(), default=0) + 1)], back=back | around, rank=rank)
    for node in nodes:
        layers.rows[rank[node]].append(node)
    for edge in forward:
        if edge[0] not in around:
            _link(layers, edge, bands)
    for row in layers.rows:
        row.sort(key=lambda name: bands[name])
    _untangle(layers, bands)
    return layers


def pieces(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """The number of the connected piece of each node; nodes without any edge share rows of a few."""
    near: dict[str, list[str]] = {node: [] for node in nodes}
    for _, source, target in edges:
        near[source].append(target)
        near[target].append(source)
    found: dict[str, int] = {}
    count = 0
    for node in nodes:
        if near[node] and node not in found:
            _flood(node, near, found, count)
            count += 1
    lonely = [node for node in nodes if not near[node]]
    return found | {node: count + number // ALONE_IN_A_ROW for number, node in enumerate(lonely)}


def _flood(root: str, near: Mapping[str, list[str]], found: dict[str, int], number: int) -> None:
    found[root] = number
    pending = [root]
    while pending:
        for other in near[pending.pop()]:
            if other not in found:
                found[other] = number
                pending.append(other)


def _back_edges(nodes: Sequence[str], edges: Sequence[Edge]) -> set[str]:
    onward: dict[str, list[Edge]] = {node: [] for node in nodes}
    for edge in edges:
        onward[edge[1]].append(edge)
    back: set[str] = set()
    state: dict[str, int] = {}
    targets = {target for _, _, target in edges}
    for root in sorted(nodes, key=lambda node: node in targets):
        if root not in state:
            _search(root, onward, state, back)
    return back


def _search(root: str, onward: dict[str, list[Edge]], state: dict[str, int], back: set[str]) -> None:
    state[root] = 1
    stack = [(root, iter(onward[root]))]
    while stack:
        node, rest = stack[-1]
        edge = next(rest, None)
        if edge is None:
            state[node] = 2
            stack.pop()
        elif state.get(edge[2]) == 1:
            back.add(edge[0])
        elif edge[2] not in state:
            state[edge[2]] = 1
            stack.append((edge[2], iter(onward[edge[2]])))


def _ranks(nodes: Sequence[str], forward: Sequence[Edge]) -> dict[str, int]:
    onward: dict[str, list[str]] = {node: [] for node in nodes}
    missing = dict.fromkeys(nodes, 0)
    for _, source, target in forward:
        onward[source].append(target)
        missing[target] += 1
    rank = dict.fromkeys(nodes, 0)
    ready = [node for node in nodes if not missing[node]]
    for node in ready:  # grows while it is read
        for target in onward[node]:
            rank[target] = max(rank[target], rank[node] + 1)
            missing[target] -= 1
            if not missing[target]:
                ready.append(target)
    return rank


def _spread_lonely(nodes: Sequence[str], edges: Sequence[Edge], bands: Mapping[str, int], rank: dict[str, int]) -> None:
    """Nodes without any edge stand beside one another, not in one high pile."""
    linked = {end for _, source, target in edges for end in (source, target)}
    count: dict[int, int] = {}
    for node in nodes:
        if node not in linked:
            number = count.get(bands[node], 0)
            count[bands[node]] = number + 1
            rank[node] = number % ALONE_IN_A_ROW


def _too_long(forward: Sequence[Edge], rank: Mapping[str, int]) -> set[str]:
    """The longest edges, so many that the others together need no more way points than may be."""
    bends = sorted(((rank[target] - rank[source] - 1, flow) for flow, source, target in forward), reverse=True)
    total = sum(count for count, _ in bends)
    around = set()
    for count, flow in bends:
        if total <= MOST_BENDS:
            break
        around.add(flow)
        total -= count
    return around


def _link(layers: Layers, edge: Edge, bands: dict[str, int]) -> None:
    """The flow cut at each layer that it passes; the cuts become way points in the source's band."""
    flow, source, target = edge
    rank = layers.rank
    bends = [f"{flow}~{layer}" for layer in range(rank[source] + 1, rank[target])]
    for layer, bend in enumerate(bends, rank[source] + 1):
        layers.rows[layer].append(bend)
        rank[bend] = layer
        bands[bend] = bands[source]
    layers.bends[flow] = bends
    stops = [source, *bends, target]
    for one, other in zip(stops, stops[1:]):
        layers.after.setdefault(one, []).append(other)
        layers.before.setdefault(other, []).append(one)


def _untangle(layers: Layers, bands: Mapping[str, int]) -> None:
    place = {node: position for row in layers.rows for position, node in enumerate(row)}
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        neighbours = layers.before if down else layers.after
        for row in layers.rows[1:] if down else layers.rows[-2::-1]:
            row.sort(key=lambda node: (bands[node], _middle(node, neighbours.get(node, ()), place)))
            place.update({node: position for position, node in enumerate(row)})


def _middle(node: str, neighbours: Sequence[str], place: Mapping[str, int]) -> float:
    """Nodes without neighbours on that side keep their place."""
    return sum(place[other] for other in neighbours) / len(neighbours) if neighbours else float(place[node])
