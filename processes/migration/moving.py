"""What a move does to the state of an instance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from processes.engine import Effect, Graph, Moved, Node, Outside, advance
from processes.engine.run import Run
from processes.engine.state import Done, ScopeState, State, Timer, Wait
from processes.engine.throwing import scope_of
from processes.engine.waiting import drop_timer, drop_wait, wait_for
from processes.migration.mapping import Nodes, flow_of
from processes.migration.watching import events_of, pair_of, pairs


def moved(
    old: Graph, new: Graph, state: Mapping[str, Any], nodes: Nodes, now: datetime, outside: Outside
) -> tuple[dict[str, Any], list[Effect]]:
    """The state in the new version, and the timers and subscriptions to set and to end.

    What waits keeps its due time. Events that the new version adds to something open (on an activity, behind an
    event-based gateway, beside a sub-process) begin to wait as for a token that comes now: their time counts from the
    move. Those that it took away end. What holds there already is for `settled`. Raises EngineError where the time or
    key of a new event cannot be had.
    """
    run = Run(new, renamed(old, new, state, nodes), now, outside)
    _end_what_is_gone(run)
    _listen_anew(run, {number: old.nodes[wait.node] for number, wait in State.load(state).waits.items()})
    counterparts = {"": "", **nodes}
    before = {(counterparts.get(host), nodes[event]) for host, event in pairs(old) if event in nodes}
    for node, holder, scope in list(events_of(run)):
        if (_host(run, holder), node.id) not in before:
            wait_for(run, node, holder, scope)
    return run.state.dump(), run.effects


def settled(
    new: Graph, state: Mapping[str, Any], now: datetime, outside: Outside
) -> tuple[dict[str, Any], list[Effect]]:
    """The moved state after what holds already in the new version: joins with all their tokens, true conditions.

    Raises EngineError.
    """
    return advance(new, state, Moved(), now, outside)


def renamed(old: Graph, new: Graph, state: Mapping[str, Any], nodes: Nodes) -> State:
    """The state with the new names; an event that has no counterpart keeps its old name behind a "-"."""
    held = State.load(state)
    held.tasks = {number: place._replace(node=nodes[place.node]) for number, place in held.tasks.items()}
    held.timers = {n: row._replace(node=nodes.get(row.node, f"-{row.node}")) for n, row in held.timers.items()}
    held.waits = {n: row._replace(node=nodes.get(row.node, f"-{row.node}")) for n, row in held.waits.items()}
    for scope in held.scopes.values():
        _rename(scope, old, new, nodes)
    return held


def _rename(scope: ScopeState, old: Graph, new: Graph, nodes: Nodes) -> None:
    scope.node = nodes.get(scope.node, scope.node)
    scope.done = [_renamed_done(done, nodes) for done in scope.done]
    if "queue" in scope.more:
        scope.more["queue"] = [list(_renamed_done(done, nodes)) for done in scope.more["queue"]]
    scope.joins = {
        nodes[gateway]: {flow_of(old, new, flow, nodes): count for flow, count in waiting.items()}
        for gateway, waiting in scope.joins.items()
    }


def _renamed_done(done: Any, nodes: Nodes) -> Done:
    node, variables, inner = done
    return Done(nodes.get(node, node), variables, [list(_renamed_done(one, nodes)) for one in inner])


def _end_what_is_gone(run: Run) -> None:
    """An event that the new version has not, or not where it waits."""
    there = pairs(run.graph)

    def is_gone(row: Timer | Wait) -> bool:
        pair = pair_of(run.graph, run.state, row)
        return pair is not None and pair not in there

    for number in [number for number, row in run.state.timers.items() if is_gone(row)]:
        drop_timer(run, number)
    for number in [number for number, row in run.state.waits.items() if is_gone(row)]:
        drop_wait(run, number)


def _listen_anew(run: Run, before: Mapping[int, Node]) -> None:
    """A message or signal that has another name in the new version, or other expressions for its keys, is waited for
    as it says; keys whose expressions are the same stay what they were when the wait began."""
    for number, wait in list(run.state.waits.items()):
        node, was = run.graph.nodes[wait.node], before[number]
        is_renamed = node.event is not None and bool(wait.name) and node.event.name != wait.name
        if is_renamed or node.keys != was.keys:
            drop_wait(run, number)
            wait_for(run, node, wait.holder, scope_of(run, node, wait.holder))


def _host(run: Run, holder: int) -> str:
    return run.state.tasks[holder].node if holder in run.state.tasks else run.state.scopes[holder].node
