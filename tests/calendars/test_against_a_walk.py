"""The index answers as somebody would who walks along the clock or from day to day."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.rules import (
    add_business_days,
    add_business_time,
    business_seconds,
    close_of,
    is_open,
    is_working,
    next_open,
    open_of,
    subtract_business_days,
    subtract_business_time,
)
from tests.calendars.cases import STEP, calendars_around, open_steps

AROUND = calendars_around()
OFFSETS = st.integers(-3 * 288, 2 * 288)
walked = settings(max_examples=50, deadline=None)


def instant(cal, middle, offset):
    """So many steps from noon of the day of the clock change."""
    return datetime.combine(middle, time(12), cal.zone).astimezone(UTC) + offset * STEP


@given(AROUND, OFFSETS, st.integers(0, 5 * 288))
@walked
def test_business_seconds_are_the_open_steps_between(around, offset, length):
    cal, middle = around
    start = instant(cal, middle, offset)
    end = start + length * STEP
    assert business_seconds(cal, start, end) == 300 * sum(1 for _ in open_steps(cal, start, end))


@given(AROUND, OFFSETS, st.integers(1, 200))
@walked
def test_added_time_ends_with_the_last_open_step_needed(around, offset, wanted):
    cal, middle = around
    start = instant(cal, middle, offset)
    walk = open_steps(cal, start, start + timedelta(days=60))
    last = next(islice(walk, wanted - 1, None))
    assert utc(add_business_time(cal, start, wanted * 300)) == last + STEP


@given(AROUND, OFFSETS, st.integers(1, 100))
@walked
def test_subtracted_time_begins_with_the_first_open_step_needed(around, offset, wanted):
    cal, middle = around
    end = instant(cal, middle, offset)
    found = list(open_steps(cal, end - timedelta(days=30), end))
    assert utc(subtract_business_time(cal, end, wanted * 300)) == found[-wanted]


@given(AROUND, OFFSETS)
@walked
def test_next_open_is_the_first_open_step(around, offset):
    cal, middle = around
    start = instant(cal, middle, offset)
    first = next(open_steps(cal, start, start + timedelta(days=60)))
    assert utc(next_open(cal, start)) == first
    assert is_open(cal, start) == (first == start)


@given(AROUND, st.integers(-15, 15), st.integers(0, 12))
@settings(max_examples=200, deadline=None)
def test_business_days_are_counted_one_by_one(around, offset, n):
    cal, middle = around
    day = middle + timedelta(days=offset)
    assert add_business_days(cal, day, n) == _step_by_step(cal, day, n, timedelta(days=1))
    assert subtract_business_days(cal, day, n) == _step_by_step(cal, day, n, timedelta(days=-1))


@given(AROUND)
@walked
def test_a_day_opens_with_its_first_step_and_closes_after_its_last(around):
    cal, middle = around
    if is_working(cal, middle):
        midnight = datetime.combine(middle, time(0), cal.zone)
        found = list(open_steps(cal, midnight, datetime.combine(middle + timedelta(days=1), time(0), cal.zone)))
        assert utc(open_of(cal, middle)) == found[0]
        assert utc(close_of(cal, middle)) == found[-1] + STEP


def utc(found):
    """Python calls a wall-clock time that comes twice unequal to its own UTC instant."""
    return found.astimezone(UTC)


def _step_by_step(cal, day, n, step):
    if n == 0:
        n, day = 1, day - step
    while n:
        day += step
        n -= is_working(cal, day)
    return day
