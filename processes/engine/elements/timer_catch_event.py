"""Timer intermediate catch event: the token waits until its time."""

from __future__ import annotations

from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token


def enter(run: Run, node: Node, token: Token) -> None:
    """Set the timer."""
    run.enter(node)
    run.set_timer(node, token.scope)


def fire(run: Run, node: Node, holder: int) -> None:
    """Its time has come: pass the token on."""
    run.leave(node, holder)


BEHAVIOUR = Behaviour(enter, fire)
