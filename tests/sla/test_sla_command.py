"""`manage.py sla due|elapsed` by the command-line contract: a line out for a line in, or exit 2 with its place."""

import io
import json
import sys
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError

from calendars import shipped

WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
INLINE = {"timezone": "America/New_York", "weekly": WEEK, "hours_on": {"2026-11-27": [["09:00", "13:00"]]}}
LINE = {"calendar": "US-OFFICE", "start": "2026-11-25T10:00:00-05:00", "target": "1bd"}


@pytest.fixture(autouse=True)
def shipped_calendars(monkeypatch):
    """The firm has no calendars of its own."""
    monkeypatch.setattr("calendars.queries.calendar", shipped.load)


@pytest.fixture
def run(tmp_path):
    """Runs a verb over lines (values, or text as it stands): exit status, lines printed, standard error."""

    def run_lines(verb, *lines, json_flag=True):
        file = tmp_path / "in.jsonl"
        file.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
        return _call(verb, str(file), json_flag)

    return run_lines


def _call(verb, name, json_flag=True):
    out, err = StringIO(), StringIO()
    status = 0
    try:
        call_command("sla", verb, "--input", name, *(["--json"] if json_flag else []), stdout=out, stderr=err)
    except SystemExit as stop:
        status = stop.code
    return status, out.getvalue().splitlines(), err.getvalue()


def test_due_answers_each_line_with_the_offset_of_its_calendar(run):
    status, lines, err = run(
        "due",
        LINE,
        LINE | {"target": "same_day", "cutoff": "16:00", "start": "2026-11-25T21:00:00Z"},
        {"calendar": INLINE, "start": "2026-11-26T09:00:00-05:00", "target": "PT10H"},
        {"calendar": "CN-COUNTER", "start": "2026-02-13T10:00:00+08:00", "target": "1bd"},
    )
    assert (status, err) == (0, "")
    assert [json.loads(line) for line in lines] == [
        {
            "due": "2026-11-27T13:00:00-05:00",
            "yellow": "2026-11-25T15:30:00-05:00",
            "red": "2026-11-27T10:48:00-05:00",
            "window_seconds": 39600,
        },
        {
            "due": "2026-11-27T13:00:00-05:00",
            "yellow": "2026-11-27T10:30:00-05:00",
            "red": "2026-11-27T12:00:00-05:00",
            "window_seconds": 18000,
        },
        {
            "due": "2026-11-27T11:00:00-05:00",
            "yellow": "2026-11-26T14:00:00-05:00",
            "red": "2026-11-26T17:00:00-05:00",
            "window_seconds": 36000,
        },
        {
            "due": "2026-02-14T17:00:00+08:00",
            "yellow": "2026-02-14T09:30:00+08:00",
            "red": "2026-02-14T14:36:00+08:00",
            "window_seconds": 43200,
        },
    ]


def test_due_moves_by_pauses(run):
    pauses = [
        ["2026-11-25T12:00:00-05:00", "2026-11-25T14:00:00-05:00"],
        ["2026-11-25T13:00-05:00", "2026-11-25T15:00-05:00"],
    ]
    _, lines, _ = run("due", LINE | {"target": "PT2H30M", "pauses": pauses})
    assert json.loads(lines[0])["due"] == "2026-11-25T15:30:00-05:00"


def test_elapsed_counts_business_seconds_without_pauses(run):
    line = {"calendar": "US-OFFICE", "start": "2026-11-25T16:00:00-05:00", "end": "2026-11-30T10:00:00-05:00"}
    status, lines, _ = run(
        "elapsed",
        line,
        line | {"pauses": [["2026-11-27T09:00:00-05:00", "2026-11-27T10:00:00-05:00"]]},
        line | {"pauses": [["2026-11-27T09:00:00-05:00", None]]},
    )
    assert status == 0
    assert [json.loads(line) for line in lines] == [{"seconds": 21600}, {"seconds": 18000}, {"seconds": 3600}]


def test_standard_input_is_read_for_a_dash(monkeypatch):
    source = io.TextIOWrapper(io.BytesIO(f"{json.dumps(LINE)}\n\n{json.dumps(LINE)}".encode()))
    monkeypatch.setattr(sys, "stdin", source)
    status, lines, _ = _call("due", "-")
    assert (status, len(lines)) == (0, 2)


def test_without_json_an_answer_is_for_reading(run):
    _, lines, _ = run("due", LINE, json_flag=False)
    assert lines[0].startswith("due 2026-11-27T13:00:00-05:00  yellow ")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("not json", "Expected JSON, but "),
        ("[1]", "Expected a JSON object, but got something else."),
        ("[" * 100_000, "Expected JSON that is not nested so deep."),
        (LINE | {"calendar": "LSE"}, "but got 'LSE'."),
        (LINE | {"calendar": 5}, "calendar: expected an object, but got 5."),
        (LINE | {"calendar": None}, "calendar: expected a value, but there is none."),
        (LINE | {"calendar": INLINE | {"timezone": "Mars"}}, "timezone: expected an IANA name, but 'Mars' is unknown."),
        (LINE | {"start": "2026-11-25T10:00:00"}, "start: expected an instant such as "),
        (LINE | {"start": 1}, "start: expected an instant such as "),
        (LINE | {"start": "0001-01-01T00:00:00+14:00"}, "Expected an instant "),
        (LINE | {"target": "30cd"}, "target: expected 3bd, PT8H or same_day, but got '30cd'."),
        (LINE | {"target": ["1bd"]}, "target: expected 3bd, PT8H or same_day, but got ['1bd']."),
        (LINE | {"cutoff": "4pm"}, "cutoff: expected a time such as 09:00, but got '4pm'."),
        (LINE | {"pauses": "x"}, "pauses: expected a list of [from, to] pairs, but got 'x'."),
        (LINE | {"pauses": [["2026-11-25T10:00:00-05:00"]]}, "pauses: expected a list of [from, to] pairs"),
        (LINE | {"pauses": [["2026-11-25T10:00:00-05:00", None]]}, "but it is still open."),
        (LINE | {"pauses": [["2026-11-25T10:00:00Z", "2026-11-25T09:00:00Z"]]}, "pause: expected an end after "),
    ],
)
def test_a_bad_line_stops_with_its_place_in_one_line(run, tmp_path, line, says):
    status, lines, err = run("due", LINE, line, LINE)
    assert (status, len(lines), err.count("\n")) == (2, 1, 1)
    assert err.startswith(f"{tmp_path / 'in.jsonl'}:2: ")
    assert says in err


def test_before_the_first_migration_there_are_the_shipped_calendars(run, monkeypatch):
    def no_table(code):
        raise OperationalError("no such table")

    monkeypatch.setattr("calendars.queries.calendar", no_table)
    assert run("due", LINE)[0] == 0
    status, _, err = run("due", LINE | {"calendar": "LSE"})
    assert status == 2
    assert "but got 'LSE'." in err


def test_an_end_before_the_start_is_refused(run):
    status, _, err = run("elapsed", LINE | {"end": "2026-11-25T09:59:59-05:00"})
    assert status == 2
    assert ":1: end: expected an instant not before the start" in err


def test_text_that_is_not_utf8_is_refused(tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_bytes(b'{"calendar": "\xff"}\n')
    status, lines, err = _call("due", str(file))
    assert (status, lines) == (2, [])
    assert err.startswith(f"{file}:1: Expected UTF-8 text, but ")


def test_a_missing_file_is_refused(tmp_path):
    assert _call("due", str(tmp_path / "none.jsonl")) == (
        2,
        [],
        f"{tmp_path / 'none.jsonl'}:1: Expected a file that can be read, but: No such file or directory.\n",
    )


@pytest.mark.parametrize("calendar", ["US-OFFICE", "CN-COUNTER"])
@pytest.mark.parametrize(
    "start",
    [
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00-14:00",
        "9999-12-31T23:59:59Z", "9999-12-31T23:59:59+14:00", "9999-12-31T23:59:59-14:00",
    ],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["due", "elapsed"])
def test_the_edge_of_all_dates_is_refused_in_one_line(run, verb, start, calendar):
    line = {"calendar": calendar, "start": start, "end": "9999-12-31T23:59:59-14:00"}
    for target in ("3bd", "PT8H", "same_day"):
        status, lines, err = run(verb, line | {"target": target})
        assert (status, lines, err.count("\n")) == (2, [], 1)
        assert "in.jsonl:1: Expected" in err
