"""Two calendars together are open exactly when each of them is, whatever their zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.queries import calendar, is_known
from calendars.rules import (
    add_business_days,
    add_business_time,
    business_seconds,
    close_of,
    is_open,
    is_working,
    open_of,
    subtract_business_time,
    why_closed,
)
from calendars.shipped import UnknownCalendar
from sla.rules import explain_due
from tests.calendars.cases import STEP, at, calendars_around, office, open_steps

AROUND = calendars_around()


@given(AROUND, AROUND, st.integers(-600, 300), st.integers(0, 600))
@settings(max_examples=50)
def test_business_seconds_are_the_steps_at_which_both_are_open(one, other, offset, length):
    (first, middle), (second, _elsewhere) = one, other
    both = first.together_with(second)
    start = datetime.combine(middle, time(12), first.zone).astimezone(UTC) + offset * STEP
    end = start + length * STEP
    shared = [step for step in open_steps(first, start, end) if is_open(second, step)]
    assert business_seconds(both, start, end) == 300 * len(shared)
    for step in shared[:20]:
        assert is_open(both, step)
        assert is_working(both, step.astimezone(both.zone).date())


@given(st.integers(0, 300), st.integers(1, 40 * 3600))
def test_adding_and_taking_away_are_inverse(day, seconds):
    both = office().together_with(office(timezone="Europe/Amsterdam"))
    start = open_of(both, add_business_days(both, date(2026, 1, 1) + timedelta(days=day), 0))
    end = add_business_time(both, start, seconds)
    assert business_seconds(both, start, end) == seconds
    assert subtract_business_time(both, end, seconds) <= start or seconds == 0


def test_the_day_is_as_long_as_the_hours_that_both_have():
    both = calendar("US-OFFICE+NYSE")
    assert (open_of(both, date(2026, 12, 1)), close_of(both, date(2026, 12, 1))) == (
        at("2026-12-01T09:30:00-05:00"),
        at("2026-12-01T16:00:00-05:00"),
    )
    assert close_of(both, date(2026, 11, 27)) == at("2026-11-27T13:00:00-05:00")


def test_a_day_off_of_either_is_none_of_both_and_is_said_by_its_name():
    both = calendar("NYSE+US-FED")
    columbus_day, good_friday = date(2026, 10, 12), date(2026, 4, 3)  # of the Reserve Banks; of the exchange
    assert not is_working(both, columbus_day)
    assert not is_working(both, good_friday)
    steps = explain_due(both, at("2026-04-02T10:00:00-04:00"), "1bd")
    [closed] = [step for step in steps if step.kind == "not_working" and step.day == good_friday]
    assert (closed.reason, closed.name) == ("holiday", "Good Friday")
    assert why_closed(both, columbus_day) == "holiday"


def test_hours_that_never_meet_leave_no_working_day():
    morning = office(weekly={"mon": [["08:00", "12:00"]]})
    evening = office(weekly={"mon": [["12:00", "20:00"]]})
    both = morning.together_with(evening)
    assert not is_working(both, date(2026, 11, 30))
    assert why_closed(both, date(2026, 11, 30)) == "weekly"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["US-OFFICE+NOWHERE", "+", "US-OFFICE+", "+".join(["NYSE"] * 5)])
def test_codes_that_name_no_calendars_are_refused(code):
    with pytest.raises(UnknownCalendar):
        calendar(code)
    assert not is_known(code)
