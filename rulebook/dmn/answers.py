"""What a process gets from a model: the answer of one decision as rows of named outputs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rulebook.dmn.decisions import Decision
from rulebook.dmn.errors import DmnProblem, DmnRefused
from rulebook.dmn.model import Model
from rulebook.said import Said
from rulebook.said import gettext_noop as _


class DecisionFailed(Exception):
    """A decision of the model could not be made from the facts."""


def decision_of(model: Model, key: str) -> Decision:
    """The decision whose id, or else whose name, is the key; else the only one that no other requires.

    Raises DmnRefused.
    """
    held = list(model.decisions.values())
    for attribute in ("id", "name"):
        named = [one for one in held if one.element.node.get(attribute) == key]
        if len(named) == 1:
            return named[0]
    required = {asked for one in held for asked in one.element.named("requiredDecision")}
    last = [one for one in held if one.element not in required]
    if len(last) == 1:
        return last[0]
    known = ", ".join(str(one.element.node.get("id") or one.element.name) for one in held) or "none"
    raise DmnRefused(
        [
            DmnProblem(
                "", 1, Said(_('Expected one decision "%(key)s", but the file has: %(known)s.'), key=key, known=known)
            )
        ]
    )


def rows_of(
    model: Model, decision: Decision, facts: Mapping[str, Any], now: datetime | None = None
) -> list[dict[str, Any]]:
    """As `answered`, without why."""
    return answered(model, decision, facts, now)[0]


def answered(
    model: Model, decision: Decision, facts: Mapping[str, Any], now: datetime | None = None
) -> tuple[list[dict[str, Any]], dict[str, list[int]]]:
    """The outputs of each row that counts; what is no table's row is an output under the decision's own name.

    With them why: of each table that was asked on the way, the numbers of the rows that counted.
    Raises FactWrong, DecisionFailed.
    """
    outcome = model.evaluate(facts, decision.element.name, now)
    if outcome.errors:
        raise DecisionFailed("; ".join(f"{name}: {message}" for name, message in outcome.errors))
    return _rows(decision, outcome.results[decision.element.name]), outcome.reasons


def _rows(decision: Decision, value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    values = [value] if decision.single or not isinstance(value, list) else value
    own = (decision.outputs[0] if len(decision.outputs) == 1 else "") or decision.element.variable
    several = len(decision.outputs) > 1
    return [dict(one) if several and isinstance(one, dict) else {own: one} for one in values]
