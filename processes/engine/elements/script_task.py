"""Script task: expressions give variables their values, and the token passes; nothing else can happen in it."""

from __future__ import annotations

from processes.engine.closing import completed
from processes.engine.elements import activity
from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token
from processes.engine.waiting import open_task


def begin(run: Run, node: Node, scope: int) -> None:
    """Run, unless the caller holds it."""
    if node.held:
        open_task(run, node, scope)
        return
    assign(run, node, scope)
    completed(run, node, scope)


def assign(run: Run, node: Node, scope: int) -> None:
    """Each expression sees what those before it gave."""
    for target, text in node.script:
        seen = run.variables(scope)
        run.write(scope, run.assigned(((target, text),), node.id, seen, seen))


def resume(run: Run, node: Node, token: Token) -> None:
    """A held script is let go."""
    assign(run, node, token.scope)


BEHAVIOUR = Behaviour(activity.enter, begin, resume=resume)
