"""When a timer is due: an ISO literal or the value of an expression."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from processes.engine.values import iso_duration

DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d{1,6})?)S)?)?"
)
CYCLE = re.compile(r"R(?P<times>\d*)(?:/(?P<start>[^/P][^/]*))?/(?P<every>P[^/]*)")
AT = r"T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
BUSINESS = re.compile(rf"(?:{AT}/[1-9]\d{{0,3}}|\d{{1,4}})bd|same_day")
BUSINESS_TIME = re.compile(r"P(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:\.0+)?S)?)?")
BUSINESS_CYCLE = re.compile(rf"R(?P<times>\d*)/(?P<every>(?:(?P<at>{AT})/[1-9]\d{{0,3}}bd)|P[^/]*)")
# What is meant as a literal and is none, such as P3D12H: nobody names a variable so.
NEARLY = re.compile(r"-?PT?(?:\d.*)?|R-?\d*/.*|\d{4}-\d\d.*|\d+", re.DOTALL)
NEARLY_BUSINESS = re.compile(r"-?[\d.]+bd|T\d*:.*", re.DOTALL)
MAX_DIGITS = 9
MAX_BUSINESS_HOURS = 10_000  # years of any office: more leads past the calendars
MAX_PASSED = 1_000  # moments of a business cycle or of months that are looked at one by one
ANY_DAY = datetime(2026, 1, 5, tzinfo=UTC)
PAST_CALENDAR = "Expected a moment before the year 10000, but {} leads past it."
Business = Callable[[str, datetime, str], datetime]


@dataclass(frozen=True, slots=True)
class Due:
    """The first moment of a timer, in UTC; `left` times more (-1: for ever), each `every` after the one before: an ISO
    duration, or one of a business calendar."""

    at: datetime
    left: int = 0
    every: str = ""


@dataclass(frozen=True, slots=True)
class TimerRule:
    """form: timeDuration, timeDate or timeCycle; text: ISO literal or expression; calendar: code of the business
    calendar in which a duration counts (`3bd`, `PT8H`, `same_day`, `T07:00/1bd`: the next working day's 07:00), or a
    cycle (`R/T07:00/1bd`: each working day at 07:00, `R3/PT4H`)."""

    form: str
    text: str
    calendar: str = ""

    @property
    def is_literal(self) -> bool:
        """Whether the text is an ISO literal, not an expression."""
        if self.form == "timeDuration":
            return is_business_time(self.text) if self.calendar else is_duration(self.text)
        if self.form == "timeDate":
            return is_moment(self.text)
        return is_business_cycle(self.text) if self.calendar else CYCLE.fullmatch(self.text) is not None

    def due(self, now: datetime, evaluate: Callable[[str], Any], business: Business | None = None) -> Due:
        """When it is due. business: the moment that a calendar gives for a start and a duration's text.

        Raises ValueError with a sentence when the value is no duration, moment or cycle.
        """
        value = self.text if self.is_literal else evaluate(self.text)
        if self.form == "timeCycle":
            return self._business_cycle(now, value, business) if self.calendar else _cycle(now, value)
        if self.calendar and self.form == "timeDuration":
            return Due(self._moment(now, _duration_text(value), business))
        return Due(_utc(after(now, value) if self.form == "timeDuration" else as_moment(value), value))

    @property
    def is_wrong_literal(self) -> bool:
        """Whether the text is meant as an ISO literal but gives no time."""
        if not self.is_literal:
            nearly = NEARLY.fullmatch(self.text) or (self.calendar and NEARLY_BUSINESS.fullmatch(self.text))
            return bool(nearly)
        if self.calendar:
            return False
        try:
            self.due(ANY_DAY, lambda text: text)
        except ValueError:
            return True
        return False

    def next_due(self, due: str, every: str, business: Business | None = None) -> datetime:
        """The next moment of a cycle after one that was due. Raises ValueError past the calendar."""
        if self.calendar:
            return self._moment(as_moment(due), every, business)
        return _utc(after(as_moment(due), every), every)

    def next_after(self, due: Due, now: datetime, business: Business | None = None) -> Due | None:
        """The first moment of a cycle after `now`, once `due` has come; those that passed meanwhile are passed over and
        count among its times. None: it has none left. Raises ValueError past the calendar."""
        months, step = _read_duration(due.every) if not self.calendar else (0, timedelta())
        if due.at <= now and step and not months:
            return _late(due, now, step)
        for _ in range(MAX_PASSED):
            if not due.left:
                return None
            at = self.next_due(due.at.isoformat(), due.every, business)
            due = Due(at, due.left - 1 if due.left > 0 else -1, due.every)
            if due.at > now:
                return due
        at = self.next_due(now.isoformat(), due.every, business)
        return Due(at, due.left - 1 if due.left > 0 else -1, due.every) if due.left else None

    def _business_cycle(self, now: datetime, value: Any, business: Business | None) -> Due:
        match = BUSINESS_CYCLE.fullmatch(value) if isinstance(value, str) and is_business_cycle(value) else None
        if match is None:
            raise ValueError(f"Expected a cycle such as R/T07:00/1bd or R3/PT4H, but the value is {value!r}.")
        first = self._moment(now, f"{match['at']}/1bd" if match["at"] else match["every"], business)
        if first <= now:
            raise ValueError(f"Expected a cycle that moves on, but the value is {value!r}.")
        times = _times(match["times"])
        return Due(first, times - 1 if times > 0 else -1, match["every"])

    def _moment(self, start: datetime, duration: str, business: Business | None) -> datetime:
        if business is None:
            raise ValueError(f'Expected a business calendar "{self.calendar}", but there is none.')
        return _utc(business(self.calendar, start, duration), duration)


def _cycle(now: datetime, value: Any) -> Due:
    match = CYCLE.fullmatch(value) if isinstance(value, str) else None
    if match is None or not is_duration(match["every"]) or (match["start"] and not is_moment(match["start"])):
        raise ValueError(f"Expected a cycle such as R3/PT1H, but the value is {value!r}.")
    times = _times(match["times"])
    if times == 0 or _utc(after(now, match["every"]), value) <= now:
        raise ValueError(f"Expected a cycle that comes at least once and moves on, but the value is {value!r}.")
    first = as_moment(match["start"]) if match["start"] else after(now, match["every"])
    return _passed_over(Due(_utc(first, value), times - 1 if times > 0 else -1, match["every"]), now)


def _late(due: Due, now: datetime, step: timedelta) -> Due | None:
    gone = (now - due.at) // step + 1
    if 0 <= due.left < gone:
        return None
    return Due(_utc(_later(due.at, gone * step), due.every), due.left - gone if due.left > 0 else -1, due.every)


def _later(at: datetime, time: timedelta) -> datetime:
    try:
        return at + time
    except OverflowError:
        raise ValueError(PAST_CALENDAR.format(time)) from None


def _passed_over(due: Due, now: datetime) -> Due:
    """A cycle that began in the past goes on at its next time: what was due before is not made up for."""
    at, left = due.at, due.left
    months, step = _read_duration(due.every)
    if not months and at < now and step:
        gone = (now - at) // step if left < 0 else min((now - at) // step, left)
        at, left = at + gone * step, left - gone if left > 0 else left
    while at < now and left:
        at, left = _utc(after(at, due.every), due.every), left - 1 if left > 0 else left
    return Due(at, left, due.every)


def _times(text: str) -> int:
    return int(text[:MAX_DIGITS]) if text else -1


def _duration_text(value: Any) -> str:
    return iso_duration(value) if isinstance(value, timedelta) else str(value)


def _utc(moment: datetime, value: Any) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(PAST_CALENDAR.format(value)) from None


def is_duration(text: str) -> bool:
    """Whether the text is an ISO 8601 duration such as P30D or PT1H30M."""
    match = DURATION.fullmatch(text)
    return match is not None and text[-1] not in "PT"


def is_business_time(text: str) -> bool:
    """Whether the text is a duration of business time: `3bd`, `PT8H`, `P2D`, `same_day`, `T07:00/1bd`; at most 9,999
    business days, or 10,000 hours."""
    if BUSINESS.fullmatch(text):
        return True
    match = BUSINESS_TIME.fullmatch(text)
    if match is None or text == "P":
        return False
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    whole = not (hours or minutes or seconds)
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return whole or length <= timedelta(hours=MAX_BUSINESS_HOURS)


def is_business_cycle(text: str) -> bool:
    """Whether the text is a cycle of business time that comes at least once and moves on."""
    match = BUSINESS_CYCLE.fullmatch(text)
    if match is None or not _times(match["times"]):
        return False
    return bool(match["at"]) or (is_business_time(match["every"]) and re.search("[1-9]", match["every"]) is not None)


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
    months, rest = _read_duration(text)
    return _add_months(now, months) + rest


@lru_cache(maxsize=1024)
def _read_duration(text: str) -> tuple[int, timedelta]:
    match = DURATION.fullmatch(text)
    parts: Mapping[str, str | None] = match.groupdict() if match else {}
    if any(len(part or "") > MAX_DIGITS + 7 for part in parts.values()):
        raise OverflowError
    number = {name: float(parts[name] or 0) for name in ("weeks", "days", "hours", "minutes", "seconds")}
    sign = -1 if parts["sign"] else 1
    months = 12 * int(parts["years"] or 0) + int(parts["months"] or 0)
    return sign * months, sign * timedelta(**number)


def _add_months(now: datetime, months: int) -> datetime:
    year, month = divmod(now.year * 12 + now.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
