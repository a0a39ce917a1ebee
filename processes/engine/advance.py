"""One event moves an instance: `advance` is pure, so the same graph, state and event give the same result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from processes.engine.effects import Effect
from processes.engine.elements import behaviour_of
from processes.engine.errors import EngineError
from processes.engine.events import Cancelled, Event, Started, TaskCompleted, TimerDue, VariablesSet
from processes.engine.graph import Graph
from processes.engine.run import Evaluate, Run
from processes.engine.state import ROOT, ScopeState, State

MAX_STEPS = 10_000


def advance(
    graph: Graph, state: Mapping[str, Any], event: Event, now: datetime, evaluate: Evaluate
) -> tuple[dict[str, Any], list[Effect]]:
    """The state after an event, and what is to be done, in order.

    state: {} before Started, else what the last call gave; it is not changed. now: aware. evaluate: gives the value of
    an expression over the variables and raises where it cannot. Raises EngineError; then nothing happened.
    """
    run = Run(graph, State.load(state), now, evaluate)
    _guard(run, event, started=bool(state))
    match event:
        case Started(variables):
            _start(run, variables)
        case TaskCompleted(task, variables):
            _complete(run, task, variables)
        case TimerDue(timer):
            _fire(run, timer)
        case VariablesSet(variables):
            run.state.variables.update(variables)
        case Cancelled():
            _cancel(run)
    _walk(run)
    return run.state.dump(), run.effects


def _guard(run: Run, event: Event, *, started: bool) -> None:
    if isinstance(event, Started) and started:
        raise EngineError("already_started", "", "Expected a new instance, but this one has started.")
    if not isinstance(event, Started) and not started:
        raise EngineError("not_started", "", "Expected a started instance, but this one has not started.")
    if run.state.finished:
        raise EngineError("finished", "", "Expected a running instance, but this one has finished.")


def _walk(run: Run) -> None:
    for _ in range(MAX_STEPS):
        if not run.ready:
            return
        token = run.ready.popleft()
        node = run.graph.nodes[token.node]
        behaviour_of(node.element, node.trigger).enter(run, node, token)
    if run.ready:
        node_id = run.ready[0].node
        message = f"Expected the instance to wait or end, but after {MAX_STEPS:,} steps it still moves, at {node_id}."
        raise EngineError("livelock", node_id, message)


def _start(run: Run, variables: Mapping[str, Any]) -> None:
    run.state.variables.update(variables)
    run.state.scopes[ROOT] = ScopeState()
    run.put(run.graph.start, ROOT)


def _complete(run: Run, task: int, variables: Mapping[str, Any]) -> None:
    if task not in run.state.tasks:
        raise EngineError("unknown_task", "", f"Expected an open task, but task {task} is not open.")
    node_id, scope = run.state.tasks.pop(task)
    run.state.variables.update(variables)
    run.unwatch(task)
    run.leave(run.graph.nodes[node_id], scope)


def _fire(run: Run, timer: int) -> None:
    waiting = run.state.timers if timer in run.state.timers else run.state.guards
    if timer not in waiting:
        raise EngineError("unknown_timer", "", f"Expected a timer that runs, but timer {timer} does not.")
    node_id, holder = waiting.pop(timer)
    node = run.graph.nodes[node_id]
    behaviour_of(node.element, node.trigger).fire(run, node, holder)


def _cancel(run: Run) -> None:
    run.cancel_scope(ROOT)
    run.finish("cancelled")
