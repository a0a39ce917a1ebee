"""Send task: throws its message, and the token passes."""

from __future__ import annotations

from processes.engine.closing import completed
from processes.engine.elements import activity
from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.messages import throw
from processes.engine.run import Run, Token
from processes.engine.waiting import open_task


def begin(run: Run, node: Node, scope: int) -> None:
    """Send, unless the caller holds it."""
    if node.held:
        open_task(run, node, scope)
        return
    throw(run, node, scope)
    completed(run, node, scope)


def resume(run: Run, node: Node, token: Token) -> None:
    """A held task is let go."""
    throw(run, node, token.scope)


BEHAVIOUR = Behaviour(activity.enter, begin, resume=resume)
