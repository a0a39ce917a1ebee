"""Event-based gateway: the token waits for the first of several events and goes where it came from."""

from __future__ import annotations

from processes.engine.effects import Left
from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token
from processes.engine.waiting import close_task, stand, wait_for


def enter(run: Run, node: Node, token: Token) -> None:
    """Every event behind the gateway begins to wait."""
    run.enter(node)
    number = stand(run, node, token.scope)
    for flow in node.outgoing:
        wait_for(run, run.graph.nodes[flow.target], number, token.scope)


def chosen(run: Run, event: Node, gateway: int) -> int:
    """An event behind the gateway has happened: the others are over. The scope of the token that is now at it."""
    place = close_task(run, gateway)
    run.effects.append(Left(place.node))
    run.enter(event)
    return place.scope


BEHAVIOUR = Behaviour(enter)
