"""Link events: the token that comes to the throwing end goes on from the catching one of the same name."""

from __future__ import annotations

from processes.engine.closing import leave
from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token


def jump(run: Run, node: Node, token: Token) -> None:
    """Go to the other end."""
    run.enter(node)
    run.put(node.follows, token.scope)
    leave(run, node, token.scope, flows=())


def arrive(run: Run, node: Node, token: Token) -> None:
    """Go on from here."""
    run.enter(node)
    leave(run, node, token.scope)


THROW = Behaviour(jump)
CATCH = Behaviour(arrive)
