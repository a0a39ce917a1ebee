"""`manage.py calendar show|refresh` as the command-line contract has it."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from calendars import shipped, sources


def run(*args):
    """Exit status, standard output, standard error."""
    out, err = StringIO(), StringIO()
    try:
        call_command("calendar", *args, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def shown(code, year):
    status, out, _ = run("show", code, "--year", str(year), "--json")
    assert status == 0
    return json.loads(out)


def test_show_names_the_four_things_of_a_year():
    body = shown("US-OFFICE", 2026)
    assert list(body) == ["working_days", "holidays", "make_up_days", "hours_on"]
    assert len(body["working_days"]) == 251
    assert body["holidays"]["2026-07-03"] == "Independence Day (observed)"
    assert body["hours_on"] == {"2026-11-27": [["09:00", "13:00"]], "2026-12-24": [["09:00", "13:00"]]}
    assert body["make_up_days"] == []


def test_show_lists_make_up_days_as_working_days_too():
    body = shown("CN-BANK", 2026)
    assert body["make_up_days"] == ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    assert set(body["make_up_days"]) <= set(body["working_days"])
    assert body["holidays"]["2026-02-17"] == "Spring Festival"
    assert {day[:4] for key in ("working_days", "holidays") for day in body[key]} == {"2026"}


def test_show_says_that_a_year_is_provisional_on_standard_error_only():
    status, out, err = run("show", "CN-BANK", "--year", "2027", "--json")
    assert (status, err) == (0, "CN-BANK: 2027 is provisional, its make-up days are not announced yet.\n")
    assert json.loads(out)["make_up_days"] == []


def test_show_without_json_is_for_reading():
    _, out, _ = run("show", "NYSE", "--year", "2026")
    assert "251 working days" in out
    assert "2026-11-27  open 09:30–13:00" in out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("LSE", "--year", "2026"), "but got 'LSE'."),
        (("CN-BANK", "--year", "2009"), "CN-BANK: expected a year from 2010 to 2027, but got 2009."),
        (("CN-BANK", "--year", "2028"), "CN-BANK: expected a year from 2010 to 2027, but got 2028."),
    ],
)
def test_show_refuses_what_is_not_known_in_one_line(args, says):
    status, out, err = run("show", *args, "--json")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of one shipped calendar that lost a holiday."""
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    for cached in (shipped.codes, shipped.document, shipped.load):
        cached.cache_clear()
    body = sources.build("US-FED")
    del body["calendar"]["holidays"]["2026-11-11"]
    (tmp_path / "US-FED.json").write_text(sources.text_of(body), encoding="utf-8")
    yield tmp_path
    for cached in (shipped.codes, shipped.document, shipped.load):
        cached.cache_clear()


def test_refresh_shows_the_difference_and_changes_nothing(folder):
    before = (folder / "US-FED.json").read_text(encoding="utf-8")
    status, out, _ = run("refresh", "US-FED")
    assert status == 1
    assert '+   "2026-11-11": "Veterans Day",' in out
    assert (folder / "US-FED.json").read_text(encoding="utf-8") == before


def test_refresh_writes_when_told_and_then_finds_no_difference(folder):
    assert run("refresh", "--all", "--write")[0] == 0
    assert run("refresh", "--all") == (0, "", "")


def test_refresh_refuses_an_unknown_code():
    status, _, err = run("refresh", "LSE")
    assert status == 2
    assert "but got 'LSE'." in err
