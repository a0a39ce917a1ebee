"""Inclusive gateway: waits for the tokens that can still come (see `joining`), then takes every flow that holds."""

from __future__ import annotations

from processes.engine.closing import leave
from processes.engine.elements.behaviour import Behaviour
from processes.engine.elements.parallel_gateway import keep, take
from processes.engine.graph import Node
from processes.engine.run import Run, Token


def enter(run: Run, node: Node, token: Token) -> None:
    """With one way in there is nothing to wait for."""
    if node.incoming > 1:
        keep(run, node, token)
        return
    run.enter(node)
    leave(run, node, token.scope)


def fire(run: Run, node: Node, holder: int) -> None:
    """No other token can come to the empty flows."""
    take(run, node, holder)
    run.enter(node)
    leave(run, node, holder)


BEHAVIOUR = Behaviour(enter, fire=fire)
