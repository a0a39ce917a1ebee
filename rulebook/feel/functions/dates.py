"""Built-in functions on dates, times and durations. None reads the clock: `now` and `today` are facts."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal as D
from typing import Any

from rulebook.feel.functions.registry import builtin
from rulebook.feel.limits import Steps
from rulebook.feel.literals import read_date, read_date_time, read_duration, read_time
from rulebook.feel.values import Months

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def _int(value: Any) -> int | None:
    whole = type(value) is D and abs(value) < 10**6 and value == value.to_integral_value()
    return int(value) if whole else None


@builtin("date", "from, month, day", required=1)
def date_of(steps: Steps, first: Any, month: Any = None, day: Any = None) -> date | None:
    """A day from its text, from a point in time, or from year, month and day."""
    if type(first) is str:
        return read_date(first)
    if type(first) is datetime:
        return first.date()
    if type(first) is date:
        return first
    parts = _int(first), _int(month), _int(day)
    if parts[0] is None or parts[1] is None or parts[2] is None:
        return None
    try:
        return date(parts[0], parts[1], parts[2])
    except ValueError:
        return None


@builtin("time", "from, minute, second", required=1)
def time_of(steps: Steps, first: Any, minute: Any = None, second: Any = None) -> time | None:
    """A time of day from its text, from a point in time, or from hour, minute and second."""
    if type(first) is str:
        return read_time(first)
    if type(first) is datetime:
        return first.timetz() if first.utcoffset() is None else first.time().replace(tzinfo=_fixed(first))
    if type(first) is time:
        return first
    parts = _int(first), _int(minute), _int(second)
    if parts[0] is None or parts[1] is None or parts[2] is None:
        return None
    try:
        return time(parts[0], parts[1], parts[2])
    except ValueError:
        return None


def _fixed(moment: datetime) -> Any:
    return datetime.fromisoformat(moment.isoformat()).tzinfo


@builtin("date and time", "date, time", required=1)
def date_time_of(steps: Steps, first: Any, clock: Any = None) -> datetime | None:
    """A point in time from its text, or from a day and a time."""
    if type(first) is str and clock is None:
        return read_date_time(first)
    if type(first) is datetime and clock is None:
        return first
    if isinstance(first, date) and type(clock) is time:
        return datetime.combine(first, clock)
    return None


@builtin("duration", "from", str)
def duration_of(steps: Steps, text: str) -> timedelta | Months | None:
    """A duration from its ISO text."""
    return read_duration(text)


@builtin("years and months duration", "from, to", date, date)
def months_between(steps: Steps, start: date, end: date) -> Months:
    """The whole months from one day to another."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return Months(months)


@builtin("day of week", "date", date)
def day_of_week(steps: Steps, day: date) -> str:
    """The English name of the weekday."""
    return _WEEKDAYS[day.weekday()]


@builtin("month of year", "date", date)
def month_of_year(steps: Steps, day: date) -> str:
    """The English name of the month."""
    return _MONTHS[day.month - 1]


@builtin("day of year", "date", date)
def day_of_year(steps: Steps, day: date) -> D:
    """The number of the day in its year, from 1."""
    return D(day.timetuple().tm_yday)


@builtin("week of year", "date", date)
def week_of_year(steps: Steps, day: date) -> D:
    """The ISO week."""
    return D(day.isocalendar()[1])
