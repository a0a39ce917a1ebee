"""The inclusive gateway as a join (BPMN 2.0.2, 13.4.3): it waits for exactly the tokens that can still come to it.

It passes when a flow into it holds a token and, for each token elsewhere in its scope from which a path leads to one
of its empty flows without visiting it, a path leads to one of its non-empty flows as well.
"""

from __future__ import annotations

from collections.abc import Iterable

from processes.engine.graph import Graph, Node
from processes.engine.run import Run
from processes.engine.state import ScopeState

INCLUSIVE = "inclusiveGateway"


def release_join(run: Run) -> bool:
    """Let the first inclusive gateway pass that waits for nothing any more; nothing else may be about to move."""
    for number, scope in run.state.scopes.items():
        for gateway in _waiting(run, scope):
            if _is_enabled(run.graph, gateway, scope, _standing(run, number, scope, gateway)):
                gateway.behaviour.fire(run, gateway, number)
                return True
    return False


def _waiting(run: Run, scope: ScopeState) -> list[Node]:
    if not scope.joins:
        return []
    nodes = [run.graph.nodes[name] for name in scope.joins]
    return sorted((node for node in nodes if node.element == INCLUSIVE), key=lambda node: node.number)


def _standing(run: Run, number: int, scope: ScopeState, gateway: Node) -> int:
    """Nodes on which tokens of the scope stand, as bits; those that wait at the gateway itself are left out."""
    nodes, state = run.graph.nodes, run.state
    names = [place.node for place in state.tasks.values() if place.scope == number]
    names += [inner.node for inner in state.scopes.values() if inner.parent == number]
    names += [row.node for row in state.waiting() if row.holder == number]
    names += [name for name in scope.joins if name != gateway.id]
    return _bits(nodes[name].number for name in names if nodes[name].element not in ("boundaryEvent", "startEvent"))


def _is_enabled(graph: Graph, gateway: Node, scope: ScopeState, standing: int) -> bool:
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
    bits = 0
    for number in numbers:
        bits |= 1 << number
    return bits
