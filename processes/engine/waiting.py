"""What waits: tasks, timers, subscriptions and conditions are opened here, and closed when they are over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from processes.engine.effects import (
    CancelCalled,
    CancelTask,
    CancelTimer,
    OpenTask,
    SetTimer,
    Subscribe,
    Unsubscribe,
)
from processes.engine.errors import EngineError
from processes.engine.graph import Node
from processes.engine.rules import EventRule
from processes.engine.run import Run
from processes.engine.state import LOOP, MANY, SHELL, Place, Timer, Wait
from processes.engine.timers import Due, as_moment

MESSAGE, SIGNAL, CONDITION = "message", "signal", "condition"
WAITING = frozenset(("timer", "message", "signal", "conditional"))
SILENT = frozenset(("receiveTask", "eventBasedGateway"))  # tasks that nobody was asked to open


def stand(run: Run, node: Node, scope: int) -> int:
    """A token stays on a node; the number by which its end is told."""
    number = run.number(node.id)
    run.state.tasks[number] = Place(node.id, scope)
    return number


def open_task(run: Run, node: Node, scope: int) -> None:
    """A task waits for its completion, watched by its boundary events."""
    number = stand(run, node, scope)
    run.effects.append(OpenTask(number, node.id))
    watch(run, node, number, scope)


def watch(run: Run, host: Node, number: int, scope: int) -> None:
    """Boundary events begin to wait; those of an activity in a shell watch the outermost shell instead."""
    if host.watching and run.state.scopes[scope].kind not in (SHELL, MANY, LOOP):
        for boundary in host.watching:
            wait_for(run, run.graph.nodes[boundary], number, scope)


def wait_for(run: Run, node: Node, holder: int, scope: int) -> None:
    """An event waits for its time, message, signal or condition. scope: whose variables its expressions see."""
    event = node.event or EventRule("")
    if event.kind == "timer":
        set_timer(run, node, holder, _due(run, node, scope))
    elif event.kind == "conditional":
        run.state.waits[run.number(node.id)] = Wait(node.id, holder, CONDITION)
        run.changed = True
    else:
        keys = run.keys(node, run.variables(scope)) if node.keys else {}
        subscribe(run, node, holder, event.kind, event.name, keys)


def subscribe(run: Run, node: Node, holder: int, kind: str, name: str, keys: Mapping[str, Any]) -> None:
    """Wait for a message or signal."""
    number = run.number(node.id)
    run.state.waits[number] = Wait(node.id, holder, kind, name, keys)
    run.effects.append(Subscribe(number, node.id, kind, name, keys))


def set_timer(run: Run, node: Node, holder: int, due: Due) -> None:
    """Wait for a moment; a cycle goes on only where the event leaves its host alone."""
    number = run.number(node.id)
    repeats = due.left != 0 and not node.interrupting
    row = Timer(node.id, holder, due.left, due.every, due.at.isoformat()) if repeats else Timer(node.id, holder)
    run.state.timers[number] = row
    run.effects.append(SetTimer(number, node.id, due.at))


def take_timer(run: Run, number: int) -> Timer:
    """A timer that is due, set anew where it repeats: times that passed while nobody looked are not made up for."""
    timer = run.state.timers.pop(number)
    if timer.every and timer.left:
        due = Due(as_moment(timer.due), timer.left, timer.every)
        try:
            again = run.graph.nodes[timer.node].timer.next_after(due, run.now, run.outside.due)
        except ValueError as error:
            raise EngineError("bad_timer", timer.node, f"The time of {timer.node} is not one: {error}") from error
        if again is not None:
            set_again(run, timer, again)
    return timer


def set_again(run: Run, timer: Timer, due: Due) -> None:
    """The next time of a cycle."""
    number = run.number(timer.node)
    run.state.timers[number] = Timer(timer.node, timer.holder, due.left, due.every, due.at.isoformat())
    run.effects.append(SetTimer(number, timer.node, due.at))


def take_wait(run: Run, number: int) -> Wait:
    """A wait that is over; one that leaves its host alone stays for the next time."""
    wait = run.state.waits[number]
    node = run.graph.nodes[wait.node]
    if node.element in ("boundaryEvent", "startEvent") and not node.interrupting:
        return wait
    return drop_wait(run, number)


def drop_wait(run: Run, number: int) -> Wait:
    """Nobody waits for it any more."""
    wait = run.state.waits.pop(number)
    if wait.kind != CONDITION:
        run.effects.append(Unsubscribe(number, wait.node))
    return wait


def drop_timer(run: Run, number: int) -> Timer:
    """Nobody waits for it any more."""
    timer = run.state.timers.pop(number)
    run.effects.append(CancelTimer(number, timer.node))
    return timer


def unwatch(run: Run, number: int) -> None:
    """Whatever watches a task or scope, or waits for it, is over."""
    timers, waits = run.state.timers, run.state.waits
    if timers:
        for timer in [timer for timer, row in timers.items() if row.holder == number]:
            drop_timer(run, timer)
    if waits:
        for wait in [wait for wait, row in waits.items() if row.holder == number]:
            drop_wait(run, wait)


def close_task(run: Run, number: int) -> Place:
    """A task is done; what watched it is over."""
    place = run.state.tasks.pop(number)
    unwatch(run, number)
    return place


def call_off(run: Run, number: int) -> Place:
    """A task is not wanted any more; what watches it is for the caller to close."""
    place = run.state.tasks.pop(number)
    element = run.graph.nodes[place.node].element
    if element == "callActivity":
        run.effects.append(CancelCalled(number, place.node))
    elif element not in SILENT:
        run.effects.append(CancelTask(number, place.node))
    return place


def _due(run: Run, node: Node, scope: int) -> Due:
    try:
        return node.timer.due(run.now, lambda text: run.value(text, node.id, scope), run.outside.due)
    except ValueError as error:
        raise EngineError("bad_timer", node.id, f"The time of {node.id} is not one: {error}") from error
