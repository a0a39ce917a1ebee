"""None start event: the token begins here and goes on at once."""

from __future__ import annotations

from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token


def enter(run: Run, node: Node, token: Token) -> None:
    """Pass the token on."""
    run.enter(node)
    run.leave(node, token.scope)


BEHAVIOUR = Behaviour(enter)
