"""What an element may do: take a token that enters, begin as an activity, take what it waited for, go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from processes.engine.closing import leave
from processes.engine.graph import Node
from processes.engine.run import Run, Token


def never_entered(run: Run, node: Node, token: Token) -> None:
    """For elements that no flow leads to."""
    raise AssertionError(f"no flow leads to {node.element} {node.id}")


def never_begins(run: Run, node: Node, scope: int) -> None:
    """For elements that are no activities."""
    raise AssertionError(f"{node.element} {node.id} is no activity")


def never_fires(run: Run, node: Node, holder: int) -> None:
    """For elements that wait for nothing."""
    raise AssertionError(f"{node.element} {node.id} waits for nothing")


def goes_on(run: Run, node: Node, token: Token) -> None:
    """The token leaves."""
    leave(run, node, token.scope)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """enter: a token came by a flow. begin: an activity runs once in a scope. fire: what it waited for has come;
    `holder` is the scope it waits in or what it watches. resume: what it threw has had its effect."""

    enter: Callable[[Run, Node, Token], None] = never_entered
    begin: Callable[[Run, Node, int], None] = never_begins
    fire: Callable[[Run, Node, int], None] = never_fires
    resume: Callable[[Run, Node, Token], None] = goes_on
