"""Receive task: the token waits for a message."""

from __future__ import annotations

from processes.engine.closing import completed
from processes.engine.elements import activity
from processes.engine.elements.behaviour import Behaviour
from processes.engine.elements.event_based_gateway import chosen
from processes.engine.graph import Node
from processes.engine.run import Run
from processes.engine.waiting import close_task, stand, wait_for, watch


def begin(run: Run, node: Node, scope: int) -> None:
    """Wait, watched by the boundary events."""
    number = stand(run, node, scope)
    wait_for(run, node, number, scope)
    watch(run, node, number, scope)


def fire(run: Run, node: Node, holder: int) -> None:
    """The message has come: to the task itself, or to it as one choice of an event-based gateway."""
    if run.state.tasks[holder].node == node.id:
        completed(run, node, close_task(run, holder).scope)
    else:
        completed(run, node, chosen(run, node, holder))


BEHAVIOUR = Behaviour(activity.enter, begin, fire)
