"""What an element may do: take a token that enters, and take the time that its timer waited for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from processes.engine.graph import Node
from processes.engine.run import Run, Token


def never_fires(run: Run, node: Node, holder: int) -> None:
    """For elements without a timer."""
    raise AssertionError(f"{node.element} {node.id} has no timer")


def never_entered(run: Run, node: Node, token: Token) -> None:
    """For elements that no flow leads to."""
    raise AssertionError(f"no flow leads to {node.element} {node.id}")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """enter: a token came by a flow. fire: its timer is due; `holder` is the scope it waits in or what it watches."""

    enter: Callable[[Run, Node, Token], None]
    fire: Callable[[Run, Node, int], None] = never_fires
