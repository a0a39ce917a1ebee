"""Boundary event: interrupts what it is attached to, or starts a second path beside it."""

from __future__ import annotations

from processes.engine.cancelling import cancel
from processes.engine.closing import leave
from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run
from processes.engine.throwing import scope_of


def fire(run: Run, node: Node, host: int) -> None:
    """`host` is the task or scope that it watches; interrupted, its token becomes the event's."""
    scope = scope_of(run, node, host)
    if node.interrupting:
        cancel(run, host)
    else:
        run.state.scopes[scope].live += 1
    run.enter(node)
    leave(run, node, scope)


BEHAVIOUR = Behaviour(fire=fire)
