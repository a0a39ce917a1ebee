"""A sealed ledger verifies; any change under a seal, or of a seal, is found."""

from datetime import timedelta

import pytest
from django.db import connection

from audit import triggers
from audit.models import Entry, Seal
from audit.seals import Checked, seal_new_entries, verify, verify_part
from tests.audit.conftest import say


@pytest.fixture
def sealed(wired, now):
    seal_new_entries(now)  # what the small firm wrote
    for step in range(3):
        for _ in range(3):
            say("tests.thing.happened", now)
        seal_new_entries(now + timedelta(minutes=step))
    return Entry.objects.latest("pk").pk


def run(statement, *params):
    with triggers.lifted(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_what_was_not_touched_verifies(sealed):
    verdict = verify()
    assert verdict.ok
    assert verdict.entries == Entry.objects.count()
    assert verdict.checkpoints == Seal.objects.count()


def test_sealing_again_without_news_makes_no_seal(sealed, now):
    assert seal_new_entries(now) == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [("reason", "'other'"), ("actor", "'user:1'"), ("happened_at", "'2020-01-01 00:00:00+00:00'"), ("after", "'{}'")],
)
def test_a_changed_entry_is_found(sealed, column, value):
    run(f"UPDATE audit_entry SET {column} = {value} WHERE id = %s", sealed - 4)
    bad = verify().first_bad
    assert (bad.what, bad.id) == ("entry", sealed - 4)


def test_an_entry_changed_with_its_digest_breaks_its_seal(sealed):
    run("UPDATE audit_entry SET digest = %s WHERE id = %s", "0" * 64, sealed)
    assert not verify().ok


def test_a_changed_time_of_writing_is_found(sealed):
    run("UPDATE audit_entry SET recorded_at = '2020-01-01 00:00:00+00:00' WHERE id = %s", sealed)
    assert verify().first_bad.why == "entries under it were changed, removed or inserted"


def test_a_removed_entry_is_found(sealed):
    run("DELETE FROM audit_entry WHERE id = %s", sealed - 1)
    assert verify().first_bad.why == "entries under it were changed, removed or inserted"


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DELETE FROM audit_seal WHERE number = 2", "a seal before it is missing"),
        ("UPDATE audit_seal SET signature = '00' WHERE number = 2", "its signature does not verify"),
        ("UPDATE audit_seal SET entries = 1 WHERE number = 2", "its count of entries differs"),
        ("UPDATE audit_seal SET head = root WHERE number = 2", "its head does not match its content"),
        ("UPDATE audit_seal SET previous = root WHERE number = 2", "it does not continue the seal before it"),
    ],
)
def test_a_changed_or_missing_seal_is_found(sealed, statement, why):
    run(statement)
    assert verify().first_bad.why == why


def test_an_entry_not_yet_sealed_is_checked_by_its_digest(sealed, now):
    entry = say("tests.thing.happened", now)
    run("UPDATE audit_entry SET reason = 'other' WHERE id = %s", entry.pk)
    assert verify().first_bad.id == entry.pk


def test_since_checks_only_later_seals_but_still_their_chain(sealed, now):
    whole, part = verify(), verify(now + timedelta(minutes=2))
    assert part.ok
    assert part.checkpoints == 1 < whole.checkpoints


def test_verified_in_parts_it_says_the_same_as_at_once(sealed, now):
    say("tests.thing.happened", now)
    done, verdict, parts = Checked(), None, 0
    while verdict is None and parts < 20:
        before = done
        done, verdict = verify_part(done, 60 if parts > 2 else 0)
        parts += 1
        assert done.seal >= before.seal
    assert verdict == verify()


def test_a_part_that_finds_something_says_what(sealed, now):
    run("UPDATE audit_entry SET reason = 'other' WHERE id = %s", sealed)
    _done, verdict = verify_part(Checked(), 60)
    assert verdict is not None
    assert verdict.first_bad.id == sealed
