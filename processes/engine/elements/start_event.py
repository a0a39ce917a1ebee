"""Start event: the token begins here and goes on at once; that of an event sub-process begins it when it happens, and
what it brings has been received then."""

from __future__ import annotations

from processes.engine.closing import leave
from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token
from processes.engine.throwing import receive, start_event_sub_process


def enter(run: Run, node: Node, token: Token) -> None:
    """Pass the token on."""
    run.enter(node)
    if not node.follows:
        receive(run, node, token.scope, {})
    leave(run, node, token.scope)


BEHAVIOUR = Behaviour(enter, fire=start_event_sub_process)
