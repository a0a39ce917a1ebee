"""None end event: the token ends; `tl:outcome` says how the order ends."""

from __future__ import annotations

from processes.engine.elements.behaviour import Behaviour
from processes.engine.graph import Node
from processes.engine.run import Run, Token
from processes.engine.state import ROOT


def enter(run: Run, node: Node, token: Token) -> None:
    """Take the token away; the scope ends with its last one."""
    run.enter(node)
    if token.scope == ROOT:
        run.end_with(node.outcome)
    run.leave(node, token.scope, flows=())


BEHAVIOUR = Behaviour(enter)
