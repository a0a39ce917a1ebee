"""Which events watch, or may begin beside, what is open: in a drawing and in an instance."""

from __future__ import annotations

from collections.abc import Iterator

from processes.engine import Graph, Node
from processes.engine.run import Run
from processes.engine.state import FLOW, LOOP, MANY, ROOT, SHELL, UNDO, State, Timer, Wait

GATEWAY, CATCHING = "eventBasedGateway", "intermediateCatchEvent"
SHELLS = (SHELL, MANY, LOOP)
Pair = tuple[str, str]  # (what is open: an activity, an event-based gateway, or "" for the process; the event)


def pairs(graph: Graph) -> frozenset[Pair]:
    """What may be open in a drawing, with each event that waits while it is."""
    found = {("", event) for event in graph.content.waiting}
    for node in graph.nodes.values():
        found |= {(node.id, event) for event in (*node.watching, *_begun_in(node), *choices(node))}
    return frozenset(found)


def choices(node: Node) -> tuple[str, ...]:
    """The events behind an event-based gateway."""
    return tuple(flow.target for flow in node.outgoing) if node.element == GATEWAY else ()


def pair_of(graph: Graph, state: State, row: Timer | Wait) -> Pair | None:
    """A row that waits, as a pair; none where a token of its own waits: at a catching event or receive task alone."""
    if row.holder in state.tasks:
        host = state.tasks[row.holder].node
        return None if host == row.node else (host, row.node)
    node = graph.nodes.get(row.node)
    return None if node is not None and node.element == CATCHING else (state.scopes[row.holder].node, row.node)


def events_of(run: Run) -> Iterator[tuple[Node, int, int]]:
    """Every event that would wait beside what is open in an instance: the event, its holder, its scope."""
    nodes, scopes = run.graph.nodes, run.state.scopes
    for number, place in run.state.tasks.items():
        if scopes[place.scope].kind not in SHELLS:
            yield from ((nodes[name], number, place.scope) for name in nodes[place.node].watching)
        yield from ((nodes[name], number, place.scope) for name in choices(nodes[place.node]))
    for number, scope in scopes.items():
        content = run.graph.content if number == ROOT else nodes[scope.node].content
        if scope.kind == FLOW and content is not None and not scope.more.get("interrupted"):
            yield from ((nodes[name], number, number) for name in content.waiting)
        if number != ROOT and scope.kind != UNDO and scopes[scope.parent].kind not in SHELLS:
            yield from ((nodes[name], number, scope.parent) for name in nodes[scope.node].watching)


def _begun_in(node: Node) -> tuple[str, ...]:
    return node.content.waiting if node.content else ()
