"""The inclusive gateway as a join (BPMN 2.0.2, 13.4.3): it waits for exactly the tokens that can still come to it.
And what both kinds of join are asked when an instance came from another version of its drawing.

It passes when a flow into it holds a token and, for each token elsewhere in its scope from which a path leads to one
of its empty flows without visiting it, a path leads to one of its non-empty flows as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from processes.engine.graph import Graph, Node
from processes.engine.run import Run
from processes.engine.state import FLOW, UNDO, ScopeState, State

INCLUSIVE, PARALLEL = "inclusiveGateway", "parallelGateway"
Places = dict[int, list[str]]  # ids of nodes, by number of the scope


def release_joins(run: Run) -> int:
    """Let inclusive gateways pass that wait for nothing any more, in each scope the first; nothing else may be about to
    move. What one lets go in its scope changes nothing for those of other scopes.

    How many places of tokens were looked at for it; 0: none passes.
    """
    nodes = run.graph.nodes
    waiting = [
        (number, scope)
        for number, scope in run.state.scopes.items()
        if scope.joins and any(nodes[name].element == INCLUSIVE for name in scope.joins)
    ]
    if not waiting:
        return 0
    places = _places(run.state)
    enabled = [(gateway, number) for number, scope in waiting if (gateway := _enabled(run, places, number, scope))]
    for gateway, number in enabled:
        gateway.behaviour.fire(run, gateway, number)
    return max(1, sum(map(len, places.values()))) if enabled else 0


def _enabled(run: Run, places: Places, number: int, scope: ScopeState) -> Node | None:
    for gateway in _waiting(run, scope, INCLUSIVE):
        run.outside.go_on()
        if _passes(run.graph, gateway, scope, _standing(run.graph, run.state, places, number, gateway)):
            return gateway
    return None


def release_full(run: Run) -> None:
    """Let every parallel gateway pass that has a token on each of its flows: a step leaves none, but the drawing to
    which an instance was moved may have fewer flows into it."""
    while (full := next(_full(run), None)) is not None:
        gateway, number = full
        gateway.behaviour.fire(run, gateway, number)


def endless(graph: Graph, state: State) -> Iterator[str]:
    """Parallel gateways at which a token waits, or to which one can come, while none can come by another flow."""
    places = _places(state)
    for number, scope in state.scopes.items():
        if scope.kind != FLOW:
            continue
        within = scope.node or graph.process
        for gateway in graph.nodes.values():
            if (gateway.element, gateway.scope) == (PARALLEL, within) and gateway.incoming > 1:
                coming = _coming(graph, state, places, number, gateway)
                if 0 < coming < gateway.incoming:
                    yield gateway.id


def _coming(graph: Graph, state: State, places: Places, number: int, gateway: Node) -> int:
    """By how many of its flows a token has come to a gateway or can still come."""
    standing = _standing(graph, state, places, number, gateway)
    held = state.scopes[number].joins.get(gateway.id, {})
    flows = graph.sources[gateway.id]
    return sum(flow in held or bool(standing & upstream(graph, gateway.id, flow)) for flow in flows)


def _full(run: Run) -> Iterator[tuple[Node, int]]:
    for number, scope in run.state.scopes.items():
        for gateway in _waiting(run, scope, PARALLEL):
            if len(scope.joins[gateway.id]) >= gateway.incoming:
                yield gateway, number


def _waiting(run: Run, scope: ScopeState, element: str) -> list[Node]:
    if not scope.joins:
        return []
    nodes = [run.graph.nodes[name] for name in scope.joins]
    return sorted((node for node in nodes if node.element == element), key=lambda node: node.number)


def _places(state: State) -> Places:
    """Where tokens stand, by scope, but for those that wait at joins."""
    places: Places = {}
    for place in state.tasks.values():
        places.setdefault(place.scope, []).append(place.node)
    for inner in state.scopes.values():
        if inner.kind != UNDO or inner.more.get("then") == "leave":  # else no token comes out of a compensation
            places.setdefault(inner.parent, []).append(inner.node)
    for row in state.waiting():
        places.setdefault(row.holder, []).append(row.node)
    return places


def _standing(graph: Graph, state: State, places: Places, number: int, gateway: Node) -> int:
    """Nodes on which tokens of the scope stand, as bits; those that wait at the gateway itself are left out."""
    nodes = graph.nodes
    names = [*places.get(number, ()), *(name for name in state.scopes[number].joins if name != gateway.id)]
    return _bits(nodes[name].number for name in names if nodes[name].element not in ("boundaryEvent", "startEvent"))


def _passes(graph: Graph, gateway: Node, scope: ScopeState, standing: int) -> bool:
    if not standing or len(scope.joins[gateway.id]) == len(graph.sources[gateway.id]):
        return True  # nothing can come, or nothing is waited for: which nodes lead here is not worth reckoning
    empty = full = 0
    for flow in graph.sources[gateway.id]:
        reaching = upstream(graph, gateway.id, flow)
        if flow in scope.joins[gateway.id]:
            full |= reaching
        else:
            empty |= reaching
    return not standing & empty & ~full


def upstream(graph: Graph, gateway: str, flow: str) -> int:
    """Nodes from which a flow into a gateway can be reached without visiting the gateway, as bits."""
    if flow not in graph.upstream:
        seen: set[str] = set()
        pending = [graph.flows[flow].source]
        while pending:
            name = pending.pop()
            if name != gateway and name not in seen:
                seen.add(name)
                pending.extend(graph.before(name))
        graph.upstream[flow] = _bits(graph.nodes[name].number for name in seen)
    return graph.upstream[flow]


def _bits(numbers: Iterable[int]) -> int:
    marks = bytearray()  # one long number made at once: or-ing bits into it one by one copies it each time
    for number in numbers:
        byte = number >> 3
        if byte >= len(marks):
            marks.extend(bytes(byte + 1 - len(marks)))
        marks[byte] |= 1 << (number & 7)
    return int.from_bytes(marks, "little")
