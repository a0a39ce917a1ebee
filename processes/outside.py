"""What the engine asks its caller, answered from the rulebook and the calendars as they govern at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from calendars.queries import calendar
from processes.business_time import moment_after
from processes.engine import Answer, Outside
from processes.evaluate import evaluate, value_of
from rulebook.queries import in_force, table_of
from rulebook.tables import decide, read_facts

MANY = ("collect", "rule_order", "output_order")


def outside(now: datetime) -> Outside:
    """Expressions in FEEL, the decision tables in force at `now`, the firm's business calendars."""
    return Outside(evaluate, lambda table, variables: _answer(table, variables, now), business_moment)


def business_moment(code: str, start: datetime, duration: str) -> datetime:
    """When a duration of business time ends by the calendar of a code. Raises UnknownCalendar, ValueError."""
    return moment_after(calendar(code), start, duration)


def _answer(key: str, variables: Mapping[str, Any], now: datetime) -> Answer:
    table = table_of(in_force(key, now))
    facts = read_facts(table, {name: value_of(value) for name, value in variables.items()})
    return Answer(decide(table, facts).outputs, table.hit_policy not in MANY)
