"""Call activity: another process runs in an instance of its own, with variables in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from processes.engine.closing import completed
from processes.engine.effects import CallProcess
from processes.engine.elements import activity
from processes.engine.elements.behaviour import Behaviour
from processes.engine.errors import EngineError
from processes.engine.graph import Node
from processes.engine.repeating import hand_out
from processes.engine.rules import CallRule
from processes.engine.run import Run
from processes.engine.waiting import close_task, stand, watch


def begin(run: Run, node: Node, scope: int) -> None:
    """Ask for the called process and wait for it."""
    rule, seen = _rule(node), run.variables(scope)
    process = run.value_of(rule.process, node.id, seen)
    if not isinstance(process, str) or not process:
        raise EngineError("bad_call", node.id, f"Expected the id of a process from {node.id}, but it is {process!r}.")
    kept = run.state.kept(scope) if rule.all_in else {}
    given = {**kept, **run.assigned(rule.inputs, node.id, seen, kept)}
    number = stand(run, node, scope)
    run.effects.append(CallProcess(number, node.id, process, given))
    watch(run, node, number, scope)


def finish(run: Run, node: Node, number: int, variables: Mapping[str, Any], outcome: str = "") -> None:
    """The called process has ended; its mappings read how as `outcome`, unless it has a variable of that name."""
    rule, scope = _rule(node), run.state.tasks[number].scope
    seen = {"outcome": outcome or None, **variables}
    run.write(scope, variables if rule.all_out else {})
    hand_out(run, node, scope, rule.outputs, seen)
    completed(run, node, close_task(run, number).scope)


def _rule(node: Node) -> CallRule:
    if node.call is None:
        raise EngineError("bad_call", node.id, f"Expected a process that {node.id} calls, but it names none.")
    return node.call


BEHAVIOUR = Behaviour(activity.enter, begin)
