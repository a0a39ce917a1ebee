"""Intermediate catch event: the token waits for a time, message, signal or condition."""

from __future__ import annotations

from processes.engine.closing import leave
from processes.engine.elements.behaviour import Behaviour
from processes.engine.elements.event_based_gateway import chosen
from processes.engine.graph import Node
from processes.engine.run import Run, Token
from processes.engine.waiting import wait_for


def enter(run: Run, node: Node, token: Token) -> None:
    """Begin to wait."""
    run.enter(node)
    wait_for(run, node, token.scope, token.scope)


def fire(run: Run, node: Node, holder: int) -> None:
    """It has happened: pass the token on, also as one choice of an event-based gateway."""
    leave(run, node, chosen(run, node, holder) if holder in run.state.tasks else holder)


BEHAVIOUR = Behaviour(enter, fire=fire)
