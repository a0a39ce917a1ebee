"""Parallel gateway: waits for one token on each incoming flow, then sends one along each outgoing flow."""

from __future__ import annotations

from processes.engine.closing import leave
from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token


def enter(run: Run, node: Node, token: Token) -> None:
    """Keep the token until each incoming flow of this scope has brought one."""
    keep(run, node, token)
    if len(run.state.scopes[token.scope].joins[node.id]) < node.incoming:
        return
    fire(run, node, token.scope)


def fire(run: Run, node: Node, holder: int) -> None:
    """Each incoming flow has brought a token to the scope."""
    take(run, node, holder)
    run.enter(node)
    leave(run, node, holder, flows=node.outgoing)


def keep(run: Run, node: Node, token: Token) -> None:
    """The token waits at the gateway."""
    waiting = run.state.scopes[token.scope].joins.setdefault(node.id, {})
    waiting[token.flow] = waiting.get(token.flow, 0) + 1


def take(run: Run, node: Node, number: int) -> None:
    """One token from each flow that has one becomes a single token."""
    scope = run.state.scopes[number]
    waiting = scope.joins.pop(node.id)
    left = {flow: count - 1 for flow, count in waiting.items() if count > 1}
    if left:
        scope.joins[node.id] = left
    scope.live -= len(waiting) - 1


BEHAVIOUR = Behaviour(enter, fire=fire)
