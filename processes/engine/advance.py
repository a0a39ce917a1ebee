"""One event moves an instance: `advance` is pure, so the same graph, state and event give the same result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from processes.engine import joining, repeating, throwing
from processes.engine.cancelling import clear
from processes.engine.closing import completed, leave
from processes.engine.effects import Effect
from processes.engine.elements import call_activity
from processes.engine.errors import EngineError
from processes.engine.events import (
    CalledCompleted,
    CalledEscalated,
    CalledFailed,
    Cancelled,
    ErrorThrown,
    EscalationThrown,
    Event,
    MessageArrived,
    Moved,
    SentBack,
    SignalArrived,
    Started,
    TaskCompleted,
    TimerDue,
    VariablesSet,
)
from processes.engine.graph import WORKED, Graph, Node
from processes.engine.outside import Evaluate, Outside
from processes.engine.run import ENTER, LEAVE, Run, Token
from processes.engine.sending_back import send_back
from processes.engine.state import ROOT, SHELL, ScopeState, State
from processes.engine.throwing import Thrown
from processes.engine.waiting import CONDITION, close_task, take_timer, unwatch

MAX_STEPS = 100_000  # moves of tokens and looks at conditions
LOOKS = 20  # so many looks of a join at where tokens stand cost as much as a move


def advance(
    graph: Graph, state: Mapping[str, Any], event: Event, now: datetime, evaluate: Evaluate | Outside
) -> tuple[dict[str, Any], list[Effect]]:
    """The state after an event, and what is to be done, in order.

    state: {} before Started, else what the last call gave; it is not changed. now: aware. evaluate: gives the value of
    an expression over the variables at a moment and raises where it cannot; an Outside also answers decision tables and
    business calendars. Raises EngineError; then nothing happened.
    """
    run = Run(graph, State.load(state), now, Outside.of(evaluate))
    _guard(run, event, started=bool(state))
    _take(run, event)
    _walk(run)
    return run.state.dump(), run.effects


def _take(run: Run, event: Event) -> None:
    match event:
        case TaskCompleted(task, variables):
            _complete(run, task, variables)
        case Started():
            _start(run, event)
        case TimerDue(timer):
            _fire(run, timer)
        case MessageArrived(subscription, variables):
            _message(run, subscription, variables)
        case SignalArrived(name, variables):
            throwing.broadcast(run, name, variables)
        case ErrorThrown(task, code, message, variables):
            throwing.throw_error(run, _task(run, task)[0], task, Thrown(code, message, variables))
        case EscalationThrown(task, code, variables):
            throwing.escalate(run, _task(run, task)[0], task, Thrown(code, variables=variables))
        case SentBack(task, to):
            send_back(run, task, to)
        case CalledCompleted(call, variables, outcome):
            call_activity.finish(run, _called(run, call), call, variables, outcome)
        case CalledFailed(call, code, message):
            throwing.throw_error(run, _called(run, call), call, Thrown(code, message))
        case CalledEscalated(call, code):
            throwing.escalate(run, _called(run, call), call, Thrown(code))
        case VariablesSet(variables):
            run.write(ROOT, variables)
        case Moved():
            run.changed = True
            joining.release_full(run)
        case Cancelled():
            _cancel(run)


def _guard(run: Run, event: Event, *, started: bool) -> None:
    if started == isinstance(event, Started):
        if started:
            raise EngineError("already_started", "", "Expected a new instance, but this one has started.")
        raise EngineError("not_started", "", "Expected a started instance, but this one has not started.")
    if run.state.finished:
        raise EngineError("finished", "", "Expected a running instance, but this one has finished.")


def _walk(run: Run) -> None:
    left, node, go_on = MAX_STEPS, "", run.outside.go_on
    while left > 0:
        left -= 1
        go_on()
        if run.changed:
            left -= _look(run)
        if run.ready:
            token = run.ready.popleft()
            node = token.node
            _step(run, token)
        elif looked := joining.release_joins(run):
            left -= looked // LOOKS
        else:
            return
    message = f"Expected the instance to wait or end, but after {MAX_STEPS:,} steps it still moves, at {node}."
    raise EngineError("livelock", node, message)


def _look(run: Run) -> int:
    """How many conditions were looked at."""
    run.changed = False
    if not run.state.waits:
        return 0
    count = sum(wait.kind == CONDITION for wait in run.state.waits.values())
    if count:
        throwing.look_at_conditions(run)
    return count


def _step(run: Run, token: Token) -> None:
    node = run.graph.nodes[token.node]
    if token.step == ENTER:
        node.behaviour.enter(run, node, token)
    elif token.step == LEAVE:
        node.behaviour.resume(run, node, token)
    else:
        repeating.go_on(run, node, token.scope)


def _start(run: Run, event: Started) -> None:
    run.state.variables.update(event.variables)
    run.state.called = event.called
    run.state.scopes[ROOT] = ScopeState()
    throwing.arm(run, run.graph.content, ROOT)
    if event.at and event.at not in run.graph.triggers and event.at not in run.graph.content.starts:
        raise EngineError("unknown_start", event.at, f'Expected a start of the process, but "{event.at}" is none.')
    for name in (event.at,) if event.at else run.graph.content.starts:
        node = run.graph.nodes[name]
        if node.element in ("receiveTask", "intermediateCatchEvent") and name in run.graph.triggers:
            run.state.scopes[ROOT].live += 1
            run.enter(node)
            (completed if node.element == "receiveTask" else leave)(run, node, ROOT)
        else:
            run.put(name, ROOT)


def _complete(run: Run, task: int, variables: Mapping[str, Any]) -> None:
    node, scope = _task(run, task)
    holder = run.state.scopes[scope]
    if node.outputs and holder.kind == SHELL:
        holder.variables.update(variables)
        run.changed = True
    else:
        run.write(scope, variables)
    close_task(run, task)
    if node.held:
        node.behaviour.resume(run, node, Token(node.id, scope, step=LEAVE))
    completed(run, node, scope)


def _fire(run: Run, timer: int) -> None:
    if timer not in run.state.timers:
        raise EngineError("unknown_timer", "", f"Expected a timer that runs, but timer {timer} does not.")
    row = take_timer(run, timer)
    node = run.graph.nodes[row.node]
    throwing.receive(run, node, throwing.scope_of(run, node, row.holder), {})
    node.behaviour.fire(run, node, row.holder)


def _message(run: Run, subscription: int, variables: Mapping[str, Any]) -> None:
    wait = run.state.waits.get(subscription)
    if wait is None or wait.kind != "message":
        message = f"Expected a subscription to a message, but {subscription} is none."
        raise EngineError("unknown_subscription", "", message)
    throwing.deliver(run, subscription, variables)


def _cancel(run: Run) -> None:
    clear(run, ROOT)
    unwatch(run, ROOT)
    del run.state.scopes[ROOT]
    run.finish("cancelled")


def _task(run: Run, task: int) -> tuple[Node, int]:
    place = run.state.tasks.get(task)
    if place is None or run.graph.nodes[place.node].element in WORKED:
        raise EngineError("unknown_task", "", f"Expected an open task, but task {task} is not open.")
    return run.graph.nodes[place.node], place.scope


def _called(run: Run, call: int) -> Node:
    place = run.state.tasks.get(call)
    if place is None or run.graph.nodes[place.node].element != "callActivity":
        raise EngineError("unknown_call", "", f"Expected a called process that runs, but call {call} is none.")
    return run.graph.nodes[place.node]
