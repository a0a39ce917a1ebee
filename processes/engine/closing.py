"""How things end: a token leaves, an activity is done, a scope has no token left."""

from __future__ import annotations

from typing import Any

from processes.engine import compensating, repeating
from processes.engine.document import Flow
from processes.engine.effects import Left
from processes.engine.graph import Node
from processes.engine.run import Run, Token
from processes.engine.state import FLOW, LOOP, MANY, ROOT, SHELL, UNDO, Done, ScopeState
from processes.engine.waiting import unwatch


def leave(run: Run, node: Node, scope: int, flows: tuple[Flow, ...] | None = None) -> None:
    """One token leaves by the flows, by default by all that its conditions allow; none: the token ends here."""
    taken = run.open_flows(node, scope) if flows is None else flows
    run.effects.append(Left(node.id))
    if len(taken) == 1:
        run.ready.append(Token(taken[0].target, scope, taken[0].id))
        return
    if taken:
        run.expect_room(node.id)
    run.state.scopes[scope].live += len(taken) - 1
    run.ready.extend([Token(flow.target, scope, flow.id) for flow in taken])
    close_if_empty(run, scope)


def completed(run: Run, node: Node, scope: int, done: Done | None = None) -> None:
    """An activity in a scope is done. done: what there is to compensate (tasks: by the node's own handler)."""
    if done is None and node.handler:
        done = Done(node.id, {}, [])
    holder = run.state.scopes[scope]
    if holder.kind == SHELL:
        _close_shell(run, node, scope, holder, done)
    elif holder.kind in (MANY, LOOP):
        repeating.instance_done(run, node, scope, done)
    else:
        if done is not None:
            holder.done.append(done)
        leave(run, node, scope)


def close_if_empty(run: Run, number: int) -> None:
    """A scope without a token is done."""
    scope = run.state.scopes[number]
    if scope.live:
        return
    if number == ROOT:
        unwatch(run, ROOT)
        del run.state.scopes[ROOT]
        run.finish(run.state.outcome or "completed")
    elif scope.kind == UNDO:
        compensating.proceed(run, number)
    elif scope.kind == FLOW:
        close(run, number, scope)


def close(run: Run, number: int, scope: ScopeState) -> None:
    """A run of a sub-process or event sub-process is done."""
    unwatch(run, number)
    del run.state.scopes[number]
    node, parent = run.graph.nodes[scope.node], run.state.scopes[scope.parent]
    if node.event_sub_process:
        parent.done += scope.done
        leave(run, node, scope.parent, flows=())
        return
    inner: list[Any] = [list(done) for done in scope.done]
    undoable = inner or node.handler or (node.content and node.content.compensation)
    if parent.kind == SHELL:  # what its mappings and its result may ask for
        parent.variables.update(scope.variables)
    completed(run, node, scope.parent, Done(node.id, scope.variables, inner) if undoable else None)


def _close_shell(run: Run, node: Node, number: int, shell: ScopeState, done: Done | None) -> None:
    """What was computed inside goes out; then the activity is done in the scope around the shell."""
    if node.outputs:
        repeating.hand_out(run, node, number, node.outputs, run.variables(number))
    result = repeating.result_of(run, node, number)
    unwatch(run, number)
    del run.state.scopes[number]
    if done is not None:
        done = done._replace(variables={**shell.variables, **done.variables})
    if run.state.scopes[shell.parent].kind in (MANY, LOOP):
        repeating.keep_result(run, node, shell, result)
    completed(run, node, shell.parent, done)
