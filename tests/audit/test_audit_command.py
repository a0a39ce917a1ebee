"""`manage.py audit verify`: the verdict as JSON or words, and what the exit status says."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from audit import triggers
from audit.seals import seal_new_entries
from tests.audit.conftest import say


def verify(capsys, *words):
    status = 0
    try:
        call_command("audit", "verify", *words)
    except SystemExit as ended:
        status = ended.code
    return status, capsys.readouterr()


@pytest.fixture
def sealed(wired, now):
    say("tests.thing.happened", now)
    seal_new_entries(now)


def test_a_good_ledger_verifies(sealed, capsys):
    status, printed = verify(capsys, "--json")
    report = json.loads(printed.out)
    assert (status, report["ok"], report["first_bad"], report["checkpoints"]) == (0, True, None, 1)
    assert report["entries"] > 0


def test_a_bad_one_does_not_and_names_the_first_bad_thing(sealed, capsys):
    with triggers.lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET reason = 'other' WHERE fact = 'tests.thing.happened'")
    status, printed = verify(capsys, "--json")
    assert status == 1
    assert json.loads(printed.out)["first_bad"]["what"] == "entry"
    status, printed = verify(capsys)
    assert status == 1
    assert "Does not verify: entry" in printed.out


def test_since_takes_a_date(sealed, capsys):
    status, printed = verify(capsys, "--json", "--since", "2020-01-01")
    assert (status, json.loads(printed.out)["checkpoints"]) == (0, 1)


def test_since_a_day_that_has_not_come_is_refused(sealed, capsys):
    status, printed = verify(capsys, "--json", "--since", "2199-01-01")
    assert (status, printed.out) == (2, "")
    assert printed.err == "--since: Expected a date not after today, but got 2199-01-01.\n"
