"""Timer boundary event: interrupts what it is attached to, or starts a second path beside it."""

from __future__ import annotations

from processes.engine.elements.behaviour import Behaviour, never_entered
from processes.engine.graph import Node
from processes.engine.run import Run


def fire(run: Run, node: Node, holder: int) -> None:
    """`holder` is the task or scope that it watches."""
    scope = _scope_of(run, holder)
    if node.interrupting:
        _cancel(run, holder)
    else:
        run.state.scopes[scope].live += 1
    run.enter(node)
    run.leave(node, scope)


def _scope_of(run: Run, holder: int) -> int:
    tasks = run.state.tasks
    return tasks[holder][1] if holder in tasks else run.state.scopes[holder].parent


def _cancel(run: Run, holder: int) -> None:
    """Cancel the host with all that is in it; its token becomes the event's."""
    if holder in run.state.tasks:
        run.cancel_task(holder)
    else:
        run.cancel_scope(holder)


BEHAVIOUR = Behaviour(never_entered, fire)
