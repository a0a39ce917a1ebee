"""Embedded sub-process: a scope of its own; the token goes on when the last inner token has ended."""

from __future__ import annotations

from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token


def enter(run: Run, node: Node, token: Token) -> None:
    """Begin at the inner start event, watched by the boundary timers."""
    run.enter(node)
    run.open_scope(node, token.scope)


BEHAVIOUR = Behaviour(enter)
