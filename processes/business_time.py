"""Durations of business time, as drawings write them. Pure: the calendar is an argument."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from calendars.rules import Calendar, add_business_days, add_open_time, close_of, next_time_of_day, received_day
from processes.engine.timers import BUSINESS_TIME, MAX_BUSINESS_HOURS, is_business_time

AT = re.compile(r"T(\d\d:\d\d(?::\d\d)?)/(\d{1,4})bd")
DAYS = re.compile(r"(\d{1,4})bd|same_day")


def moment_after(calendar: Calendar, start: datetime, duration: str) -> datetime:
    """When a duration of business time ends, in UTC: `3bd` and whole days at the close of a business day, `PT8H` after
    so much open time, `T07:00/2bd` at the second time after the start that a business day's clock shows 07:00.

    Raises ValueError.
    """
    return _moment_after(calendar, start, duration).astimezone(UTC)


def _moment_after(calendar: Calendar, start: datetime, duration: str) -> datetime:
    if match := AT.fullmatch(duration):
        return next_time_of_day(calendar, start, time.fromisoformat(match[1]), int(match[2]))
    if match := DAYS.fullmatch(duration):
        return _close(calendar, start, int(match[1] or 0))
    match = BUSINESS_TIME.fullmatch(duration)
    if match is None or not is_business_time(duration):
        raise ValueError(
            "Expected business time such as 3bd, PT8H, same_day or T07:00/1bd, "
            f"at most 9,999 days or {MAX_BUSINESS_HOURS:,} hours, but got {duration!r}."
        )
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if days and not (hours or minutes or seconds):
        return _close(calendar, start, days)
    return add_open_time(calendar, start, timedelta(hours=hours + 24 * days, minutes=minutes, seconds=seconds))


def _close(calendar: Calendar, start: datetime, days: int) -> datetime:
    return close_of(calendar, add_business_days(calendar, received_day(calendar, start, None), days))
