"""What the engine asks its caller, answered from the rulebook and the calendars as they govern at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from calendars.queries import calendar
from processes.business_time import moment_after
from processes.engine import Answer, Outside
from processes.evaluate import Facts, evaluate, value_of
from rulebook.dmn import answered, decision_of
from rulebook.model_queries import model_in_force, model_of
from rulebook.models import ModelVersion, TableVersion
from rulebook.queries import in_force, table_of
from rulebook.tables import decide, read_facts

MANY = ("collect", "rule_order", "output_order")


def outside(now: datetime) -> Outside:
    """Expressions in FEEL, the decision tables and models in force at `now`, the firm's business calendars."""
    return Outside(evaluate, lambda table, variables: _answer(table, variables, now), business_moment)


def business_moment(code: str, start: datetime, duration: str) -> datetime:
    """When a duration of business time ends by the calendar of a code. Raises UnknownCalendar, ValueError."""
    return moment_after(calendar(code), start, duration)


def _answer(key: str, variables: Mapping[str, Any], now: datetime) -> Answer:
    """What the table of a key decides, or else the model, by the version in force. Raises where neither governs."""
    try:
        table = in_force(key, now)
    except TableVersion.DoesNotExist:
        version = model_in_force(key, now)
        if version is None:
            raise
        return _of_model(version, variables, now)
    return _of_table(table, variables)


def _of_table(version: TableVersion, variables: Mapping[str, Any]) -> Answer:
    table = table_of(version)
    decision = decide(table, read_facts(table, {name: value_of(value) for name, value in variables.items()}))
    reasons = {"table": version.table.key, "version": version.number, "rules": list(decision.rules)}
    return Answer(decision.outputs, table.hit_policy not in MANY, reasons)


def _of_model(version: ModelVersion, variables: Mapping[str, Any], now: datetime) -> Answer:
    model = model_of(version)
    decision = decision_of(model, version.model.key)
    rows, matched = answered(model, decision, Facts(variables), now)
    return Answer(rows, decision.single, {"model": version.model.key, "version": version.number, "rows": matched})
