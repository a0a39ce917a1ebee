"""Layers of a scope for the automatic layout: every node right of those that lead to it (longest path)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Edge = tuple[str, str, str]  # flow id, source, target
SWEEPS = 4


@dataclass(slots=True)
class Layers:
    """rows: node ids by layer from the top; bends: the way points (as extra ids in rows) of flows that pass layers;
    back: flows that lead to the left."""

    rows: list[list[str]]
    bends: dict[str, list[str]] = field(default_factory=dict)
    back: set[str] = field(default_factory=set)
    before: dict[str, list[str]] = field(default_factory=dict)


def arrange(nodes: Sequence[str], edges: Sequence[Edge]) -> Layers:
    """Layers of a graph; the order of nodes and edges decides ties."""
    back = _back_edges(nodes, edges)
    forward = [edge for edge in edges if edge[0] not in back]
    rank = _ranks(nodes, forward)
    layers = Layers(rows=[[] for _ in range(max(rank.values(), default=0) + 1)], back=back)
    for node in nodes:
        layers.rows[rank[node]].append(node)
    links = [link for edge in forward for link in _links(layers, edge, rank)]
    _untangle(layers, links)
    return layers


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


def _links(layers: Layers, edge: Edge, rank: dict[str, int]) -> Iterable[tuple[str, str]]:
    """The flow cut at each layer that it passes; the cuts become way points."""
    flow, source, target = edge
    bends = [f"{flow}~{layer}" for layer in range(rank[source] + 1, rank[target])]
    for layer, bend in enumerate(bends, rank[source] + 1):
        layers.rows[layer].append(bend)
    layers.bends[flow] = bends
    stops = [source, *bends, target]
    return zip(stops, stops[1:])


def _untangle(layers: Layers, links: Iterable[tuple[str, str]]) -> None:
    after: dict[str, list[str]] = {}
    for source, target in links:
        after.setdefault(source, []).append(target)
        layers.before.setdefault(target, []).append(source)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        neighbours = layers.before if down else after
        rows = layers.rows[1:] if down else layers.rows[-2::-1]
        place = {node: position for row in layers.rows for position, node in enumerate(row)}
        for row in rows:
            row.sort(key=lambda node: _middle(neighbours.get(node, ()), place))
            place.update({node: position for position, node in enumerate(row)})


def _middle(neighbours: Sequence[str], place: dict[str, int]) -> float:
    return sum(place[node] for node in neighbours) / len(neighbours) if neighbours else 0.0
