"""Hours of a day: from `[["09:00", "12:00"], ["13:30", "17:00"]]` to seconds after local midnight."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from calendars.arithmetic.refusals import BadCalendar

Hours = tuple[tuple[int, int], ...]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SECONDS_A_DAY = 86_400
_CLOCK = re.compile(r"([0-2][0-9]):([0-5][0-9])(?::([0-5][0-9]))?")


def parse_hours(value: Any, where: str) -> Hours:
    """Pairs of wall-clock texts, put in order; `where` names them in a refusal.

    Raises BadCalendar: not pairs, not a time of day, end not after start, overlapping.
    """
    if not isinstance(value, list | tuple):
        raise BadCalendar(f"{where}: expected a list of [from, to] pairs, but got {value!r}.")
    hours = tuple(sorted(_parse_pair(pair, where) for pair in value))
    check_hours(hours, where)
    return hours


def check_hours(hours: Hours, where: str) -> None:
    """Raises BadCalendar if an interval ends before it starts, leaves the day, or overlaps the next one."""
    for start, end in hours:
        if not 0 <= start < end <= SECONDS_A_DAY:
            raise BadCalendar(f"{where}: expected hours that end after they start, but got {show_pair((start, end))}.")
    for one, other in zip(hours, hours[1:]):
        if other[0] < one[1]:
            raise BadCalendar(f"{where}: expected separate hours, but {show_pair(one)} and {show_pair(other)} overlap.")


def show_hours(hours: Hours) -> list[list[str]]:
    """The inverse of `parse_hours`."""
    return [[_show_clock(start), _show_clock(end)] for start, end in hours]


def show_pair(pair: tuple[int, int]) -> str:
    return f"{_show_clock(pair[0])}–{_show_clock(pair[1])}"


def parse_clock(text: Any, where: str) -> time:
    """`"16:00"` or `"16:00:30"` as a time of day. Raises BadCalendar."""
    seconds = _parse_seconds(text, where)
    if seconds == SECONDS_A_DAY:
        raise BadCalendar(f"{where}: expected a time of day before 24:00, but got {text!r}.")
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def parse_date(value: Any, where: str) -> date:
    """`"2026-11-27"` as a date. Raises BadCalendar."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadCalendar(f"{where}: expected a date such as 2026-11-27, but got {value!r}.") from None


def parse_weekly(value: Any) -> tuple[Hours, ...]:
    """`{"mon": [[…]], …}` as seven days of hours from Monday; a day left out is closed. Raises BadCalendar."""
    if not isinstance(value, Mapping):
        raise BadCalendar(f"weekly: expected hours for mon … sun, but got {value!r}.")
    unknown = sorted(str(key) for key in value if key not in WEEKDAYS)
    if unknown:
        raise BadCalendar(f"weekly: expected mon, tue, wed, thu, fri, sat or sun, but got {unknown[0]!r}.")
    return tuple(parse_hours(value.get(day, []), f"weekly.{day}") for day in WEEKDAYS)


def _parse_pair(pair: Any, where: str) -> tuple[int, int]:
    if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
        raise BadCalendar(f"{where}: expected a [from, to] pair, but got {pair!r}.")
    return _parse_seconds(pair[0], where), _parse_seconds(pair[1], where)


def _parse_seconds(text: Any, where: str) -> int:
    """Seconds after midnight; 24:00 is the end of the day."""
    if text == "24:00":
        return SECONDS_A_DAY
    match = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if match is None or int(match[1]) > 23:
        raise BadCalendar(f"{where}: expected a time such as 09:00, but got {text!r}.")
    return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)


def _show_clock(seconds: int) -> str:
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text
