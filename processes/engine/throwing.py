"""Errors and escalations look for what catches them from the inside out; signals reach all that wait for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from processes.engine.cancelling import clear
from processes.engine.effects import Entered, Escalated, Failed, ThrowSignal
from processes.engine.errors import EngineError
from processes.engine.graph import Node
from processes.engine.rules import NOTHING, Content, EventRule
from processes.engine.run import Run
from processes.engine.state import FLOW, LOOP, MANY, ROOT, SHELL, UNDO, ScopeState
from processes.engine.waiting import CONDITION, SIGNAL, take_wait, unwatch, wait_for

ERROR, ESCALATION = "error", "escalation"
Caught = tuple[Node, int]


class Thrown(NamedTuple):
    """What an error or escalation says: to what catches it, in whose scope its variables are known."""

    code: str
    message: str = ""
    variables: Mapping[str, Any] = {}


def throw_error(run: Run, node: Node, number: int, thrown: Thrown) -> None:
    """An error from a task or scope. Uncaught it ends a called instance; otherwise the step fails.

    Raises EngineError(uncaught_error).
    """
    caught = _catcher(run, ERROR, number, thrown.code)
    if caught is not None:
        _catch(run, *caught, thrown)
        return
    if not run.state.called:
        said, name = f": {thrown.message}" if thrown.message else ".", node.name or node.id
        text = f'Expected something to catch the error "{thrown.code}" of {name}, but nothing does{said}'
        raise EngineError("uncaught_error", node.id, text)
    clear(run, ROOT)
    unwatch(run, ROOT)
    del run.state.scopes[ROOT]
    run.state.outcome, run.state.finished = "failed", True
    run.effects.append(Failed(node.id, thrown.code, thrown.message))


def escalate(run: Run, node: Node, number: int, thrown: Thrown) -> None:
    """An escalation from a task or scope; uncaught it is told to the caller and nothing follows."""
    caught = _catcher(run, ESCALATION, number, thrown.code)
    if caught is not None:
        _catch(run, *caught, thrown)
        return
    place = run.state.tasks.get(number)
    run.write(place.scope if place else number, thrown.variables)
    run.effects.append(Escalated(node.id, thrown.code))


def throw_signal(run: Run, node: Node, name: str, variables: Mapping[str, Any]) -> None:
    """A signal reaches everything here that waits for it, and is told to the caller for all other instances."""
    run.effects.append(ThrowSignal(node.id, name, variables))
    broadcast(run, name, variables)


def broadcast(run: Run, name: str, variables: Mapping[str, Any]) -> None:
    """Everything that waits for a signal goes on, in the order in which it began to wait."""
    for number in sorted(
        number for number, wait in run.state.waits.items() if (wait.kind, wait.name) == (SIGNAL, name)
    ):
        if number in run.state.waits:
            deliver(run, number, variables)


def deliver(run: Run, number: int, variables: Mapping[str, Any]) -> None:
    """The message or signal of a wait has come with what it says."""
    wait = take_wait(run, number)
    node = run.graph.nodes[wait.node]
    receive(run, node, scope_of(run, node, wait.holder), variables)
    node.behaviour.fire(run, node, wait.holder)


def receive(run: Run, node: Node, scope: int, variables: Mapping[str, Any]) -> None:
    """What comes with an event goes to the variables: as it is, or as the node's output mappings say, which also an
    event may have that brings nothing."""
    if node.outputs and node.element not in ("receiveTask",):
        seen = {**run.variables(scope), **variables}
        run.write(scope, run.assigned(node.outputs, node.id, seen, run.variables(scope)))
    elif node.outputs and run.state.scopes[scope].kind == SHELL:
        run.state.scopes[scope].variables.update(variables)
        run.changed = True
    else:
        run.write(scope, variables)


def look_at_conditions(run: Run) -> None:
    """Each condition that has become true since it was last looked at lets its event happen."""
    run.changed = False
    for number in sorted(number for number, wait in run.state.waits.items() if wait.kind == CONDITION):
        wait = run.state.waits.get(number)
        if wait is None:
            continue
        node = run.graph.nodes[wait.node]
        text = node.event.condition if node.event else ""
        scope = scope_of(run, node, wait.holder)
        holds = run.truth(text, node.id, scope)
        run.state.waits[number] = wait._replace(held=holds)
        if holds and not wait.held:
            take_wait(run, number)
            receive(run, node, scope, {})
            node.behaviour.fire(run, node, wait.holder)


def scope_of(run: Run, node: Node, holder: int) -> int:
    """The scope in which an event happens, from what it waits in or watches."""
    if holder in run.state.tasks:
        return run.state.tasks[holder].scope
    return run.state.scopes[holder].parent if node.element == "boundaryEvent" else holder


def arm(run: Run, content: Content, scope: int) -> None:
    """The event sub-processes of a scope begin to wait."""
    for start in content.waiting:
        wait_for(run, run.graph.nodes[start], scope, scope)


def start_event_sub_process(run: Run, start: Node, scope: int) -> None:
    """An event sub-process begins beside what runs in its scope, or instead of it. Its own data begins with what is
    known around it, which is where its event wrote what it brings."""
    holder = run.state.scopes[scope]
    if start.interrupting:
        clear(run, scope)
        holder.more["interrupted"] = True
    holder.live += 1
    number = run.number(start.follows)
    content, seen = run.graph.nodes[start.follows].content or NOTHING, run.variables(scope)
    run.state.scopes[number] = ScopeState(start.follows, scope, variables={n: seen.get(n) for n in content.data})
    run.effects.append(Entered(start.follows))
    arm(run, content, number)
    run.put(start.id, number)


def _catch(run: Run, node: Node, holder: int, thrown: Thrown) -> None:
    event = node.event or EventRule("")
    told = {event.code_variable: thrown.code, event.message_variable: thrown.message or None}
    told.pop("", None)
    receive(run, node, scope_of(run, node, holder), {**thrown.variables, **told})
    node.behaviour.fire(run, node, holder)


def _catcher(run: Run, kind: str, number: int, code: str) -> Caught | None:
    """The nearest event that catches: one that names the code before one that catches any."""
    for candidates, holder in _outwards(run, number):
        fitting = [one for name in candidates if _fits(one := run.graph.nodes[name], kind, code)]
        if fitting:
            return min(fitting, key=lambda one: not (one.event and one.event.code)), holder
    return None


def _outwards(run: Run, number: int) -> Iterator[tuple[tuple[str, ...], int]]:
    """From a task or scope outwards: event sub-processes of each scope, then the boundary events on it."""
    scopes, nodes, name = run.state.scopes, run.graph.nodes, ""
    while number >= 0:
        inner = name
        if number in run.state.tasks:
            name, outer = run.state.tasks[number]
        else:
            scope = scopes[number]
            name, outer = scope.node, scope.parent
            content = run.graph.content if number == ROOT else nodes[name].content
            if scope.kind == FLOW and content and not scope.more.get("interrupted"):
                yield tuple(start for start in content.catching if nodes[start].follows != inner), number
        watched = outer >= 0 and scopes[outer].kind not in (SHELL, MANY, LOOP)
        undoing = number in scopes and scopes[number].kind == UNDO
        if name and watched and not undoing:
            yield nodes[name].boundary, number
        number = outer


def _fits(node: Node, kind: str, code: str) -> bool:
    return node.event is not None and node.event.kind == kind and node.event.code in ("", code)
