"""Built-in functions on dates, times and durations. None reads the clock: whoever evaluates may say what now is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import ROUND_FLOOR
from decimal import Decimal as D
from typing import Any

from rulebook.feel.functions.registry import builtin
from rulebook.feel.limits import Steps
from rulebook.feel.literals import read_date, read_date_time, read_duration, read_time, write_value
from rulebook.feel.values import Months, equal

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_FARTHEST = timedelta(hours=14)
_NOT_GIVEN = object()


def _int(value: Any) -> int | None:
    whole = type(value) is D and abs(value) < 10**6 and value == value.to_integral_value()
    return int(value) if whole else None


@builtin("date", "from, month, day", required=1, also={"year": "from"})
def date_of(steps: Steps, first: Any, month: Any = None, day: Any = None) -> date | None:
    """A day from its text, from a point in time, or from year, month and day."""
    if type(first) is str:
        return read_date(first)
    if type(first) is datetime:
        return first.date()
    if type(first) is date:
        return first
    return _made(date, first, month, day)


def _made(make: Callable[..., Any], *parts: Any, **more: Any) -> Any:
    """What the calendar makes of whole numbers; null for others."""
    whole = [_int(part) for part in parts]
    try:
        return None if None in whole else make(*whole, **more)
    except ValueError:
        return None


@builtin("time", "from, minute, second, offset", required=1, also={"hour": "from"})
def time_of(steps: Steps, first: Any, minute: Any = None, second: Any = None, offset: Any = None) -> time | None:
    """A time of day from its text, from a point in time, or from hour, minute, second and the offset from UTC."""
    if type(first) is str:
        return read_time(first)
    if type(first) is datetime:
        return first.timetz() if first.utcoffset() is None else first.time().replace(tzinfo=_fixed(first))
    if type(first) is date:
        return time(tzinfo=UTC)
    if type(first) is time:
        return first
    return _clock(first, minute, second, offset)


def _clock(hour: Any, minute: Any, second: Any, offset: Any) -> time | None:
    if type(second) is not D or not 0 <= second < 60 or not (offset is None or type(offset) is timedelta):
        return None
    if offset is not None and abs(offset) > _FARTHEST:
        return None
    whole = second.to_integral_value(ROUND_FLOOR)
    micros = ((second - whole) * 1_000_000).to_integral_value(ROUND_FLOOR)
    found: time | None = _made(time, hour, minute, whole, micros)
    return found if found is None or offset is None else found.replace(tzinfo=timezone(offset))


def _fixed(moment: datetime) -> Any:
    return datetime.fromisoformat(moment.isoformat()).tzinfo


@builtin(
    "date and time",
    "date, time, day, hour, minute, second, offset",
    required=1,
    also={"from": "date", "year": "date", "month": "time"},
)
def date_time_of(steps: Steps, first: Any, clock: Any = None, *parts: Any) -> datetime | None:
    """A point in time from its text, from a day and a time, or from year, month, day, hour, minute, second, offset."""
    if parts:
        day, hour, minute, second, offset = (*parts, None, None, None, None, None)[:5]
        clock, first = _clock(hour, minute, second, _zone(offset)), _made(date, first, clock, day)
        return datetime.combine(first, clock) if first is not None and clock is not None else None
    if type(first) is str and clock is None:
        return read_date_time(first)
    if clock is None and isinstance(first, date):
        return first if type(first) is datetime else datetime.combine(first, time(), tzinfo=UTC)
    if isinstance(first, date) and type(clock) is time:
        return datetime.combine(first, clock)
    return None


def _zone(offset: Any) -> Any:
    """An offset, also where it is given as the text of a duration or zone."""
    if type(offset) is not str:
        return offset
    at = read_time(f"00:00:00{offset}")
    return read_duration(offset) if at is None else at.utcoffset()


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


@builtin("cycle", "repetitions, interval", required=1)
def cycle(steps: Steps, repetitions: Any, interval: Any = _NOT_GIVEN) -> str | None:
    """The ISO 8601 text of a repeated interval: `cycle(3, duration("PT1H"))` is R3/PT1H; with the interval alone, or a
    count of null, it has no end. No function of the standard: Camunda 8 writes the cycles of its timers so."""
    if interval is _NOT_GIVEN:
        repetitions, interval = None, repetitions
    count = "" if repetitions is None else _int(repetitions)
    if type(interval) not in (timedelta, Months) or count is None or (count != "" and int(count) < 0):
        return None
    return f"R{count}/{write_value(interval)}"


@builtin("now", "")
def now(steps: Steps) -> datetime | None:
    """The moment for which somebody evaluates."""
    return steps.now


@builtin("today", "")
def today(steps: Steps) -> date | None:
    """The day for which somebody evaluates."""
    return None if steps.now is None else steps.now.date()


@builtin("is", "value1, value2")
def is_same(steps: Steps, one: Any, other: Any) -> bool:
    """Whether two values are the same in every part: times also in how their offset is given."""
    if type(one) is not type(other):
        return False
    if type(one) in (time, datetime):
        return write_value(one) == write_value(other)
    return equal(one, other, steps) is True
