"""Repeated activities: several instances side by side or one after the other, and the standard loop.

The body is a scope of kind MANY or LOOP; each instance runs in a shell that holds its own variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from processes.engine import closing
from processes.engine.cancelling import cancel
from processes.engine.errors import EngineError
from processes.engine.graph import Node
from processes.engine.rules import Assigned, LoopRule
from processes.engine.run import REPEAT, Run, Token
from processes.engine.state import LOOP, MANY, SHELL, Done, ScopeState
from processes.engine.waiting import unwatch, watch

MAX_INSTANCES = 10_000


def begin(run: Run, node: Node, scope: int) -> None:
    """A token comes to a repeated activity."""
    loop = _loop(node)
    number = run.number(node.id)
    body = ScopeState(node.id, scope, kind=MANY if loop.many else LOOP, more={"begun": 0, "ended": 0})
    run.state.scopes[number] = body
    items = _items(run, node, loop, scope) if loop.many else None
    if items is not None:
        body.more["total"] = len(items)
        if loop.output:
            body.more["results"] = [None] * len(items)
        if loop.sequential and loop.element:
            body.more["items"] = items
    watch(run, node, number, scope)
    if items is None or loop.sequential or not items:
        run.ready.append(Token(node.id, number, step=REPEAT))
        return
    body.more["begun"] = len(items)
    for index, item in enumerate(items, 1):
        if number in run.state.scopes:  # an instance that is done at once may end the others
            _open_instance(run, node, loop, number, index, item)


def go_on(run: Run, node: Node, number: int) -> None:
    """The next instance of a sequence or loop begins, or the whole is done."""
    loop, body = _loop(node), run.state.scopes[number]
    begun = body.more["begun"]
    more = begun < body.more["total"] if loop.many else _loops_on(run, node, loop, number, begun)
    if not more:
        _close(run, node, number, body)
        return
    body.more["begun"] = begun + 1
    items = body.more.get("items")
    _open_instance(run, node, loop, number, begun + 1, items[begun] if items else None)


def instance_done(run: Run, node: Node, number: int, done: Done | None) -> None:
    """One instance is done; the last one, or the completion condition, ends the whole."""
    loop, body = _loop(node), run.state.scopes[number]
    if done is not None:
        body.done.append(done)
    if body.more.pop("enough", False):
        _close(run, node, number, body)
    elif not loop.many or loop.sequential:
        run.ready.append(Token(node.id, number, step=REPEAT))
    elif body.more["ended"] == body.more["total"]:
        _close(run, node, number, body)


def hand_out(run: Run, node: Node, scope: int, rules: Assigned, seen: Mapping[str, Any]) -> None:
    """What the mappings of an activity give goes around its shell. An instance of a repeated one keeps what it declares
    itself, and what nothing around it knows. seen: what the mappings see."""
    shell = run.state.scopes[scope]
    if shell.kind != SHELL:
        run.write(scope, run.assigned(rules, node.id, seen, run.variables(scope)))
        return
    own = _own(node) if run.state.scopes[shell.parent].kind == MANY else None
    declared = {name: shell.variables[name] for name in own or () if name in shell.variables}
    given = run.assigned(rules, node.id, seen, {**run.variables(shell.parent), **declared})
    kept = {name for name in given if own is not None and (name in own or not run.is_known(shell.parent, name))}
    shell.variables.update({name: given[name] for name in kept})
    run.write(shell.parent, {name: value for name, value in given.items() if name not in kept})


def result_of(run: Run, node: Node, shell: int) -> Any:
    """What an instance adds to the results, before its variables are gone."""
    loop = node.loop
    if loop is None or not loop.output_element or run.state.scopes[run.state.scopes[shell].parent].kind != MANY:
        return None
    return run.kept(loop.output_element, node.id, run.variables(shell))


def keep_result(run: Run, node: Node, shell: ScopeState, result: Any) -> None:
    """An instance has ended: count it, keep its result, and see whether that is enough."""
    loop, body = _loop(node), run.state.scopes[shell.parent]
    body.more["ended"] += 1
    if "results" in body.more:
        place = shell.more.get("place") or shell.variables["loopCounter"]  # instances of before have the counter only
        body.more["results"][place - 1] = result
    if loop.until:
        seen = {**run.variables(shell.parent), **shell.variables}
        body.more["enough"] = run.truth_of(loop.until, node.id, seen)


def _close(run: Run, node: Node, number: int, body: ScopeState) -> None:
    loop = _loop(node)
    unwatch(run, number)
    for inner in [inner for inner, scope in run.state.scopes.items() if scope.parent == number]:
        cancel(run, inner)
    run.ready = type(run.ready)(token for token in run.ready if token.scope != number)
    del run.state.scopes[number]
    if loop.output and "results" in body.more:
        run.write(body.parent, {loop.output: body.more["results"]})
    run.state.scopes[body.parent].done += body.done
    closing.leave(run, node, body.parent)


def _open_instance(run: Run, node: Node, loop: LoopRule, body: int, index: int, item: Any) -> None:
    own: dict[str, Any] = {"loopCounter": index}
    if loop.element:
        own[loop.element] = item
    own = {**dict.fromkeys(_own(node)), **own}
    # the counter is a variable like others, which anybody may write: the place of the result is kept beside it
    open_shell(run, node, body, own, {"place": index} if loop.output else {})


def open_shell(run: Run, node: Node, parent: int, own: dict[str, Any], more: Mapping[str, Any] | None = None) -> None:
    """One run of an activity with variables of its own: those given, and its input mappings. more: of its scope."""
    number = run.number(node.id)
    shell = ScopeState(node.id, parent, live=1, kind=SHELL, variables=own, more=dict(more or {}))
    run.state.scopes[number] = shell
    shell.variables.update(run.assigned(node.inputs, node.id, run.variables(number), own))
    watch(run, node, number, parent)
    node.behaviour.begin(run, node, number)


def _items(run: Run, node: Node, loop: LoopRule, scope: int) -> list[Any]:
    if loop.collection:
        items = run.kept(loop.collection, node.id, run.variables(scope))
        if not isinstance(items, list):
            raise _bad(node, f"Expected a list to repeat {node.id} for, but it is {str(items)[:80]!r}.")
    else:
        count = run.kept(loop.cardinality, node.id, run.variables(scope))
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise _bad(node, f"Expected a number of times to repeat {node.id}, but it is {str(count)[:80]!r}.")
        if count > MAX_INSTANCES:
            raise _bad(node, f"Expected at most {MAX_INSTANCES:,} instances of {node.id}, but there are {count}.")
        items = [None] * count
    if len(items) > MAX_INSTANCES:
        raise _bad(node, f"Expected at most {MAX_INSTANCES:,} instances of {node.id}, but there are {len(items):,}.")
    return items


def _loops_on(run: Run, node: Node, loop: LoopRule, number: int, begun: int) -> bool:
    """Maximum and condition are looked at before the first time only where the loop is tested before."""
    if begun == 0 and not loop.test_before:
        return True
    if loop.maximum is not None and begun >= loop.maximum:
        return False
    return not loop.condition or run.truth_of(loop.condition, node.id, {**run.variables(number), "loopCounter": begun})


def _own(node: Node) -> list[str]:
    """Variables that each instance has from its start."""
    loop = _loop(node)
    names = ("loopCounter", loop.element, loop.output_element)
    return [name for name in names if name.isidentifier()]


def _loop(node: Node) -> LoopRule:
    assert node.loop is not None  # noqa: S101 - only repeated activities have a body
    return node.loop


def _bad(node: Node, message: str) -> EngineError:
    return EngineError("bad_repetition", node.id, message)
