"""Embedded sub-process and transaction: a scope of its own; the token goes on when the last inner token has ended."""

from __future__ import annotations

from processes.engine.closing import close_if_empty
from processes.engine.elements import activity
from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.rules import NOTHING
from processes.engine.run import Run
from processes.engine.state import SHELL, ScopeState
from processes.engine.throwing import arm
from processes.engine.waiting import watch


def begin(run: Run, node: Node, scope: int) -> None:
    """Begin at the inner start, watched by the boundary events, with the event sub-processes waiting and data of its
    own (BPMN 2.0.2, 10.4.1), which has no value yet but what its mappings and its repetition give."""
    content, around = node.content or NOTHING, run.state.scopes[scope]
    given = around.variables if around.kind == SHELL else {}
    number = run.number(node.id)
    run.state.scopes[number] = ScopeState(node.id, scope, variables={name: given.get(name) for name in content.data})
    watch(run, node, number, scope)
    arm(run, content, number)
    for start in content.starts:
        run.put(start, number)
    if not content.starts:
        close_if_empty(run, number)


BEHAVIOUR = Behaviour(activity.enter, begin)
