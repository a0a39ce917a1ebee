"""Plain task: nobody does anything, the token passes at once."""

from __future__ import annotations

from processes.engine.closing import completed
from processes.engine.elements import activity
from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run


def begin(run: Run, node: Node, scope: int) -> None:
    """Pass the token on."""
    completed(run, node, scope)


BEHAVIOUR = Behaviour(activity.enter, begin)
