"""Start event: the token begins here and goes on at once; that of an event sub-process begins it when it happens."""

from __future__ import annotations

from processes.engine.closing import leave
from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token
from processes.engine.throwing import start_event_sub_process


def enter(run: Run, node: Node, token: Token) -> None:
    """Pass the token on."""
    run.enter(node)
    leave(run, node, token.scope)


BEHAVIOUR = Behaviour(enter, fire=start_event_sub_process)
