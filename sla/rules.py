"""Due times and bands as functions of plain values: a calendar, instants, a target.

Bands by the share of the window used: green below 50 %, yellow below 80 %, red up to and including the due instant,
breached after it. Source: seed table `bands`, seed decision 7.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from calendars.rules import (
    Calendar,
    CalendarError,
    TooFar,
    add_business_days,
    add_open_time,
    close_of,
    is_working,
    last_receipt,
    local,
    open_time,
    received_day,
    why_closed,
)

Band = Literal["green", "yellow", "red", "breached"]
Pause = tuple[datetime, datetime | None]
LONGEST_DAYS, LONGEST_HOURS = 10_000, 100_000
_MICROSECOND = timedelta(microseconds=1)
_DAYS = re.compile(r"([0-9]{1,6})bd")
_HOURS = re.compile(r"PT(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?")


class BadTarget(ValueError):
    """The target's text is none of `3bd`, `PT8H`, `same_day`."""


class BadPause(ValueError):
    """A pause that ends before it begins, or has no end where one is needed."""


@dataclass(frozen=True)
class Target:
    """Business days (0 = the same day), or business time; the other is None."""

    days: int | None
    open_time: timedelta | None


@dataclass(frozen=True)
class Window:
    """One promise: `start` … `due`, and the instants at which 50 % (`yellow`) and 80 % (`red`) of it are used.

    window_seconds: business seconds that the promise gives, whole; pauses move its end, not its length.
    """

    start: datetime
    due: datetime
    yellow: datetime
    red: datetime
    window_seconds: int


@dataclass(frozen=True)
class Paused:
    """A clock that stands still: since when, and the band that it keeps meanwhile."""

    at: datetime
    band: Band


@dataclass(frozen=True)
class Step:
    """One step of how a due time came about.

    kind: `entered`, `after_cutoff`, `not_working`, `received`, `counted`, `pause`, `due`.
    at: the instant (entry, cut-off, begin of a pause, due); day: the date it is about.
    reason, name: of a day without work: `weekly`, `holiday`, `special_hours` and the holiday's name.
    number: which business day is counted. seconds: business seconds that a pause covers, or that the target gives.
    """

    kind: str
    day: date
    at: datetime | None = None
    reason: str = ""
    name: str = ""
    number: int = 0
    seconds: int = 0


def parse_target(text: str) -> Target:
    """`3bd` (business days), `PT8H30M` (business time) or `same_day`. Raises BadTarget."""
    if text == "same_day":
        return Target(days=0, open_time=None)
    if match := _DAYS.fullmatch(text):
        return _target_of_days(int(match[1]), text)
    if match := _HOURS.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return _target_of_time(timedelta(hours=hours, minutes=minutes, seconds=seconds), text)
    raise BadTarget(f"target: expected 3bd, PT8H or same_day, but got {text!r}.")


def due_time(
    cal: Calendar, start: datetime, target: str, cutoff: time | None = None, pauses: Sequence[Pause] = ()
) -> Window:
    """The window of a target from the moment of entry; `cutoff` (calendar's time) matters to days, not to `PT…`.

    Days end at the close of the n-th business day after the day of receipt, `same_day` at the close of that day. A
    pause moves what is still to come by the business time that it covers; one that begins after the due instant
    moves nothing. Each pause needs an end.
    Raises BadTarget, BadPause, CalendarError. Source: commands.md `sla due`; seed decisions 7, 13, 15.
    """
    closed = merge_pauses(pauses)
    start = _utc(start)
    promised = _promised(cal, start, parse_target(target), cutoff)
    return Window(
        start=local(cal, start),
        due=_after(cal, start, promised, closed),
        yellow=_after(cal, start, _share(promised, 50), closed),
        red=_after(cal, start, _share(promised, 80), closed),
        window_seconds=promised // timedelta(seconds=1),
    )


def band(window: Window, now: datetime) -> Band:
    """Where `now` stands in the window; done exactly at the due instant is in time. Source: seed decision 7."""
    at = _utc(now)
    if at > _utc(window.due):
        return "breached"
    if at >= _utc(window.red):
        return "red"
    return "yellow" if at >= _utc(window.yellow) else "green"


def elapsed(cal: Calendar, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> int:
    """Whole business seconds from `start` to `end` without the paused ones; a pause without end lasts until `end`.

    0 if `end` is before `start`. Raises BadPause, CalendarError.
    """
    if _utc(end) <= _utc(start):
        return 0
    paused = sum((_covered(cal, one, start, end) for one in merge_pauses(pauses, until=end)), timedelta(0))
    return (open_time(cal, start, end) - paused) // timedelta(seconds=1)


def start_clock(cal: Calendar, entered: datetime, target: str, cutoff: time | None = None) -> Window:
    """The window of a clock that starts now. Raises as `due_time`."""
    return due_time(cal, entered, target, cutoff)


def pause(window: Window, at: datetime) -> Paused:
    """Stop the clock: the band stays what it is, nothing falls due. Source: seed decision 9, the service clock."""
    return Paused(at=at, band=band(window, at))


def resume(cal: Calendar, window: Window, paused_at: datetime, at: datetime) -> Window:
    """The window of a clock that goes on at `at`: what is still to come moves by the business time covered.

    The same as `due_time` gives with that pause. Raises BadPause, CalendarError.
    """
    if _utc(at) < _utc(paused_at):
        raise BadPause(f"pause: expected an end after {paused_at.isoformat()}, but got {at.isoformat()}.")
    return replace(
        window,
        due=moved(cal, window.due, paused_at, at),
        yellow=moved(cal, window.yellow, paused_at, at),
        red=moved(cal, window.red, paused_at, at),
    )


def moved(cal: Calendar, mark: datetime, paused_at: datetime, resumed_at: datetime) -> datetime:
    """An instant that is still to come, later by the business time of a pause; one that has passed stays."""
    left = open_time(cal, paused_at, mark)
    return add_open_time(cal, resumed_at, left) if left > timedelta(0) else mark


def next_check(window: Window, current: Band) -> datetime | None:
    """When a clock in this band has to be looked at again: the first instant of the next band; None once breached."""
    if current == "green":
        return window.yellow
    if current == "yellow":
        return window.red
    return window.due + _MICROSECOND if current == "red" else None


def explain_due(
    cal: Calendar, start: datetime, target: str, cutoff: time | None = None, pauses: Sequence[Pause] = ()
) -> list[Step]:
    """How `due_time` came to its answer, step by step, in order of what is said. Raises as `due_time`."""
    wanted = parse_target(target)
    window = due_time(cal, start, target, cutoff, pauses)
    steps = [Step("entered", window.start.date(), at=window.start, seconds=window.window_seconds)]
    if wanted.days is not None:
        steps += _explain_receipt(cal, start, cutoff)
        steps += _explain_count(cal, steps[-1].day, wanted.days)
    steps += [_explain_pause(cal, start, one) for one in merge_pauses(pauses) if _counts(one, start, window.due)]
    return [*steps, Step("due", window.due.date(), at=window.due)]


def merge_pauses(pauses: Sequence[Pause], until: datetime | None = None) -> list[tuple[datetime, datetime]]:
    """Pauses in order, in UTC, those that touch or overlap made one; `until` ends those that have no end.

    Raises BadPause.
    """
    merged: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(_closed(one, until) for one in pauses):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((begin, end))
    return merged


def _utc(at: datetime) -> datetime:
    """The instant in UTC: datetimes of one zone would compare by wall clock, wrongly in the hour that comes twice."""
    if at.tzinfo is None:
        raise CalendarError(f"Expected an instant with an offset, but got {at.isoformat()}.")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise TooFar(f"Expected an instant that exists in UTC, but got {at.isoformat()}.") from None


def _target_of_days(days: int, text: str) -> Target:
    if not 1 <= days <= LONGEST_DAYS:
        raise BadTarget(f"target: expected 1 to {LONGEST_DAYS} business days, but got {text!r}.")
    return Target(days=days, open_time=None)


def _target_of_time(amount: timedelta, text: str) -> Target:
    if not timedelta(0) < amount <= timedelta(hours=LONGEST_HOURS):
        raise BadTarget(f"target: expected business time up to {LONGEST_HOURS} hours, but got {text!r}.")
    return Target(days=None, open_time=amount)


def _promised(cal: Calendar, start: datetime, target: Target, cutoff: time | None) -> timedelta:
    """The business time that the target gives from `start`."""
    if target.open_time is not None:
        return target.open_time
    received = received_day(cal, start, cutoff)
    last = add_business_days(cal, received, target.days) if target.days else received
    return open_time(cal, start, close_of(cal, last))


def _share(amount: timedelta, percent: int) -> timedelta:
    """Rounded up to the microsecond, so that the share is reached at that instant."""
    return -(-(amount // _MICROSECOND) * percent // 100) * _MICROSECOND


def _after(cal: Calendar, start: datetime, amount: timedelta, pauses: Sequence[tuple[datetime, datetime]]) -> datetime:
    """The earliest instant at which `amount` of business time outside the pauses has passed."""
    cursor = start
    for begin, end in pauses:
        available = open_time(cal, cursor, max(begin, cursor))
        if available >= amount:
            break
        if end > cursor:
            amount -= available
            cursor = end
    return add_open_time(cal, cursor, amount)


def _closed(one: Pause, until: datetime | None) -> tuple[datetime, datetime]:
    begin, end = one
    end = end or until
    if end is None:
        raise BadPause(f"pause: expected an end of the pause from {begin.isoformat()}, but it is still open.")
    begin, end = _utc(begin), _utc(end)
    if end < begin and one[1] is not None:
        raise BadPause(f"pause: expected an end after {begin.isoformat()}, but got {end.isoformat()}.")
    return begin, max(begin, end)


def _covered(cal: Calendar, one: tuple[datetime, datetime], start: datetime, end: datetime) -> timedelta:
    """Business time of a pause between `start` and `end`."""
    begin, finish = max(one[0], _utc(start)), min(one[1], _utc(end))
    return max(open_time(cal, begin, finish), timedelta(0))


def _explain_receipt(cal: Calendar, start: datetime, cutoff: time | None) -> list[Step]:
    """Days from the day of entry to the one that it counts as received on, both included."""
    day, received = local(cal, start).date(), received_day(cal, start, cutoff)
    steps = []
    while day < received:
        if is_working(cal, day):
            steps.append(Step("after_cutoff", day, at=last_receipt(cal, day, cutoff)))
        else:
            steps.append(_explain_closed(cal, day))
        day += timedelta(days=1)
    return [*steps, Step("received", received)]


def _explain_count(cal: Calendar, received: date, days: int) -> list[Step]:
    steps: list[Step] = []
    day, counted = received, 0
    while counted < days:
        day += timedelta(days=1)
        if is_working(cal, day):
            counted += 1
            steps.append(Step("counted", day, number=counted))
        else:
            steps.append(_explain_closed(cal, day))
    return steps


def _explain_closed(cal: Calendar, day: date) -> Step:
    return Step("not_working", day, reason=why_closed(cal, day) or "", name=cal.holiday_name(day))


def _explain_pause(cal: Calendar, start: datetime, one: tuple[datetime, datetime]) -> Step:
    begin = local(cal, max(one[0], _utc(start)))
    seconds = _covered(cal, one, begin, one[1]) // timedelta(seconds=1)
    return Step("pause", begin.date(), at=begin, seconds=seconds)


def _counts(one: tuple[datetime, datetime], start: datetime, due: datetime) -> bool:
    """Whether a pause moved the due time: it lies after the start and begins before the due instant."""
    return one[1] > _utc(start) and one[0] < _utc(due)
