"""Business-rule task: a decision table or model answers over the variables; its answer becomes a variable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from processes.engine.closing import completed
from processes.engine.effects import Decided
from processes.engine.elements import activity
from processes.engine.elements.behaviour import Behaviour
from processes.engine.errors import EngineError
from processes.engine.graph import Node
from processes.engine.outside import Answer
from processes.engine.run import Run, Token
from processes.engine.waiting import open_task


def begin(run: Run, node: Node, scope: int) -> None:
    """Decide, unless the caller holds it."""
    if node.held:
        open_task(run, node, scope)
        return
    decide(run, node, scope)
    completed(run, node, scope)


def decide(run: Run, node: Node, scope: int) -> None:
    """Ask the table; without a variable for the answer, its outputs become variables."""
    if node.decide is None:
        return
    seen = run.variables(scope)
    table = str(run.value_of(node.decide.table, node.id, seen))
    answer = _asked(run, node, table, seen)
    if answer.reasons:
        run.effects.append(Decided(node.id, dict(answer.reasons)))
    value = run.storable(_shaped(answer, node.decide.shape), node.id)
    if node.decide.result:
        run.write(scope, {node.decide.result: value})
    elif isinstance(value, dict):
        run.write(scope, value)


def resume(run: Run, node: Node, token: Token) -> None:
    """A held task was completed by hand: what it gave is the answer."""


def _asked(run: Run, node: Node, table: str, seen: Mapping[str, Any]) -> Answer:
    if run.outside.decide is None:
        raise EngineError("expression_failed", node.id, f'Expected a table "{table}" for {node.id}, but there is none.')
    try:
        return run.outside.decide(table, seen)
    except Exception as error:
        raise EngineError("expression_failed", node.id, f"The decision of {node.id} failed: {error}") from error


def _shaped(answer: Answer, shape: str) -> Any:
    rows = [dict(row) for row in answer.rows]
    if shape == "resultList":
        return rows
    if shape == "collectEntries":
        return [value for row in rows for value in row.values()]
    if shape == "singleResult":
        return rows[0] if rows else None
    values = [next(iter(row.values())) if len(row) == 1 else row for row in rows]
    if shape == "singleEntry" or answer.single:
        return values[0] if values else None
    return values


BEHAVIOUR = Behaviour(activity.enter, begin, resume=resume)
