"""Exclusive gateway: every token passes, by the first flow in document order whose condition holds."""

from __future__ import annotations

from processes.engine.closing import leave
from processes.engine.document import Flow
from processes.engine.elements.behaviour import Behaviour
from processes.engine.errors import EngineError
from processes.engine.graph import Node
from processes.engine.run import Run, Token


def enter(run: Run, node: Node, token: Token) -> None:
    """Choose one flow; the default where no condition holds. Raises EngineError(no_flow_taken)."""
    run.enter(node)
    leave(run, node, token.scope, flows=_choose(run, node, token.scope))


def _choose(run: Run, node: Node, scope: int) -> tuple[Flow, ...]:
    for flow in node.outgoing:
        if flow.id != node.default and (not flow.condition or run.holds(flow, scope)):
            return (flow,)
    if node.default:
        return (run.graph.flows[node.default],)
    if not node.outgoing:
        return ()
    message = f'Expected a flow out of "{node.name or node.id}" whose condition holds, but none does.'
    raise EngineError("no_flow_taken", node.id, message)


BEHAVIOUR = Behaviour(enter)
