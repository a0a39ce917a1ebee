"""Business time: exact to the microsecond, over clock changes, each answer a binary search in an index by year.

Open time is real time that passes while somebody works: the hour that a clock change takes away is not counted, the
hour that it gives is counted twice. Intervals are half open: at 17:00:00 sharp the day is closed.
Answers are in the calendar's time zone. To compare two, take them to UTC first: Python compares datetimes of one zone
by wall clock, and calls a time that comes twice unequal to its own instant in another zone.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta

from calendars.arithmetic.calendar import Calendar
from calendars.arithmetic.index import MICROSECOND, instant_of, to_datetime, to_microseconds
from calendars.arithmetic.refusals import (
    BadCalendar,
    CalendarError,
    NoOpenHours,
    NotAWorkingDay,
    TooFar,
)

SEARCH_YEARS = 10

__all__ = [
    "SEARCH_YEARS",
    "BadCalendar",
    "Calendar",
    "CalendarError",
    "NoOpenHours",
    "NotAWorkingDay",
    "TooFar",
    "add_business_days",
    "add_business_time",
    "add_open_time",
    "business_seconds",
    "close_of",
    "is_open",
    "is_working",
    "last_receipt",
    "next_open",
    "next_time_of_day",
    "open_of",
    "open_time",
    "received_day",
    "subtract_business_days",
    "subtract_business_time",
    "subtract_open_time",
    "why_closed",
]


def add_business_time(cal: Calendar, start: datetime, seconds: int) -> datetime:
    """The earliest instant at which `seconds` of open time have passed since `start`.

    So eight hours from an opening end at the close, not at the next opening. 0 seconds: `start` itself.
    Raises CalendarError (no offset, negative), NoOpenHours, TooFar.
    """
    return add_open_time(cal, start, timedelta(seconds=seconds))


def subtract_business_time(cal: Calendar, end: datetime, seconds: int) -> datetime:
    """The latest instant from which `seconds` of open time pass until `end`. Raises as `add_business_time`."""
    return subtract_open_time(cal, end, timedelta(seconds=seconds))


def business_seconds(cal: Calendar, start: datetime, end: datetime) -> int:
    """Whole seconds of open time from `start` to `end`; negative if `end` is earlier. Raises CalendarError, TooFar."""
    amount = open_time(cal, start, end)
    whole = abs(amount) // timedelta(seconds=1)
    return whole if amount >= timedelta(0) else -whole


def add_open_time(cal: Calendar, start: datetime, amount: timedelta) -> datetime:
    """`add_business_time` to the microsecond."""
    instant, wanted = _instant(start), _positive(amount)
    if not wanted:
        return to_datetime(instant, cal.zone)
    number = _local_year(cal, instant)
    wanted += cal.year(number).open_until(instant)
    empty = 0
    while wanted > (year := cal.year(number)).total:
        empty = _count_empty(empty, year.total, start)
        wanted -= year.total
        number += 1
    place = bisect_left(year.before, wanted) - 1
    return to_datetime(year.starts[place] + wanted - year.before[place], cal.zone)


def subtract_open_time(cal: Calendar, end: datetime, amount: timedelta) -> datetime:
    """`subtract_business_time` to the microsecond."""
    instant, wanted = _instant(end), _positive(amount)
    if not wanted:
        return to_datetime(instant, cal.zone)
    number = _local_year(cal, instant)
    year = cal.year(number)
    left = year.open_until(instant) - wanted
    empty = 0
    while left < 0:
        empty = _count_empty(empty, year.total, end)
        number -= 1
        year = cal.year(number)
        left += year.total
    place = bisect_right(year.before, left) - 1
    return to_datetime(year.starts[place] + left - year.before[place], cal.zone)


def open_time(cal: Calendar, start: datetime, end: datetime) -> timedelta:
    """Open time from `start` to `end`, exact; negative if `end` is earlier. Raises CalendarError, TooFar."""
    first, last = _instant(start), _instant(end)  # as numbers: datetimes of one zone compare by wall clock
    if last < first:
        return -open_time(cal, end, start)
    first_year, last_year = _local_year(cal, first), _local_year(cal, last)
    whole = sum(cal.year(number).total for number in range(first_year, last_year))
    return (whole + cal.year(last_year).open_until(last) - cal.year(first_year).open_until(first)) * MICROSECOND


def next_open(cal: Calendar, at: datetime) -> datetime:
    """`at` itself while open, else the next opening. Raises CalendarError, NoOpenHours, TooFar."""
    instant = _instant(at)
    first = _local_year(cal, instant)
    for number in range(first, first + SEARCH_YEARS + 1):
        year = cal.year(number)
        place = bisect_right(year.ends, instant)
        if place < len(year.ends):
            return to_datetime(max(instant, year.starts[place]), cal.zone)
    raise _no_open_hours(at)


def is_open(cal: Calendar, at: datetime) -> bool:
    """Whether somebody works at that instant. Raises CalendarError, TooFar."""
    instant = _instant(at)
    year = cal.year(_local_year(cal, instant))
    place = bisect_right(year.starts, instant) - 1
    return place >= 0 and instant < year.ends[place]


def is_working(cal: Calendar, day: date) -> bool:
    """Whether the date has any open time. Raises TooFar."""
    days = cal.year(day.year).days
    place = bisect_left(days, day.toordinal())
    return place < len(days) and days[place] == day.toordinal()


def add_business_days(cal: Calendar, day: date, n: int) -> date:
    """The n-th working day after `day`; n = 0: `day` itself if it works, else the next. Raises as `next_open`."""
    ordinal, number, empty = day.toordinal(), day.year, 0
    days = cal.year(number).days
    wanted = bisect_right(days, ordinal) + _natural(n) if n else bisect_left(days, ordinal) + 1
    while wanted > len(days):
        empty = _count_empty(empty, len(days), day)
        wanted -= len(days)
        number += 1
        days = cal.year(number).days
    return date.fromordinal(days[wanted - 1])


def subtract_business_days(cal: Calendar, day: date, n: int) -> date:
    """The n-th working day before `day`; n = 0: `day` itself if it works, else the one before.

    Raises as `next_open`. Source: worked example 3, days counted back from a deadline.
    """
    ordinal, number, empty = day.toordinal(), day.year, 0
    days = cal.year(number).days
    place = bisect_left(days, ordinal) - _natural(n) if n else bisect_right(days, ordinal) - 1
    while place < 0:
        empty = _count_empty(empty, len(days), day)
        number -= 1
        days = cal.year(number).days
        place += len(days)
    return date.fromordinal(days[place])


def open_of(cal: Calendar, day: date) -> datetime:
    """When a working day begins. Raises NotAWorkingDay, TooFar."""
    year, instant = cal.year(day.year), _working_instant(cal, day, 0)
    return to_datetime(year.starts[bisect_left(year.starts, instant)], cal.zone)


def close_of(cal: Calendar, day: date) -> datetime:
    """When a working day ends. Raises NotAWorkingDay, TooFar."""
    year, instant = cal.year(day.year), _working_instant(cal, day, 1)
    return to_datetime(year.ends[bisect_right(year.ends, instant) - 1], cal.zone)


def next_time_of_day(cal: Calendar, start: datetime, at: time, n: int = 1) -> datetime:
    """The n-th instant after `start` at which a working day's clock shows a time, also one outside of its hours.

    Raises CalendarError, NoOpenHours, TooFar. Source: workflow seed, daily reconciliation at 7:00 AM.
    """
    instant, seconds = _instant(start), at.hour * 3600 + at.minute * 60 + at.second
    day = to_datetime(instant, cal.zone).date()
    if not is_working(cal, day) or instant_of(day, seconds, cal.zone) <= instant:
        day = add_business_days(cal, day, 1)
    if _natural(n) > 1:
        day = add_business_days(cal, day, n - 1)
    return to_datetime(instant_of(day, seconds, cal.zone), cal.zone)


def received_day(cal: Calendar, at: datetime, cutoff: time | None) -> date:
    """The working day that something counts as received.

    A day without work, or a time at or after the cut-off, counts as the next working day. The close of the day is
    the cut-off where none is given, and where the day closes earlier than that.
    Raises CalendarError, NoOpenHours, TooFar. Source: seed decision 15.
    """
    instant = _instant(at)
    day = to_datetime(instant, cal.zone).date()
    if is_working(cal, day) and instant < to_microseconds(last_receipt(cal, day, cutoff)):
        return day
    return add_business_days(cal, day, 1)


def last_receipt(cal: Calendar, day: date, cutoff: time | None) -> datetime:
    """The instant from which on a working day's receipts count as the next day's. Raises NotAWorkingDay, TooFar."""
    close = close_of(cal, day)
    if cutoff is None:
        return close
    seconds = cutoff.hour * 3600 + cutoff.minute * 60 + cutoff.second
    limit = instant_of(day, seconds, cal.zone)
    return close if to_microseconds(close) <= limit else to_datetime(limit, cal.zone)


def why_closed(cal: Calendar, day: date) -> str | None:
    """`holiday`, `special_hours` (closed on this date) or `weekly`; None on a working day. Raises TooFar.

    Of calendars that have to be open together, that of the first which is closed.
    """
    if is_working(cal, day):
        return None
    together = (cal, *cal.also)
    closed = next((one for one in together if not one.hours(day)), None)
    if closed is None:  # each is open, but never at once
        return "special_hours" if any(day in one.hours_on for one in together) else "weekly"
    if day in closed.hours_on:
        return "special_hours"
    return "holiday" if day in closed.holidays else "weekly"


def local(cal: Calendar, at: datetime) -> datetime:
    """An instant on the calendar's wall clock. Raises TooFar."""
    return to_datetime(_instant(at), cal.zone)


def _instant(at: datetime) -> int:
    if at.tzinfo is None:
        raise CalendarError(f"Expected an instant with an offset, but got {at.isoformat()}.")
    return to_microseconds(at)


def _local_year(cal: Calendar, instant: int) -> int:
    return to_datetime(instant, cal.zone).year


def _positive(amount: timedelta) -> int:
    if amount < timedelta(0):
        raise CalendarError(f"Expected an amount of time that is not negative, but got {amount}.")
    return amount // MICROSECOND


def _natural(n: int) -> int:
    if n < 0:
        raise CalendarError(f"Expected a number of days that is not negative, but got {n}.")
    return n


def _working_instant(cal: Calendar, day: date, days_later: int) -> int:
    """Midnight before (0) or after (1) a working day."""
    if not is_working(cal, day):
        raise NotAWorkingDay(f"Expected a working day, but {day} has no open hours.")
    return instant_of(day, days_later * 86_400, cal.zone)


def _count_empty(empty: int, found: int, start: date) -> int:
    """Years in a row without an open hour, this one included."""
    if found:
        return 0
    if empty >= SEARCH_YEARS:
        raise _no_open_hours(start)
    return empty + 1


def _no_open_hours(start: date) -> NoOpenHours:
    return NoOpenHours(f"Expected an open hour within {SEARCH_YEARS} years of {start}, but the calendar has none.")
