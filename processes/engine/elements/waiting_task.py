"""User, manual and service task: the token waits until the task is completed."""

from __future__ import annotations

from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token


def enter(run: Run, node: Node, token: Token) -> None:
    """Open the task with its boundary timers."""
    run.enter(node)
    run.open_task(node, token.scope)


BEHAVIOUR = Behaviour(enter)
