"""Which of an instance's subscriptions a message or signal is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from processes.engine.graph import Graph
from processes.engine.state import State, Wait
from processes.engine.values import is_same
from processes.engine.waiting import MESSAGE, SIGNAL


def receivers(
    graph: Graph, state: Mapping[str, Any], name: str, keys: Mapping[str, Any], activity: str = ""
) -> list[int]:
    """Numbers of the subscriptions to a message whose keys fit, oldest first.

    Each key given must equal the subscription's key of that name or, where it declares none, the receiver's variable.
    activity: only the element of this id, whatever it calls its message.
    """
    held = State.load(state)
    waits = sorted((number, wait) for number, wait in held.waits.items() if wait.kind == MESSAGE)
    return [
        number
        for number, wait in waits
        if (wait.node == activity if activity else True)
        and (wait.name == name or (activity and not wait.name))
        and _fits(graph, held, wait, keys)
    ]


def waits_for_signal(state: Mapping[str, Any], name: str) -> bool:
    """Whether anything in the instance waits for a signal."""
    return any((wait.kind, wait.name) == (SIGNAL, name) for wait in State.load(state).waits.values())


def _fits(graph: Graph, held: State, wait: Wait, keys: Mapping[str, Any]) -> bool:
    if not keys:
        return True
    seen = held.seen(_scope(graph, held, wait))
    return all(is_same(wait.keys.get(name, seen.get(name)), value) for name, value in keys.items())


def _scope(graph: Graph, held: State, wait: Wait) -> int:
    if wait.holder in held.tasks:
        return held.tasks[wait.holder].scope
    outside = graph.nodes[wait.node].element == "boundaryEvent"
    return held.scopes[wait.holder].parent if outside else wait.holder
