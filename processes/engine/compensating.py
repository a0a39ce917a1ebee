"""Undoes what was completed: the handlers run one after the other, the last activity's first (BPMN 2.0.2, 13.5.5).

A compensation is a scope of kind UNDO beside the event that asked for it. `queue`: what is still to be undone;
`then`: what follows: "leave" the asking event goes on, "cancel" the transaction ends, "" nothing waits for it.
"""

from __future__ import annotations

from typing import Any

from processes.engine import closing
from processes.engine.cancelling import clear
from processes.engine.effects import Entered
from processes.engine.errors import EngineError
from processes.engine.graph import Node
from processes.engine.rules import NOTHING, EventRule
from processes.engine.run import LEAVE, Run, Token
from processes.engine.state import FLOW, LOOP, MANY, SHELL, UNDO, Done, ScopeState, Variables
from processes.engine.waiting import unwatch


def compensate(run: Run, node: Node, scope: int) -> None:
    """A throwing event asks for one activity or all that its scope has completed."""
    event = node.event or EventRule("compensate")
    queue = _taken(run, _asked(run, scope, event.activity), event.activity)
    if event.waits:
        begin(run, node, scope, queue, then="leave")
        return
    run.state.scopes[scope].live += 1
    begin(run, node, scope, queue, then="")
    run.ready.append(Token(node.id, scope, step=LEAVE))


def begin(run: Run, node: Node, scope: int, queue: list[Any], then: str, variables: dict | None = None) -> None:
    """The handlers of what is in the queue begin, the last first."""
    number = run.number(node.id)
    more = {name: part for name, part in (("queue", queue), ("then", then)) if part}
    run.state.scopes[number] = ScopeState(node.id, scope, kind=UNDO, variables=variables or {}, more=more)
    proceed(run, number)


def proceed(run: Run, number: int) -> None:
    """The next activity is undone, or the compensation is over."""
    scope = run.state.scopes[number]
    queue = scope.more.get("queue")
    if queue:
        _undo(run, number, Done(*queue.pop()))
        return
    unwatch(run, number)
    del run.state.scopes[number]
    then = scope.more.get("then", "")
    if then == "leave":
        run.ready.appendleft(Token(scope.node, scope.parent, step=LEAVE))
    elif then == "cancel":
        _leave_by_cancel(run, scope.parent)
    else:
        run.state.scopes[scope.parent].live -= 1
        closing.close_if_empty(run, scope.parent)


def cancel_transaction(run: Run, node: Node, scope: int) -> None:
    """A cancel end event: all that runs in the transaction ends, what was completed in it is undone: in its other
    instances too, and in parts that were not done yet."""
    number = scope
    while number > 0 and not _is_transaction(run, number):
        number = run.state.scopes[number].parent
    if number <= 0:
        raise EngineError("uncaught_cancel", node.id, f"Expected {node.id} in a transaction, but it is in none.")
    number = _with_its_instances(run, number)
    queue = _completed_in(run, number)
    clear(run, number)
    unwatch(run, number)
    transaction = run.state.scopes[number]
    transaction.live = 1
    transaction.done = []
    begin(run, node, number, queue, then="cancel")


def _with_its_instances(run: Run, number: int) -> int:
    """A repeated transaction is left as a whole: the scope of all its instances, otherwise its own."""
    scopes = run.state.scopes
    above = scopes[number].parent
    while scopes[above].kind == SHELL:
        above = scopes[above].parent
    return above if scopes[above].kind in (MANY, LOOP) else number


def _completed_in(run: Run, number: int) -> list[Any]:
    """What was completed in a scope and in all that still runs in it, each with the variables that it saw there; and
    what a compensation in it has still to undo. What runs inside began later than what was completed around it."""
    queue: list[Any] = []
    seen: dict[int, Variables] = {number: {}}
    for inner, scope in sorted(run.state.scopes.items()):  # an inner scope's number is larger than its parent's
        if inner != number:
            handles = scope.parent in seen and run.state.scopes[scope.parent].kind == UNDO and scope.kind != UNDO
            if scope.parent not in seen or handles:
                continue
            seen[inner] = {**seen[scope.parent], **scope.variables}
        left = scope.more.get("queue", []) if scope.kind == UNDO else scope.done
        for done in (Done(*one) for one in left):
            queue.append(list(done._replace(variables={**seen[inner], **done.variables})))
    return queue


def _asked(run: Run, scope: int, activity: str) -> int:
    """The scope whose activities are undone: the event's own, around an event sub-process; for a named activity the
    nearest one that has completed it."""
    scopes, nodes = run.state.scopes, run.graph.nodes
    while scope > 0 and (scopes[scope].kind == SHELL or nodes[scopes[scope].node].event_sub_process):
        scope = scopes[scope].parent
    near = scope
    while activity and near >= 0 and near in scopes and not any(done.node == activity for done in scopes[near].done):
        near = scopes[near].parent
    return near if near in scopes else scope


def _taken(run: Run, scope: int, activity: str) -> list[Any]:
    """What is to be undone leaves the scope's list: each is undone once."""
    held = run.state.scopes[scope]
    queue = [list(done) for done in held.done if activity in ("", done.node)]
    held.done = [done for done in held.done if activity not in ("", done.node)]
    return queue


def _undo(run: Run, number: int, done: Done) -> None:
    """A handler runs in the compensation; one that had variables of its own, and what is in a sub-process, run in a
    compensation of their own that sees those variables."""
    node = run.graph.nodes[done.node]
    start = (node.content or NOTHING).compensation
    run.state.scopes[number].live += 1
    if node.handler and not done.variables:
        run.ready.append(Token(node.handler, number))
    elif node.handler or start:
        own = ScopeState(node.id, number, kind=UNDO, variables=dict(done.variables))
        own.done = [Done(*inner) for inner in done.inner]
        inner = run.number(node.id)
        run.state.scopes[inner] = own
        if node.handler:
            run.put(node.handler, inner)
        else:
            _open_handler(run, run.graph.nodes[start], inner)
    else:
        begin(run, node, number, list(done.inner), then="", variables=dict(done.variables))


def _open_handler(run: Run, start: Node, scope: int) -> None:
    """A compensation event sub-process."""
    number = run.number(start.follows)
    run.state.scopes[scope].live += 1
    content, seen = run.graph.nodes[start.follows].content or NOTHING, run.variables(scope)
    run.state.scopes[number] = ScopeState(start.follows, scope, variables={n: seen.get(n) for n in content.data})
    run.effects.append(Entered(start.follows))
    run.put(start.id, number)


def _leave_by_cancel(run: Run, number: int) -> None:
    """The transaction ends by its cancel boundary event."""
    scopes = run.state.scopes
    node = run.graph.nodes[scopes[number].node]
    events = [run.graph.nodes[name] for name in node.boundary if run.graph.nodes[name].trigger == "cancel"]
    if not events:
        raise EngineError("uncaught_cancel", node.id, f"Expected a cancel event on {node.id}, but it has none.")
    host = number
    while scopes[scopes[host].parent].kind in (SHELL, MANY, LOOP):
        host = scopes[host].parent
    events[0].behaviour.fire(run, events[0], host)


def _is_transaction(run: Run, number: int) -> bool:
    scope = run.state.scopes[number]
    return scope.kind == FLOW and bool(scope.node) and run.graph.nodes[scope.node].element == "transaction"
