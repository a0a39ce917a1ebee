"""The time that is left or over, in words that are true also while business is closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from calendars.queries import calendar
from orders.models import Order
from portal_staff.words import time_left, timing

NEW_YORK = ZoneInfo("America/New_York")
CLOSING = datetime(2026, 11, 20, 17, 0, tzinfo=NEW_YORK)  # a Friday
SUNDAY = datetime(2026, 11, 22, 11, 0, tzinfo=NEW_YORK)


@pytest.fixture(autouse=True)
def in_new_york():
    with timezone.override(NEW_YORK):
        yield


def said(due: datetime, now: datetime, language: str = "en") -> str:
    with translation.override(language):
        return time_left("breached", due, now, calendar("US-OFFICE")).text


@pytest.mark.parametrize("due", [CLOSING, CLOSING - timedelta(seconds=59), CLOSING + timedelta(hours=20)])
def test_what_is_over_while_nobody_works_says_since_when(due: datetime) -> None:
    assert said(due, SUNDAY) == f"over since {due:%a} {due.day} Nov, {due:%H:%M}"
    assert said(due, SUNDAY, "zh-hans").startswith(f"11月{due.day}日")
    assert said(due, SUNDAY, "zh-hans").endswith(" 起已超时")


def test_what_is_over_since_today_says_the_time_only() -> None:
    assert said(CLOSING, CLOSING + timedelta(hours=1)) == "over since 17:00"


def test_it_does_not_tick_while_nobody_works() -> None:
    assert time_left("breached", CLOSING, SUNDAY, calendar("US-OFFICE")).until is None


def test_a_minute_or_more_of_business_time_is_counted_as_ever() -> None:
    assert said(CLOSING - timedelta(minutes=34), SUNDAY) == "34 min over"
    monday = datetime(2026, 11, 23, 9, 30, tzinfo=NEW_YORK)
    assert said(CLOSING, monday).endswith(" over")
    assert said(monday - timedelta(seconds=20), monday) == "under 1 min over"


def test_what_is_still_to_come_is_left() -> None:
    assert said(CLOSING, CLOSING - timedelta(hours=1)) == "1 h left"
    assert said(CLOSING, CLOSING) == "under 1 min left"


@pytest.mark.parametrize(
    ("state", "minutes", "said"),
    [
        ("completed", 0, "Met"), ("rejected", -90, "Met"), ("cancelled", -1, None),
        ("completed", 90, "Late by 1 h 30 min"), ("cancelled", 90, "Late by 1 h 30 min"),
    ],
)  # fmt: skip
def test_what_ended_says_whether_it_was_in_time(state: str, minutes: int, said: str | None) -> None:
    due = CLOSING - timedelta(hours=4)
    order = Order(state=state, band="breached", due_at=due, ended_at=due + timedelta(minutes=minutes))
    found = timing(order, SUNDAY, calendar("US-OFFICE"))
    assert (found.text if found else None) == said
    assert found is None or found.until is None


def test_what_ended_without_a_target_says_nothing_of_time() -> None:
    assert timing(Order(state="completed", ended_at=CLOSING), SUNDAY, calendar("US-OFFICE")) is None
