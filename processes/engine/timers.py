"""When a timer is due: an ISO literal or the value of an expression."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d{1,6})?)S)?)?"
)
MAX_DIGITS = 9
PAST_CALENDAR = "Expected a moment before the year 10000, but {} leads past it."


@dataclass(frozen=True, slots=True)
class TimerRule:
    """form: timeDuration or timeDate; text: ISO literal or expression."""

    form: str
    text: str

    @property
    def is_literal(self) -> bool:
        """Whether the text is an ISO literal, not an expression."""
        return is_duration(self.text) if self.form == "timeDuration" else is_moment(self.text)

    def due(self, now: datetime, evaluate: Callable[[str], Any]) -> datetime:
        """The moment in UTC. Raises ValueError with a sentence when the value is no duration or moment."""
        value = self.text if self.is_literal else evaluate(self.text)
        moment = after(now, value) if self.form == "timeDuration" else as_moment(value)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise ValueError(PAST_CALENDAR.format(value)) from None


def is_duration(text: str) -> bool:
    """Whether the text is an ISO 8601 duration such as P30D or PT1H30M."""
    match = DURATION.fullmatch(text)
    return match is not None and text[-1] not in "PT"


def is_moment(text: str) -> bool:
    """Whether the text is an ISO 8601 date or date-time."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def after(now: datetime, value: Any) -> datetime:
    """`now` plus a duration: ISO text, a timedelta, or a years-and-months value with a `months` number.

    Days are calendar days of 24 hours, months and years keep the day of the month as far as the month has it.
    Raises ValueError for anything else and for what leads past the calendar.
    """
    try:
        return _after(now, value)
    except OverflowError:
        raise ValueError(PAST_CALENDAR.format(value)) from None


def _after(now: datetime, value: Any) -> datetime:
    if isinstance(value, timedelta):
        return now + value
    if isinstance(value, str) and is_duration(value):
        return _after_text(now, value)
    months = getattr(value, "months", None)
    if isinstance(months, int):
        return _add_months(now, months)
    raise ValueError(f"Expected a duration such as PT1H or P30D, but the value is {value!r}.")


def as_moment(value: Any) -> datetime:
    """A date-time, a date (midnight) or ISO text as an aware moment; without an offset it is UTC."""
    if isinstance(value, str) and is_moment(value):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    raise ValueError(f"Expected a moment such as 2026-11-22T09:00:00Z, but the value is {value!r}.")


def _after_text(now: datetime, text: str) -> datetime:
    match = DURATION.fullmatch(text)
    parts: Mapping[str, str | None] = match.groupdict() if match else {}
    if any(len(part or "") > MAX_DIGITS + 7 for part in parts.values()):
        raise OverflowError
    number = {name: float(parts[name] or 0) for name in ("weeks", "days", "hours", "minutes", "seconds")}
    sign = -1 if parts["sign"] else 1
    months = 12 * int(parts["years"] or 0) + int(parts["months"] or 0)
    return _add_months(now, sign * months) + sign * timedelta(**number)


def _add_months(now: datetime, months: int) -> datetime:
    year, month = divmod(now.year * 12 + now.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
