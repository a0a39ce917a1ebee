"""Between which days a date of a form lies: `x-tl.not_before` and `x-tl.not_after`. Pure: today is an argument.

A bound is a day (`1900-01-01`), `today`, or a distance from today in days, months or years (`+30d`, `-6m`, `+2y`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from rulebook.feel.literals import read_date

YEARS = range(1900, 2200)  # beyond them a time may have no place in every time zone
_DISTANCE = re.compile(r"([+-])([0-9]{1,3})([dmy])")


class NoBound(ValueError):
    """A text that names no day. text: what it is."""

    def __init__(self, text: str) -> None:
        super().__init__(f'Expected a day, "today" or a distance such as "+1y", but "{text}" is none.')
        self.text = text


def read_moment(text: str) -> datetime:
    """An ISO date and time with its offset, in a year that every zone has. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or moment.year not in YEARS:
        raise ValueError(f"Expected a time with its offset from 1900 to 2199, but got {text!r}.")
    return moment


def first_and_last(field: Mapping[str, Any], today: date) -> tuple[date, date] | None:
    """The first and the last day that a field takes; None for a field without bounds. Raises NoBound."""
    hints = field.get("x-tl", {})
    if "not_before" not in hints or "not_after" not in hints:
        return None
    return read_bound(hints["not_before"], today), read_bound(hints["not_after"], today)


def read_bound(text: Any, today: date) -> date:
    """The day that a bound means. Raises NoBound."""
    if text == "today":
        return today
    distance = _DISTANCE.fullmatch(str(text))
    day = _shifted(today, int(distance[1] + distance[2]), distance[3]) if distance else read_date(str(text))
    if day is None:
        raise NoBound(str(text))
    return day


def _shifted(day: date, count: int, unit: str) -> date:
    """So many days, months or years on; the last of the month where there is no such day."""
    if unit == "d":
        return day + timedelta(days=count)
    years, month = divmod(day.month - 1 + (count if unit == "m" else 12 * count), 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
