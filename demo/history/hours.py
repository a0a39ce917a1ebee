"""When the firm's people work: their branch's business days, at the hours of `generated.yaml`, without absences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from calendars.queries import calendar
from calendars.rules import Calendar, add_business_time, close_of, is_open, is_working, next_open, open_of


def staff_calendar(code: str, day: Mapping[str, Any]) -> Calendar:
    """A branch's calendar with the hours at which its people work. day: `starts`, `ends`, `lunch`."""
    branch = calendar(code)
    (pause, back) = day["lunch"]
    hours = ((_seconds(day["starts"]), _seconds(pause)), (_seconds(back), _seconds(day["ends"])))
    # A branch that closes for lunch keeps its own hours.
    return replace(branch, weekly=tuple(hours if len(open_hours) == 1 else open_hours for open_hours in branch.weekly))


def days_away(absences: list[Mapping[str, Any]], cal: Calendar, until: datetime) -> dict[str, frozenset[date]]:
    """Who is away on which dates. absences: `who`, `from` (business days back from the end), `days`."""
    today = until.astimezone(cal.zone).date()
    away: dict[str, frozenset[date]] = {}
    for absence in absences:
        day, counted = today, 0
        while counted < absence["from"]:
            day -= timedelta(days=1)
            counted += is_working(cal, day)
        chosen: set[date] = set()
        while len(chosen) < absence["days"]:
            chosen |= {day} if is_working(cal, day) else set()
            day += timedelta(days=1)
        away[absence["who"]] = away.get(absence["who"], frozenset()) | chosen
    return away


def after(cal: Calendar, start: datetime, seconds: int) -> datetime:
    """The time at which so much working time has passed since `start`, at the earliest when work begins."""
    if seconds <= 0:
        return opening(cal, start)
    return add_business_time(cal, start, seconds).astimezone(UTC)


def opening(cal: Calendar, at: datetime) -> datetime:
    """`at` itself during work, else when work begins again."""
    return at if is_open(cal, at) else next_open(cal, at).astimezone(UTC)


def starts_and_ends(cal: Calendar, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """First and last moment of each working day."""
    day, last = since.astimezone(cal.zone).date(), until.astimezone(cal.zone).date()
    found = []
    while day <= last:
        if is_working(cal, day):
            found.append((open_of(cal, day).astimezone(UTC), close_of(cal, day).astimezone(UTC)))
        day += timedelta(days=1)
    return found


def _seconds(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 3600 + int(minute) * 60
