"""What keeps an instance from moving, by element, so that it stays untouched where it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from processes.engine import EngineError, Graph, Node, Outside
from processes.engine.joining import endless
from processes.engine.state import UNDO, ScopeState, State
from processes.migration.mapping import Nodes, flow_of, path_of
from processes.migration.moving import moved, renamed, settled
from processes.migration.watching import CATCHING, choices

GONE = "has no counterpart"
ELSEWHERE = "stands in another part of the drawing there"
REPEATED = "is repeated in another way there"
MAPPED = "has variables of its own there"
ONE_OF_SEVERAL = "waits behind an event-based gateway there"
ONE_WAY = "waits for the rest with tokens of several ways, which are one there"
LOST_WAY = "waits for the rest with a token from a way that is gone"
ENDLESS = "would wait there for ever, as nothing can come by one of its ways"
SHARED = "would stand at one element there with"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an instance stays: the element, and what is wrong with it; other: the one that shares its place, if any."""

    node: str
    why: str
    other: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.node, self.why, self.other) if part)


def hindrances(
    old: Graph, new: Graph, state: Mapping[str, Any], nodes: Nodes, now: datetime, outside: Outside
) -> list[Problem]:
    """What would keep an instance from moving now: its problems, or where a try fails; nothing changes."""
    found = problems(old, new, state, nodes)
    if found:
        return found
    try:
        settled(new, moved(old, new, state, nodes, now, outside)[0], now, outside)
    except EngineError as error:
        return [Problem(error.node, str(error))]
    return []


def problems(old: Graph, new: Graph, state: Mapping[str, Any], nodes: Nodes) -> list[Problem]:
    """What keeps an instance in this state from moving; empty when it can."""
    held = State.load(state)
    found = [*_misplaced(old, new, held, nodes), *_begun_otherwise(old, new, held, nodes)]
    for number, scope in held.scopes.items():
        found += _joins_apart(old, new, scope, nodes)
        found += _one_place(old, held, number, nodes)
    if not found:
        already = {nodes.get(gateway) for gateway in endless(old, held)}  # a move does not make it worse
        there = endless(new, renamed(old, new, state, nodes))
        names = {target: name for name, target in nodes.items()}
        found = [Problem(names.get(gateway, gateway), ENDLESS) for gateway in there if gateway not in already]
    return list(dict.fromkeys(found))


def _misplaced(old: Graph, new: Graph, held: State, nodes: Nodes) -> Iterator[Problem]:
    """What an instance needs and has not, or not in the same scope: its tokens are counted by scope."""
    for name in _needed(old, held):
        if name not in nodes:
            yield Problem(name, GONE)
        elif [nodes.get(outer, "") for outer in path_of(old, name)] != path_of(new, nodes[name]):
            yield Problem(name, ELSEWHERE)


def _begun_otherwise(old: Graph, new: Graph, held: State, nodes: Nodes) -> Iterator[Problem]:
    """What is open was begun as its old drawing says; the new one would end what was never begun."""
    names = [place.node for place in held.tasks.values()]
    names += [scope.node for scope in held.scopes.values() if scope.node and scope.kind != UNDO]
    for name in names:
        if name not in nodes:
            continue
        one, other = old.nodes[name], new.nodes[nodes[name]]
        if _repetition(one) != _repetition(other) and not _is_less(one, other):
            yield Problem(name, REPEATED)
        elif one.loop is None and (other.inputs or other.outputs) and not (one.inputs or one.outputs):
            yield Problem(name, MAPPED)
    alone = [*_alone(old, held), *(name for name in names if old.nodes[name].element == "receiveTask")]
    among = _among_several(new) - {nodes.get(name, "") for name in _among_several(old)}
    yield from (Problem(name, ONE_OF_SEVERAL) for name in alone if nodes.get(name) in among)


def _repetition(node: Node) -> tuple[bool, ...]:
    """How an activity is repeated, and what its body must have kept for that from the start."""
    loop = node.loop
    return (loop.many, loop.sequential, bool(loop.element), bool(loop.output)) if loop else ()


def _is_less(one: Node, other: Node) -> bool:
    """The same repetition, of which the other asks for less of what was kept: items, results."""
    kept, asked = _repetition(one), _repetition(other)
    return kept[:2] == asked[:2] and bool(kept) and all(had or not wants for had, wants in zip(kept[2:], asked[2:]))


def _joins_apart(old: Graph, new: Graph, scope: ScopeState, nodes: Nodes) -> Iterator[Problem]:
    """Tokens at joins keep their ways apart: two that would wait on one flow would be one token too many for ever."""
    shared = Counter(nodes.get(gateway) for gateway in scope.joins)
    for gateway, waiting in scope.joins.items():
        if gateway not in nodes:
            continue
        ways = Counter(flow_of(old, new, flow, nodes) for flow in waiting)
        if "" in ways:
            yield Problem(gateway, LOST_WAY)
        elif shared[nodes[gateway]] > 1 or max(ways.values()) > 1:
            yield Problem(gateway, ONE_WAY)


def _one_place(old: Graph, held: State, number: int, nodes: Nodes) -> Iterator[Problem]:
    """Tokens of one scope at two elements, or at one and at a join behind the other, are two at one element there: it
    would be done twice. A map may pair two elements with one all the same: of two that exclude each other an instance
    holds only one."""
    standing = dict.fromkeys(_standing(old, held, number))
    came = [old.flows[flow].source for waiting in held.scopes[number].joins.values() for flow in waiting]
    places: dict[str, list[str]] = {}
    for name in dict.fromkeys((*standing, *came)):
        if name in nodes:
            places.setdefault(nodes[name], []).append(name)
    for names in places.values():
        if names[0] in standing:  # two that wait at a join are told apart by their ways
            yield from (Problem(one, SHARED, other) for one, other in zip(names, names[1:]))


def _standing(old: Graph, held: State, number: int) -> Iterator[str]:
    """Elements at which tokens of a scope stand."""
    yield from (place.node for place in held.tasks.values() if place.scope == number)
    yield from (scope.node for scope in held.scopes.values() if scope.parent == number and scope.kind != UNDO)
    yield from (row.node for row in held.waiting() if row.holder == number and old.nodes[row.node].element == CATCHING)


def _needed(old: Graph, held: State) -> Iterator[str]:
    """Elements on which something stands; events that only watch may go."""
    yield from (place.node for place in held.tasks.values())
    yield from _alone(old, held)
    for scope in held.scopes.values():
        yield from (scope.node,) if scope.node else ()
        yield from scope.joins
        yield from _done_nodes((*scope.done, *scope.more.get("queue", ())))


def _alone(old: Graph, held: State) -> Iterator[str]:
    """Catching events at which a token waits; one behind a gateway only watches: the token is at the gateway."""
    waiting = (row.node for row in held.waiting() if row.holder in held.scopes)
    yield from (name for name in waiting if old.nodes[name].element == CATCHING)


def _done_nodes(done: Iterable[Any]) -> Iterator[str]:
    for node, _variables, inner in done:
        yield node
        yield from _done_nodes(inner)


def _among_several(graph: Graph) -> set[str]:
    return {event for node in graph.nodes.values() for event in choices(node)}
