"""Which working day counts, when the next one opens, and by when a late order is expected."""

from datetime import UTC, date, datetime

import pytest

from orders.rules import day_begun, expected_by, moved_up, next_opening, with_order
from tests.calendars.cases import office

CAL = office(holidays=["2026-11-26"])  # a Thursday


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)  # New York is five hours behind


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (utc(16, 14), 16),  # Monday 09:00, the very opening
        (utc(16, 13, 59), 13),  # still the Friday before
        (utc(17, 4), 16),  # Monday 23:00
        (utc(22, 5), 20),  # Sunday
        (utc(26, 18), 25),  # the holiday
    ],
)
def test_a_working_day_lasts_until_the_next_one_opens(at: datetime, day: int) -> None:
    assert day_begun(CAL, at) == date(2026, 11, day)


@pytest.mark.parametrize(("day", "opens"), [(16, 17), (20, 23), (25, 27)])
def test_the_next_opening_passes_over_days_without_work(day: int, opens: int) -> None:
    assert next_opening(CAL, date(2026, 11, day)) == utc(opens, 14)


@pytest.mark.parametrize(
    ("promised", "now", "expected"),
    [
        (utc(16, 22), utc(16, 22, 1), utc(18, 22)),
        (utc(16, 22), utc(18, 21, 59), utc(18, 22)),  # the same all the time in between
        (utc(16, 22), utc(18, 22), utc(20, 22)),  # missed again
        (utc(24, 22), utc(25, 15), utc(27, 22)),  # over the holiday
        (utc(2, 22), utc(22, 15), utc(24, 22)),  # weeks late
    ],
)
def test_a_late_order_is_expected_two_business_days_after_its_promise(
    promised: datetime, now: datetime, expected: datetime
) -> None:
    assert expected_by(CAL, promised, now) == expected


def test_one_step_up_and_no_further_than_the_top() -> None:
    assert [moved_up(priority) for priority in (5, 3, 2, 1)] == [4, 2, 1, 1]


def test_a_step_moves_up_as_far_as_its_order_did_wherever_it_is_drawn() -> None:
    assert [with_order(drawn, 3) for drawn in (1, 3, 5)] == [1, 3, 5]
    assert [with_order(drawn, 2) for drawn in (1, 2, 3, 5)] == [1, 1, 2, 4]
