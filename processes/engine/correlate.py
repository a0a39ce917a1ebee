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
        and not denies(wait.keys, keys, _seen(graph, held, wait))
    ]


def fits(wanted: Mapping[str, Any], given: Mapping[str, Any], seen: Mapping[str, Any]) -> bool:
    """Whether a message says all that its receiver asks for, and nothing that the variables that it sees deny."""
    said = all(name in given and is_same(given[name], value) for name, value in wanted.items())
    return said and not denies(wanted, given, seen)


def denies(wanted: Mapping[str, Any], given: Mapping[str, Any], seen: Mapping[str, Any]) -> bool:
    """Whether a key given is another one than the receiver asks for or, where it does not, than its variable."""
    return any(not is_same(wanted.get(name, seen.get(name)), value) for name, value in given.items())


def exactness(wanted: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Receivers that a message fits are served in this order: those first that ask for the most."""
    return -len(wanted), sorted(wanted)


def is_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two sets of keys are the same."""
    return one.keys() == other.keys() and all(is_same(value, other[name]) for name, value in one.items())


def seen_at(graph: Graph, state: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """The variables that a subscription sees; those of the instance where it is over."""
    held = State.load(state)
    return _seen(graph, held, held.waits[number]) if number in held.waits else held.variables


def waits_for_signal(state: Mapping[str, Any], name: str) -> bool:
    """Whether anything in the instance waits for a signal."""
    return any((wait.kind, wait.name) == (SIGNAL, name) for wait in State.load(state).waits.values())


def _seen(graph: Graph, held: State, wait: Wait) -> Mapping[str, Any]:
    return held.seen(_scope(graph, held, wait))


def _scope(graph: Graph, held: State, wait: Wait) -> int:
    if wait.holder in held.tasks:
        return held.tasks[wait.holder].scope
    outside = graph.nodes[wait.node].element == "boundaryEvent"
    return held.scopes[wait.holder].parent if outside else wait.holder
