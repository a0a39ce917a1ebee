"""The shipped calendars: known days, and that the files say what their packages say."""

import subprocess
import sys
from datetime import date

import pytest

from calendars import shipped, sources
from calendars.arithmetic.hours import show_hours
from calendars.rules import close_of, is_working
from tests.calendars.cases import at

ALL = ("CN-BANK", "CN-COUNTER", "NL-OFFICE", "NYSE", "US-FED", "US-OFFICE")


def test_six_calendars_are_shipped_with_both_names_and_their_years():
    assert shipped.codes() == ALL
    assert all(shipped.name(code)["en"] and shipped.name(code)["zh-Hans"] for code in ALL)
    assert {(shipped.coverage(code).first, shipped.coverage(code).last) for code in ALL} == {(2010, 2027)}


def test_an_unknown_code_is_refused_by_name():
    with pytest.raises(shipped.UnknownCalendar, match="CN-BANK, .*but got 'LSE'"):
        shipped.load("LSE")


@pytest.mark.parametrize(
    ("code", "day", "works"),
    [
        ("NYSE", "2026-07-03", False),  # Independence Day falls on a Saturday: the exchange closes on Friday
        ("US-FED", "2026-07-03", True),  # the Reserve Banks don't
        ("US-FED", "2021-12-31", True),
        ("NYSE", "2021-12-31", True),  # New Year's Day on a Saturday is not made up for
        ("NYSE", "2026-04-03", False),  # Good Friday
        ("US-FED", "2026-04-03", True),
        ("NYSE", "2026-10-12", True),  # Columbus Day
        ("US-FED", "2026-10-12", False),
        ("NYSE", "2012-10-29", False),  # Hurricane Sandy
        ("NYSE", "2025-01-09", False),  # day of mourning
        ("US-FED", "2025-01-09", True),
        ("US-OFFICE", "2026-11-26", False),
        ("CN-BANK", "2026-02-14", True),  # make-up Saturdays
        ("CN-BANK", "2026-10-10", True),
        ("CN-COUNTER", "2026-10-10", True),
        ("CN-BANK", "2026-09-20", True),  # a make-up Sunday
        ("CN-BANK", "2026-02-23", False),
        ("CN-BANK", "2026-10-07", False),
        ("CN-BANK", "2026-10-08", True),
        ("CN-BANK", "2027-02-08", False),  # provisional: fixed by law
        ("NL-OFFICE", "2011-12-26", False),
        ("NL-OFFICE", "2012-02-18", True),  # a Saturday
        ("NL-OFFICE", "2012-02-19", False),
    ],
)
def test_known_days(code, day, works):
    assert is_working(shipped.load(code), date.fromisoformat(day)) == works


@pytest.mark.parametrize(
    ("code", "day", "hours"),
    [
        ("NYSE", "2026-11-25", [["09:30", "16:00"]]),
        ("NYSE", "2026-11-27", [["09:30", "13:00"]]),
        ("US-OFFICE", "2026-11-27", [["09:00", "13:00"]]),
        ("US-OFFICE", "2026-12-24", [["09:00", "13:00"]]),
        ("CN-COUNTER", "2026-10-10", [["09:00", "12:00"], ["13:30", "17:00"]]),
        ("CN-BANK", "2026-10-10", [["09:00", "17:00"]]),
    ],
)
def test_known_hours(code, day, hours):
    assert show_hours(shipped.load(code).hours(date.fromisoformat(day))) == hours


def test_the_counter_closes_in_its_own_time_zone():
    assert close_of(shipped.load("CN-COUNTER"), date(2026, 11, 23)) == at("2026-11-23T17:00+08:00")


def test_only_the_year_whose_notice_is_not_out_is_provisional():
    assert shipped.coverage("CN-BANK").provisional == (2027,)
    assert shipped.coverage("NYSE").provisional == ()


def test_working_days_are_those_of_the_state_councils_notices():
    import chinese_calendar

    cal = shipped.load("CN-BANK")
    days = [date.fromordinal(n) for n in range(date(2010, 1, 1).toordinal(), date(2026, 12, 31).toordinal() + 1)]
    assert [day for day in days if is_working(cal, day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.filterwarnings("ignore:Series.values returning:DeprecationWarning")  # exchange_calendars, inside
@pytest.mark.parametrize("code", ALL)
def test_a_file_says_what_its_packages_say(code):
    """Fails when a package knows something new: `calendar refresh --all --write`, and read the difference."""
    assert sources.build(code) | {"sources": None} == shipped.document(code) | {"sources": None}


def test_reading_a_shipped_calendar_loads_no_heavy_package():
    code = (
        "import sys; from calendars import shipped, sources; [shipped.load(code) for code in shipped.codes()];"
        "print([name for name in ('pandas', 'exchange_calendars', 'holidays', 'django') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
