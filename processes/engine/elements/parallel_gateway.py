"""Parallel gateway: waits for one token on each incoming flow, then sends one along each outgoing flow."""

from __future__ import annotations

from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token


def enter(run: Run, node: Node, token: Token) -> None:
    """Keep the token until each incoming flow of this scope has brought one."""
    scope = run.state.scopes[token.scope]
    waiting = scope.joins.setdefault(node.id, {})
    waiting[token.flow] = waiting.get(token.flow, 0) + 1
    if len(waiting) < node.incoming:
        return
    left = {flow: count - 1 for flow, count in waiting.items() if count > 1}
    if left:
        scope.joins[node.id] = left
    else:
        del scope.joins[node.id]
    scope.live -= node.incoming - 1
    run.enter(node)
    run.leave(node, token.scope, flows=node.outgoing)


BEHAVIOUR = Behaviour(enter)
