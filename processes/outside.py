"""What the engine asks its caller, answered from the rulebook and the calendars as they govern at a moment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from calendars.queries import calendar
from calendars.rules import Calendar, add_business_days, add_open_time, close_of, received_day
from processes.engine import Answer, Outside
from processes.evaluate import evaluate, value_of
from rulebook.queries import in_force, table_of
from rulebook.tables import decide, read_facts

DAYS = re.compile(r"(\d{1,4})bd|same_day")
TIME = re.compile(r"P(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:\.0+)?S)?)?")
MANY = ("collect", "rule_order", "output_order")


def outside(now: datetime) -> Outside:
    """Expressions in FEEL, the decision tables in force at `now`, the firm's business calendars."""
    return Outside(evaluate, lambda table, variables: _answer(table, variables, now), business_moment)


def business_moment(code: str, start: datetime, duration: str) -> datetime:
    """When a duration of business time ends: `3bd` and whole days at the close of a business day, `PT8H` after so much
    open time. Raises UnknownCalendar, ValueError."""
    held = calendar(code)
    if match := DAYS.fullmatch(duration):
        return _close(held, start, int(match[1] or 0))
    match = TIME.fullmatch(duration)
    if match is None:
        raise ValueError(f"Expected business time such as 3bd, PT8H or same_day, but got {duration!r}.")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if days and not (hours or minutes or seconds):
        return _close(held, start, days)
    open_time = timedelta(hours=hours + 24 * days, minutes=minutes, seconds=seconds)
    return add_open_time(held, start, open_time).astimezone(UTC)


def _close(held: Calendar, start: datetime, days: int) -> datetime:
    return close_of(held, add_business_days(held, received_day(held, start, None), days)).astimezone(UTC)


def _answer(key: str, variables: Mapping[str, Any], now: datetime) -> Answer:
    table = table_of(in_force(key, now))
    facts = read_facts(table, {name: value_of(value) for name, value in variables.items()})
    return Answer(decide(table, facts).outputs, table.hit_policy not in MANY)
