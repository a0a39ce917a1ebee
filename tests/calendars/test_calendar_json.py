"""The inline form of a calendar: what it says, and how a bad one is refused by name."""

from datetime import date

import pytest

from calendars.arithmetic.hours import parse_clock, show_hours
from calendars.rules import BadCalendar, Calendar
from tests.calendars.cases import office

GOOD = {"timezone": "America/New_York", "weekly": {"mon": [["09:00", "17:00"]]}}


def test_the_example_of_the_command_line_contract_is_read():
    cal = Calendar.from_json(
        GOOD
        | {
            "holidays": ["2026-01-01"],
            "working_days": ["2026-02-14"],
            "hours_on": {"2026-11-27": [["09:00", "13:00"]]},
        }
    )
    assert cal.holidays == {date(2026, 1, 1): ""}
    assert cal.working_days == {date(2026, 2, 14)}
    assert cal.hours_on == {date(2026, 11, 27): ((9 * 3600, 13 * 3600),)}


def test_intervals_are_put_in_order_and_may_touch():
    cal = office(weekly={"mon": [["13:00", "24:00"], ["09:00:30", "12:00"], ["12:00", "13:00"]]})
    assert show_hours(cal.weekly[0]) == [["09:00:30", "12:00"], ["12:00", "13:00"], ["13:00", "24:00"]]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"timezone": "America/Gotham"}, "timezone: .*'America/Gotham' is unknown"),
        ({"timezone": "../etc/passwd"}, "timezone: "),
        ({"timezone": None}, "timezone: "),
        ({"timezone": "America"}, "timezone: "),
        ({"weekly": None}, "weekly: expected hours for mon"),
        ({"weekly": {}}, "weekly: expected at least one open hour"),
        ({"weekly": {"monday": []}}, "weekly: .*'monday'"),
        ({"weekly": {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "weekly.mon: .*09:00–12:00 and 11:00–13:00 ov"),
        ({"weekly": {"mon": [["17:00", "09:00"]]}}, "weekly.mon: .*end after they start, but got 17:00–09:00"),
        ({"weekly": {"mon": [["09:00", "09:00"]]}}, "weekly.mon: .*end after"),
        ({"weekly": {"mon": [["9", "17:00"]]}}, "weekly.mon: expected a time such as 09:00, but got '9'"),
        ({"weekly": {"mon": [["09:00", "24:01"]]}}, "weekly.mon: .*'24:01'"),
        ({"weekly": {"mon": [["09:00", "25:00"]]}}, "weekly.mon: .*'25:00'"),
        ({"weekly": {"mon": ["09:00", "17:00"]}}, "weekly.mon: .*pair"),
        ({"weekly": {"mon": [["09:00"]]}}, "weekly.mon: .*pair"),
        ({"weekly": {"mon": "09:00-17:00"}}, "weekly.mon: .*list"),
        ({"holidays": ["2026-02-30"]}, "holidays: .*'2026-02-30'"),
        ({"holidays": [20260101]}, "holidays: .*20260101"),
        ({"holidays": "2026-01-01"}, "holidays: expected a list"),
        ({"working_days": ["tomorrow"]}, "working_days: .*'tomorrow'"),
        ({"hours_on": ["2026-11-27"]}, "hours_on: "),
        ({"hours_on": {"2026-11-27": [["13:00", "09:00"]]}}, "hours_on.2026-11-27: .*13:00–09:00"),
        ({"weekley": {}}, "'weekley'"),
    ],
)
def test_a_bad_calendar_is_refused_by_name(change, says):
    with pytest.raises(BadCalendar, match=says):
        Calendar.from_json(GOOD | change)


@pytest.mark.parametrize("body", [None, [], "NYSE", 5])
def test_what_is_no_object_is_refused(body):
    with pytest.raises(BadCalendar, match="calendar: expected an object"):
        Calendar.from_json(body)


def test_make_up_days_need_weekly_hours_to_borrow():
    with pytest.raises(BadCalendar, match="working_days: "):
        office(weekly={}, working_days=["2026-11-28"], hours_on={"2026-11-27": [["09:00", "17:00"]]})


@pytest.mark.parametrize("text", ["4pm", "24:00", "16:60", "", None, 16])
def test_a_cut_off_is_a_time_of_day(text):
    with pytest.raises(BadCalendar, match="cutoff: "):
        parse_clock(text, "cutoff")
