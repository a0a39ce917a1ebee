"""A calendar as text: everything that is wrong with it, each with its line."""

import json

import pytest

from calendars import shipped
from calendars.checking import CalendarWrong, read_calendar, written

GOOD = {
    "timezone": "Europe/Amsterdam",
    "weekly": {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "tue": [["09:00", "17:00"]]},
    "holidays": {"2026-12-28": "Bridge day"},
    "working_days": ["2026-12-27"],
    "hours_on": {"2026-12-24": [["09:00", "12:00"]]},
}


def wrong(body):
    text = body if isinstance(body, str) else written(body)
    with pytest.raises(CalendarWrong) as refused:
        read_calendar(text)
    lines = text.splitlines()
    return [(lines[each.line - 1].strip(), str(each.message)) for each in refused.value.problems]


@pytest.mark.parametrize("code", shipped.codes())
def test_every_shipped_calendar_goes_out_and_in(code):
    body = shipped.document(code)["calendar"]
    assert read_calendar(written(body)) == body


def test_the_text_has_the_days_in_their_order_and_one_date_a_line():
    assert read_calendar(written(GOOD)) == GOOD
    assert [line.strip()[:5] for line in written(GOOD).splitlines()[3:5]] == ['"mon"', '"tue"']


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        ({"timezone": "Europe/Nowhere"}, '"timezone": "Europe/Nowhere",', "unknown"),
        ({"weekly": {"mon": [["09:00", "12:00"], ["11:00", "17:00"]]}}, '"mon"', "overlap"),
        ({"weekly": {"mon": [["17:00", "09:00"]]}}, '"mon"', "end after they start"),
        ({"working_days": ["2026-12-22"]}, '"2026-12-22"', "working day of the week already"),
        ({"holidays": ["2026-02-30"]}, '"2026-02-30"', "Expected a date"),
        ({"hours_on": {"2026-12-24": [["09:00", "9"]]}}, '"2026-12-24"', "do not overlap"),
        ({"weekly": {}, "working_days": [], "hours_on": {}}, '"weekly": {}', "at least one open hour"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(change, line, told):
    ((where, said),) = wrong({**GOOD, **change})
    assert where.startswith(line)
    assert told in said


def test_everything_wrong_is_said_at_once():
    bad = {**GOOD, "timezone": "x", "weekly": {"mon": [["9", "10"]]}, "holidays": ["soon"], "working_days": ["later"]}
    assert [where[:10] for where, _said in wrong(bad)] == ['"timezone"', '"mon": [["', '"soon"', '"later"']


def test_an_unknown_day_and_an_unknown_part_are_named():
    text = json.dumps({**GOOD, "weekly": {"monday": []}, "colour": "red"}, indent=1)
    assert [where.split(":")[0] for where, _said in wrong(text)] == ['"monday"', '"colour"']


def test_a_year_without_a_working_day_is_named():
    text = written(
        {"timezone": "UTC", "weekly": {}, "hours_on": {"2026-05-05": [["09:00", "10:00"]], "2027-05-05": []}}
    )
    assert [(where[:12], said) for where, said in wrong(text)] == [('"2027-05-05"', "2027 has no working day.")]


@pytest.mark.parametrize("text", ["", "{", "[]", "1e999", "NaN", '{"timezone": "UTC"}', "[" * 5000, "x" * 200_001])
def test_what_is_no_calendar_is_refused(text):
    with pytest.raises(CalendarWrong):
        read_calendar(text)
