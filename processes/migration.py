"""Moving a running instance to another version of its drawing: which element becomes which, and what that does to a
state. Pure: graphs and states in, states and effects out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from processes.engine import Effect, Graph, Node, Outside
from processes.engine.run import Run
from processes.engine.state import FLOW, LOOP, MANY, ROOT, SHELL, UNDO, Done, State
from processes.engine.waiting import drop_timer, drop_wait, wait_for

Nodes = Mapping[str, str]
SHELLS = (SHELL, MANY, LOOP)


class BadMap(ValueError):
    """A given mapping names what is not there or pairs what does not fit; every reason, one a line."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an instance stays: the element, and what is wrong with it."""

    node: str
    why: str


def mapping(old: Graph, new: Graph, given: Nodes | None = None) -> dict[str, str]:
    """Which element becomes which: those given, and by id all that are the same kind of element in the same place.

    Raises BadMap.
    """
    given = given or {}
    wrong = [line for source, target in given.items() for line in _misfits(old, new, source, target)]
    if wrong:
        raise BadMap("\n".join(wrong))
    found = {
        name: name
        for name, node in old.nodes.items()
        if name in new.nodes and _kind(node) == _kind(new.nodes[name]) and _path(old, name) == _path(new, name)
    }
    taken = set(given.values())
    return {**{name: target for name, target in found.items() if target not in taken}, **given}


def problems(old: Graph, new: Graph, state: Mapping[str, Any], nodes: Nodes) -> list[Problem]:
    """What keeps an instance in this state from moving; empty when it can."""
    held = State.load(state)
    found = [Problem(name, "has no counterpart") for name in _needed(old, held) if name not in nodes]
    for scope in held.scopes.values():
        if scope.kind in (MANY, LOOP) and scope.node in nodes and new.nodes[nodes[scope.node]].loop is None:
            found.append(Problem(scope.node, "is repeated, and its counterpart is not"))
        for gateway, waiting in scope.joins.items():
            lost = [flow for flow in waiting if gateway in nodes and not _flow(old, new, flow, nodes)]
            found += [Problem(gateway, f"waits for the rest with a token from {flow}, which is gone") for flow in lost]
    return list(dict.fromkeys(found))


def moved(
    old: Graph, new: Graph, state: Mapping[str, Any], nodes: Nodes, now: datetime, outside: Outside
) -> tuple[dict[str, Any], list[Effect]]:
    """The state in the new version, and the timers and subscriptions to set and to end.

    What waits keeps its due time; events that the new version adds to something open begin to wait now, and those that
    it took away end. Raises EngineError where the time or key of a new event cannot be had.
    """
    run = Run(new, renamed(old, new, state, nodes), now, outside)
    for number in [number for number, timer in run.state.timers.items() if timer.node not in new.nodes]:
        drop_timer(run, number)
    for number in [number for number, wait in run.state.waits.items() if wait.node not in new.nodes]:
        drop_wait(run, number)
    _listen_anew(run)
    before = {nodes[name] for name in old.nodes if name in nodes}
    for node, holder, scope in list(_events(run)):
        if node.id not in before:
            wait_for(run, node, holder, scope)
    return run.state.dump(), run.effects


def renamed(old: Graph, new: Graph, state: Mapping[str, Any], nodes: Nodes) -> State:
    """The state with the new names; an event that has no counterpart keeps its old name behind a "-"."""
    held = State.load(state)
    held.tasks = {number: place._replace(node=nodes[place.node]) for number, place in held.tasks.items()}
    held.timers = {n: row._replace(node=nodes.get(row.node, f"-{row.node}")) for n, row in held.timers.items()}
    held.waits = {n: row._replace(node=nodes.get(row.node, f"-{row.node}")) for n, row in held.waits.items()}
    for scope in held.scopes.values():
        scope.node = nodes.get(scope.node, scope.node)
        scope.done = [_renamed_done(done, nodes) for done in scope.done]
        scope.joins = {
            nodes[gateway]: {_flow(old, new, flow, nodes): count for flow, count in waiting.items()}
            for gateway, waiting in scope.joins.items()
        }
    return held


def _renamed_done(done: Any, nodes: Nodes) -> Done:
    node, variables, inner = done
    return Done(nodes.get(node, node), variables, [list(_renamed_done(one, nodes)) for one in inner])


def _needed(old: Graph, held: State) -> Iterator[str]:
    """Elements on which something stands; events that only watch may go."""
    yield from (place.node for place in held.tasks.values())
    yield from (row.node for row in held.waiting() if old.nodes[row.node].element == "intermediateCatchEvent")
    yield from (row.node for row in held.waiting() if old.nodes[row.node].element == "receiveTask")
    for scope in held.scopes.values():
        yield from (scope.node,) if scope.node else ()
        yield from scope.joins
        yield from (name for done in scope.done for name in _done_nodes(done))


def _done_nodes(done: Any) -> Iterator[str]:
    yield done[0]
    for inner in done[2]:
        yield from _done_nodes(inner)


def _listen_anew(run: Run) -> None:
    """A message or signal that has another name in the new version is waited for by that name."""
    for number, wait in list(run.state.waits.items()):
        node = run.graph.nodes[wait.node]
        if node.event is not None and wait.name and node.event.name != wait.name:
            drop_wait(run, number)
            wait_for(run, node, wait.holder, _scope_of(run, node, wait.holder))


def _events(run: Run) -> Iterator[tuple[Node, int, int]]:
    """Every event that watches something open or may begin beside it: the event, its holder, its scope."""
    nodes, scopes = run.graph.nodes, run.state.scopes
    for number, place in run.state.tasks.items():
        if scopes[place.scope].kind not in SHELLS:
            yield from ((nodes[name], number, place.scope) for name in nodes[place.node].watching)
    for number, scope in scopes.items():
        content = run.graph.content if number == ROOT else nodes[scope.node].content
        if scope.kind == FLOW and content is not None and not scope.more.get("interrupted"):
            yield from ((nodes[name], number, number) for name in content.waiting)
        if number != ROOT and scope.kind != UNDO and scopes[scope.parent].kind not in SHELLS:
            yield from ((nodes[name], number, scope.parent) for name in nodes[scope.node].watching)


def _scope_of(run: Run, node: Node, holder: int) -> int:
    if holder in run.state.tasks:
        return run.state.tasks[holder].scope
    return run.state.scopes[holder].parent if node.element == "boundaryEvent" else holder


def _flow(old: Graph, new: Graph, flow: str, nodes: Nodes) -> str:
    """The counterpart of a flow: of the same name, or the only one between the counterparts of its ends."""
    source, target = nodes.get(old.flows[flow].source, ""), nodes.get(old.flows[flow].target, "")
    if flow in new.flows and new.flows[flow].target == target:
        return flow
    between = [one.id for one in new.flows.values() if (one.source, one.target) == (source, target)]
    return between[0] if len(between) == 1 else ""


def _misfits(old: Graph, new: Graph, source: str, target: str) -> Iterator[str]:
    if source not in old.nodes:
        yield f'Expected an element of the old version, but "{source}" is none.'
    elif target not in new.nodes:
        yield f'Expected an element of the new version for "{source}", but "{target}" is none.'
    elif _kind(old.nodes[source]) != _kind(new.nodes[target]):
        kinds = [" ".join(part for part in _kind(node) if part) for node in (old.nodes[source], new.nodes[target])]
        yield f'Expected the same kind of element, but "{source}" is a {kinds[0]} and "{target}" a {kinds[1]}.'


def _kind(node: Node) -> tuple[str, str, str]:
    return node.element, node.trigger, node.kind


def _path(graph: Graph, name: str) -> list[str]:
    """What holds an element, from the inside out; the process itself may be called otherwise."""
    found = []
    while (name := graph.nodes[name].scope) in graph.nodes:
        found.append(name)
    return found
