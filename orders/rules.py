"""Dates and steps of urging and of late orders: pure functions of a calendar and an instant."""

from __future__ import annotations

from datetime import date, datetime

from calendars.rules import Calendar, add_business_days, close_of, open_of, subtract_business_days

HIGHEST, ORDINARY = 1, 3
CATCH_UP_DAYS = 2  # business days in which a late order, which is due before others, is to be done


def moved_up(priority: int) -> int:
    """The priority after somebody asked to hurry: one step up, at most to the highest."""
    return max(priority - 1, HIGHEST)


def with_order(drawn: int, order: int) -> int:
    """The priority of a step: as it is drawn, moved up as far as its order was."""
    return max(drawn - (ORDINARY - order), HIGHEST)


def day_begun(cal: Calendar, at: datetime) -> date:
    """The working day that began last; the night and the weekend after it belong to it."""
    day = subtract_business_days(cal, at.astimezone(cal.zone).date(), 0)
    return day if open_of(cal, day) <= at else subtract_business_days(cal, day, 1)


def next_opening(cal: Calendar, day: date) -> datetime:
    """When the working day after a day begins."""
    return open_of(cal, add_business_days(cal, day, 1))


def expected_by(cal: Calendar, promised_at: datetime, now: datetime) -> datetime:
    """When a late order is to be done: `CATCH_UP_DAYS` after its promise, and again where that has passed, too.

    The same all day long, so that everybody who asks hears the same date.
    """
    day = promised_at.astimezone(cal.zone).date()
    while True:
        day = add_business_days(cal, day, CATCH_UP_DAYS)
        if close_of(cal, day) > now:
            return close_of(cal, day)
