"""Business time by example: weekends, holidays, short days, clock changes, lunch, make-up days, cut-offs."""

from datetime import UTC, date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.arithmetic.index import build_year
from calendars.rules import (
    Calendar,
    CalendarError,
    NoOpenHours,
    NotAWorkingDay,
    TooFar,
    add_business_days,
    add_business_time,
    add_open_time,
    business_seconds,
    close_of,
    is_open,
    is_working,
    next_open,
    next_time_of_day,
    open_of,
    open_time,
    received_day,
    subtract_business_days,
    subtract_business_time,
    subtract_open_time,
    why_closed,
)
from tests.calendars.cases import WEEK, at, calendars_around, office

HOUR = 3600
THANKSGIVING = office(holidays={"2026-11-26": "Thanksgiving Day"}, hours_on={"2026-11-27": [["09:00", "13:00"]]})
ROUND_THE_CLOCK = office(weekly={day: [["00:00", "24:00"]] for day in WEEK})
NIGHT = office(weekly={day: [["00:00", "04:00"]] for day in WEEK})
COUNTER = Calendar.from_json(
    {
        "timezone": "Asia/Shanghai",
        "weekly": {day: [["09:00", "12:00"], ["13:30", "17:00"]] for day in WEEK[:5]},
        "holidays": ["2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-23"],
        "working_days": ["2026-02-14"],
    }
)


@pytest.mark.parametrize(
    ("cal", "start", "hours", "end"),
    [
        pytest.param(office(), "2026-11-20T16:00-05:00", 2, "2026-11-23T10:00-05:00", id="over a weekend"),
        pytest.param(office(), "2026-11-23T09:00-05:00", 8, "2026-11-23T17:00-05:00", id="ends at the close itself"),
        pytest.param(office(), "2026-11-21T12:00-05:00", 8, "2026-11-23T17:00-05:00", id="from a Saturday"),
        pytest.param(office(), "2026-11-23T14:00+00:00", 1, "2026-11-23T10:00-05:00", id="start in another offset"),
        pytest.param(THANKSGIVING, "2026-11-25T16:00-05:00", 8, "2026-11-30T12:00-05:00", id="holiday and early close"),
        pytest.param(office(), "2026-03-06T16:00-05:00", 2, "2026-03-09T10:00-04:00", id="clocks go forward"),
        pytest.param(office(), "2026-10-30T16:00-04:00", 2, "2026-11-02T10:00-05:00", id="clocks go back"),
        pytest.param(ROUND_THE_CLOCK, "2026-03-08T00:00-05:00", 23, "2026-03-09T00:00-04:00", id="a day of 23 hours"),
        pytest.param(ROUND_THE_CLOCK, "2026-11-01T00:00-04:00", 25, "2026-11-02T00:00-05:00", id="a day of 25 hours"),
        pytest.param(NIGHT, "2026-03-08T00:00-05:00", 3, "2026-03-08T04:00-04:00", id="open through the lost hour"),
        pytest.param(NIGHT, "2026-11-01T00:00-04:00", 5, "2026-11-01T04:00-05:00", id="open through the repeated hour"),
        pytest.param(COUNTER, "2026-11-23T11:00+08:00", 2, "2026-11-23T14:30+08:00", id="over lunch"),
        pytest.param(COUNTER, "2026-02-13T16:00+08:00", 7.5, "2026-02-14T17:00+08:00", id="on a make-up Saturday"),
        pytest.param(COUNTER, "2026-02-14T16:30+08:00", 1, "2026-02-24T09:30+08:00", id="over Spring Festival"),
    ],
)
def test_time_is_added_taken_away_and_measured(cal, start, hours, end):
    seconds = int(hours * HOUR)
    assert add_business_time(cal, at(start), seconds) == at(end)
    assert business_seconds(cal, at(start), at(end)) == seconds
    assert business_seconds(cal, at(end), at(start)) == -seconds
    begin = subtract_business_time(cal, at(end), seconds)
    assert business_seconds(cal, begin, at(end)) == seconds
    assert begin >= at(start)


def test_answers_carry_the_offset_of_the_calendar():
    assert add_business_time(office(), at("2026-03-06T21:00Z"), 2 * HOUR).isoformat() == "2026-03-09T10:00:00-04:00"


def test_taking_away_ends_at_the_opening_not_at_the_close_before():
    assert subtract_business_time(office(), at("2026-11-24T17:00-05:00"), 8 * HOUR) == at("2026-11-24T09:00-05:00")


def test_the_first_hours_of_a_year_and_of_a_day_are_no_exception():
    assert subtract_business_time(office(), at("2026-01-01T17:00-05:00"), 8 * HOUR) == at("2026-01-01T09:00-05:00")
    assert is_open(office(), at("2026-01-01T09:00-05:00"))
    assert open_of(ROUND_THE_CLOCK, date(2026, 11, 27)) == at("2026-11-27T00:00-05:00")


def test_no_time_added_or_taken_away_changes_nothing_even_while_closed():
    sunday = at("2026-11-22T12:00-05:00")
    assert add_business_time(office(), sunday, 0) == sunday == subtract_business_time(office(), sunday, 0)


def test_parts_of_a_second_are_kept_by_additions_and_cut_from_seconds():
    start = at("2026-11-23T16:59:59.250000-05:00")
    assert add_business_time(office(), start, 1) == at("2026-11-24T09:00:00.250000-05:00")
    assert business_seconds(office(), start, at("2026-11-24T09:00-05:00")) == 0
    assert open_time(office(), start, at("2026-11-24T09:00-05:00")) == timedelta(milliseconds=750)


@pytest.mark.parametrize(
    ("start", "opens"),
    [
        ("2026-11-23T08:59:59-05:00", "2026-11-23T09:00-05:00"),
        ("2026-11-23T09:00-05:00", "2026-11-23T09:00-05:00"),
        ("2026-11-23T16:59:59-05:00", "2026-11-23T16:59:59-05:00"),
        ("2026-11-23T17:00-05:00", "2026-11-24T09:00-05:00"),
        ("2026-12-31T17:00-05:00", "2027-01-01T09:00-05:00"),
    ],
)
def test_open_from_the_first_second_until_before_the_closing_second(start, opens):
    assert next_open(office(), at(start)) == at(opens)
    assert is_open(office(), at(start)) == (start == opens)


@pytest.mark.parametrize(
    ("day", "n", "later", "earlier"),
    [
        ("2026-11-25", 1, "2026-11-27", "2026-11-24"),
        ("2026-11-26", 1, "2026-11-27", "2026-11-25"),
        ("2026-11-28", 0, "2026-11-30", "2026-11-27"),
        ("2026-11-27", 0, "2026-11-27", "2026-11-27"),
        ("2026-12-31", 2, "2027-01-04", "2026-12-29"),
        ("2026-11-25", 260, "2027-11-25", "2025-11-26"),
    ],
)
def test_business_days_are_counted_both_ways(day, n, later, earlier):
    assert str(add_business_days(THANKSGIVING, date.fromisoformat(day), n)) == later
    assert str(subtract_business_days(THANKSGIVING, date.fromisoformat(day), n)) == earlier


def test_a_day_opens_and_closes_by_its_own_hours():
    friday = date(2026, 11, 27)
    assert open_of(THANKSGIVING, friday) == at("2026-11-27T09:00-05:00")
    assert close_of(THANKSGIVING, friday) == at("2026-11-27T13:00-05:00")
    assert close_of(ROUND_THE_CLOCK, friday) == at("2026-11-28T00:00-05:00")
    with pytest.raises(NotAWorkingDay, match="2026-11-26 has no open hours"):
        close_of(THANKSGIVING, date(2026, 11, 26))


@pytest.mark.parametrize(
    ("received", "cutoff", "day"),
    [
        pytest.param("2026-11-24T15:59:59-05:00", time(16), "2026-11-24", id="a second before the cut-off"),
        pytest.param("2026-11-24T16:00:00-05:00", time(16), "2026-11-25", id="at the cut-off"),
        pytest.param("2026-11-24T15:59:59.999999-05:00", time(16), "2026-11-24", id="just before the cut-off"),
        pytest.param("2026-11-24T16:59:59-05:00", None, "2026-11-24", id="no cut-off: the close"),
        pytest.param("2026-11-24T17:00:00-05:00", None, "2026-11-25", id="at the close"),
        pytest.param("2026-11-24T06:00:00-05:00", time(16), "2026-11-24", id="before the opening"),
        pytest.param("2026-11-25T16:00:00-05:00", time(16), "2026-11-27", id="the next day is a holiday"),
        pytest.param("2026-11-26T10:00:00-05:00", time(16), "2026-11-27", id="on a holiday"),
        pytest.param("2026-11-27T12:59:59-05:00", time(16), "2026-11-27", id="before an early close"),
        pytest.param("2026-11-27T13:00:00-05:00", time(16), "2026-11-30", id="closed before the cut-off"),
        pytest.param("2026-11-28T10:00:00-05:00", None, "2026-11-30", id="on a Saturday"),
        pytest.param("2026-11-24T20:59:59Z", time(16), "2026-11-24", id="the cut-off is the calendar's time"),
        pytest.param("2026-11-25T03:00:00Z", time(16), "2026-11-25", id="the day is the calendar's day"),
    ],
)
def test_received_day(received, cutoff, day):
    assert str(received_day(THANKSGIVING, at(received), cutoff)) == day


def test_why_a_day_is_closed():
    cal = office(holidays={"2026-11-26": "Thanksgiving Day"}, hours_on={"2026-11-24": []})
    days = [date(2026, 11, day) for day in (24, 25, 26, 28)]
    assert [why_closed(cal, day) for day in days] == ["special_hours", None, "holiday", "weekly"]


def test_of_two_statements_about_a_date_the_more_particular_one_holds():
    cal = office(
        holidays=["2026-11-24", "2026-11-25", "2026-11-26"],
        working_days=["2026-11-25", "2026-11-26"],
        hours_on={"2026-11-26": [["10:00", "11:00"]]},
    )
    lengths = [sum(end - start for start, end in cal.hours(date(2026, 11, day))) for day in (24, 25, 26)]
    assert lengths == [0, 8 * HOUR, 1 * HOUR]


def test_a_make_up_day_has_its_own_hours_or_those_of_the_first_weekday_that_has_any():
    saturday = office(weekly={"tue": [["08:00", "18:00"]], "sat": [["10:00", "12:00"]]}, working_days=["2026-11-28"])
    sunday = office(weekly={"tue": [["08:00", "18:00"]], "sat": [["10:00", "12:00"]]}, working_days=["2026-11-29"])
    assert close_of(saturday, date(2026, 11, 28)) == at("2026-11-28T12:00-05:00")
    assert close_of(sunday, date(2026, 11, 29)) == at("2026-11-29T18:00-05:00")


def test_hours_that_the_clock_jumps_over_do_not_exist():
    cal = office(weekly={"sun": [["02:15", "02:45"]], "mon": [["02:15", "02:45"]]})
    assert not is_working(cal, date(2026, 3, 8))
    assert next_open(cal, at("2026-03-08T00:00-05:00")) == at("2026-03-09T02:15-04:00")
    late = office(weekly={"sun": [["02:30", "04:00"]]})
    assert open_of(late, date(2026, 3, 8)) == at("2026-03-08T03:00-04:00")


def test_a_date_that_a_country_skipped_has_no_open_hours():
    samoa = Calendar.from_json({"timezone": "Pacific/Apia", "weekly": {day: [["09:00", "17:00"]] for day in WEEK}})
    assert not is_working(samoa, date(2011, 12, 30))
    assert add_business_days(samoa, date(2011, 12, 29), 1) == date(2011, 12, 31)


def test_comparisons_in_the_hour_that_comes_twice_go_by_the_instant():
    first, second = at("2026-11-01T05:30Z").astimezone(NIGHT.zone), at("2026-11-01T06:30Z").astimezone(NIGHT.zone)
    assert business_seconds(NIGHT, first, second) == HOUR
    assert business_seconds(NIGHT, second, first) == -HOUR


@pytest.mark.parametrize(
    "ask",
    [
        lambda cal: next_open(cal, at("2026-11-28T00:00-05:00")),
        lambda cal: add_business_time(cal, at("2026-11-20T00:00-05:00"), 9 * HOUR),
        lambda cal: subtract_business_time(cal, at("2026-11-30T00:00-05:00"), 9 * HOUR),
        lambda cal: add_business_days(cal, date(2026, 11, 27), 1),
        lambda cal: subtract_business_days(cal, date(2026, 11, 27), 1),
    ],
)
def test_a_search_without_open_hours_ends(ask):
    one_day_ever = office(weekly={}, hours_on={"2026-11-27": [["09:00", "17:00"]]})
    with pytest.raises(NoOpenHours, match="within 10 years"):
        ask(one_day_ever)


@pytest.mark.parametrize(
    "ask",
    [
        lambda cal: add_business_time(cal, at("2026-11-20T00:00Z"), 10**10),
        lambda cal: add_business_days(cal, date(2026, 11, 20), 10**6),
        lambda cal: next_open(cal, at("9999-12-31T23:59:59-05:00")),
        lambda cal: open_time(cal, at("0001-01-01T00:00+14:00"), at("2026-01-01T00:00Z")),
    ],
)
def test_an_answer_outside_the_years_is_refused(ask):
    with pytest.raises(TooFar):
        ask(office())


@pytest.mark.parametrize(
    "ask",
    [
        lambda cal: add_business_time(cal, at("2026-11-20T00:00"), 1),
        lambda cal: business_seconds(cal, at("2026-11-20T00:00Z"), at("2026-11-20T00:00")),
        lambda cal: add_business_time(cal, at("2026-11-20T00:00Z"), -1),
        lambda cal: subtract_business_time(cal, at("2026-11-20T00:00Z"), -1),
        lambda cal: add_business_days(cal, date(2026, 11, 20), -1),
        lambda cal: subtract_business_days(cal, date(2026, 11, 20), -1),
    ],
)
def test_an_instant_without_offset_and_a_negative_amount_are_refused(ask):
    with pytest.raises(CalendarError, match="Expected"):
        ask(office())


def test_each_year_is_indexed_once_and_only_when_asked_about(monkeypatch):
    built = []
    monkeypatch.setattr(
        "calendars.arithmetic.calendar.build_year",
        lambda number, *rest: built.append(number) or build_year(number, *rest),
    )
    cal = office()
    add_business_time(cal, at("2026-12-31T16:00-05:00"), 2 * HOUR)
    business_seconds(cal, at("2026-12-01T00:00Z"), at("2027-03-01T00:00Z"))
    assert built == [2026, 2027]


AROUND = calendars_around()
INSTANTS = st.timedeltas(timedelta(days=-20), timedelta(days=20))
AMOUNTS = st.timedeltas(timedelta(microseconds=1), timedelta(days=40))


def _instant(middle, offset):
    return at(f"{middle}T00:00Z") + offset


@given(AROUND, INSTANTS, AMOUNTS)
@settings(max_examples=150, deadline=None)
def test_what_was_added_is_between_and_comes_off_again(around, offset, amount):
    cal, middle = around
    start = _instant(middle, offset)
    end = add_open_time(cal, start, amount)
    assert open_time(cal, start, end) == amount
    back = subtract_open_time(cal, end, amount).astimezone(UTC)
    assert back >= start
    assert open_time(cal, start, back) == timedelta(0)


@given(AROUND, INSTANTS, INSTANTS, INSTANTS)
@settings(max_examples=150, deadline=None)
def test_spans_add_up_and_never_exceed_the_time_that_passed(around, one, two, three):
    cal, middle = around
    first, second, third = (_instant(middle, offset) for offset in sorted((one, two, three)))
    assert open_time(cal, first, second) + open_time(cal, second, third) == open_time(cal, first, third)
    assert timedelta(0) <= open_time(cal, first, second) <= second - first


@given(AROUND, INSTANTS, INSTANTS, AMOUNTS, AMOUNTS)
@settings(max_examples=150, deadline=None)
def test_later_starts_and_longer_amounts_never_end_earlier(around, one, two, short, long):
    cal, middle = around
    early, late = (_instant(middle, offset) for offset in sorted((one, two)))
    short, long = sorted((short, long))
    ends = [add_open_time(cal, start, amount).astimezone(UTC) for start, amount in ((early, short), (late, long))]
    assert ends[0] <= ends[1]
    assert early <= next_open(cal, early).astimezone(UTC) <= ends[0]


@given(AROUND, st.integers(-30, 30), st.integers(1, 200))
@settings(max_examples=150, deadline=None)
def test_business_days_there_and_back(around, offset, n):
    cal, middle = around
    day = add_business_days(cal, middle + timedelta(days=offset), 0)
    assert subtract_business_days(cal, add_business_days(cal, day, n), n) == day


@pytest.mark.parametrize(
    ("start", "n", "found"),
    [
        ("2026-11-25T06:59-05:00", 1, "2026-11-25T07:00-05:00"),
        ("2026-11-25T07:00-05:00", 1, "2026-11-27T07:00-05:00"),  # sharp: the next one; Thursday is Thanksgiving
        ("2026-11-25T07:00-05:00", 2, "2026-11-30T07:00-05:00"),
        ("2026-11-28T12:00-05:00", 1, "2026-11-30T07:00-05:00"),  # from a Saturday
        ("2026-10-30T12:00-04:00", 1, "2026-11-02T07:00-05:00"),  # the clocks were put back: still seven
    ],
)
def test_the_next_time_that_a_working_day_shows_an_hour(start, n, found):
    assert next_time_of_day(THANKSGIVING, at(start), time(7), n) == at(found)
