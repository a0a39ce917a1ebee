"""Takes away what is not wanted any more: a task, or a scope with everything in it."""

from __future__ import annotations

from collections import deque

from processes.engine.effects import Left
from processes.engine.run import LEAVE, Run
from processes.engine.state import FLOW, LOOP, MANY, Timer, Wait
from processes.engine.waiting import call_off, drop_timer, drop_wait, unwatch

Held = dict[int, list[int]]


def cancel(run: Run, number: int) -> None:
    """A task or scope ends where it stands, with all that is in it and all that watches it."""
    if number in run.state.tasks:
        place = call_off(run, number)
        unwatch(run, number)
        run.left(run.graph.nodes[place.node], place.scope, called_off=True)
        return
    clear(run, number)
    unwatch(run, number)
    _remove(run, number)


def clear(run: Run, number: int) -> None:
    """Everything in a scope ends, inner scopes first; the scope stays, with what watches it from outside."""
    inside = _inside(run, number)
    run.effects += [Left(one.node) for one in run.ready if one.step == LEAVE and one.scope in inside]
    run.ready = deque(token for token in run.ready if token.scope not in inside)
    tasks, held = _tasks(run), _held(run)
    for scope in sorted(inside, reverse=True):
        for task in tasks.get(scope, ()):
            place = call_off(run, task)
            for watching in (*held.get(task, ()), *held.get(-task, ())):
                _drop(run, watching, told=False)
            run.left(run.graph.nodes[place.node], scope, called_off=True)
        for waiting in held.get(scope, ()):
            _drop(run, waiting, told=True)
        if scope != number:
            for watching in held.get(-scope, ()):
                _drop(run, watching, told=False)
            _remove(run, scope)
    emptied = run.state.scopes[number]
    emptied.live = 0
    emptied.joins.clear()


def _inside(run: Run, number: int) -> set[int]:
    """A scope and those in it: an inner scope's number is larger than its parent's."""
    found = {number}
    for inner in sorted(run.state.scopes):
        if run.state.scopes[inner].parent in found:
            found.add(inner)
    return found


def _tasks(run: Run) -> Held:
    found: Held = {}
    for number, place in run.state.tasks.items():
        found.setdefault(place.scope, []).append(number)
    return found


def _held(run: Run) -> Held:
    """Timers and waits by their holder; those that watch it from outside, as boundary events, by its negative."""
    found: Held = {}
    rows: list[tuple[int, Timer | Wait]] = [*run.state.timers.items(), *run.state.waits.items()]
    for number, row in rows:
        outside = run.graph.nodes[row.node].element == "boundaryEvent"
        found.setdefault(-row.holder if outside else row.holder, []).append(number)
    return found


def _drop(run: Run, number: int, *, told: bool) -> None:
    """told: a token stood on it, if it is an intermediate event."""
    row = drop_timer(run, number) if number in run.state.timers else drop_wait(run, number)
    if told and run.graph.nodes[row.node].element == "intermediateCatchEvent":
        run.effects.append(Left(row.node, called_off=True))


def _remove(run: Run, number: int) -> None:
    scope = run.state.scopes.pop(number)
    if scope.node and (scope.kind in (FLOW, MANY, LOOP) or scope.more.get("then") == "leave"):
        parent = run.state.scopes.get(scope.parent)
        if parent is None:
            run.effects.append(Left(scope.node, called_off=True))
        else:
            run.left(run.graph.nodes[scope.node], scope.parent, called_off=True)
