"""None intermediate throw event: a milestone that the token passes."""

from __future__ import annotations

from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token


def enter(run: Run, node: Node, token: Token) -> None:
    """Reach the milestone and pass the token on."""
    run.enter(node)
    run.leave(node, token.scope)


BEHAVIOUR = Behaviour(enter)
