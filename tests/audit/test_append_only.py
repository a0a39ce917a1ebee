"""The ledger's rows can only be added, by SQL too, on every engine."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from audit import triggers
from audit.checks import ledger_is_append_only
from audit.models import Entry, Seal
from audit.seals import seal_new_entries
from tests.audit.conftest import say

STATEMENTS = {
    "audit_entry": ["UPDATE audit_entry SET reason = 'other'", "DELETE FROM audit_entry"],
    "audit_seal": ["UPDATE audit_seal SET root = ''", "DELETE FROM audit_seal"],
}
CASES = [(table, statement) for table, statements in STATEMENTS.items() for statement in statements]


@pytest.fixture
def sealed(wired, now):
    say("tests.thing.happened", now)
    seal_new_entries(now)


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(("table", "statement"), CASES)
def test_changing_or_deleting_by_sql_is_refused(sealed, table, statement):
    before = Entry.objects.count(), Seal.objects.count()
    with pytest.raises(DatabaseError, match="append-only"):
        run(statement)
    assert (Entry.objects.count(), Seal.objects.count()) == before


def test_emptying_by_sql_is_refused(sealed):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE: there it is DELETE")
    with pytest.raises(DatabaseError, match="append-only"):
        run("TRUNCATE audit_seal")
    with pytest.raises(DatabaseError, match="append-only"):
        run("TRUNCATE audit_entry CASCADE")


def test_saving_an_entry_again_is_refused(sealed):
    entry = Entry.objects.latest("pk")
    entry.reason = "other"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.save()


def test_a_missing_trigger_is_named_by_the_system_check(sealed):
    on = " ON audit_entry" if connection.vendor == "postgresql" else ""
    run(f"DROP TRIGGER audit_entry_no_delete{on}")
    assert [error.id for error in ledger_is_append_only(databases=["default"])] == ["audit.E001"]
    triggers.install()
    assert ledger_is_append_only(databases=["default"]) == []


def test_migrating_again_brings_the_triggers_back(sealed):
    on = " ON audit_seal" if connection.vendor == "postgresql" else ""
    run(f"DROP TRIGGER audit_seal_no_update{on}")
    call_command("migrate", "audit", verbosity=0, skip_checks=True)
    assert triggers.missing() == []


def test_a_database_from_before_a_trigger_can_be_migrated(sealed):
    on = " ON audit_seal" if connection.vendor == "postgresql" else ""
    run(f"DROP TRIGGER audit_seal_no_update{on}")
    call_command("migrate", "audit", verbosity=0, skip_checks=False)
    assert triggers.missing() == []
