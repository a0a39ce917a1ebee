"""The triggers that keep the ledger append-only cost nothing that grows with the ledger."""

import pytest
from django.db import connection

from audit import triggers


@pytest.mark.django_db
def test_a_new_entry_is_compared_by_index_however_long_the_ledger_is():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE, so nothing is compared")
    wheres = {
        "audit_entry": ("id = 1", "public_id = 'x'", "order_ref = 'x' AND order_seq = 1 AND NOT (order_ref = '')"),
        "audit_seal": ("id = 1", "number = 1", "last_entry = 1"),
    }
    for table, conditions in wheres.items():
        told = triggers._collides(table).replace("NEW.", "")
        for condition in conditions:
            assert condition.split(" = ")[0] in told
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {condition}")
                assert all("SEARCH" in row[3] for row in cursor.fetchall()), condition


@pytest.mark.django_db(transaction=True)
def test_a_trigger_that_lost_its_teeth_is_found_and_put_back():
    table, name = "audit_entry", "audit_entry_no_update"
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION harmless() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$"
            )
            cursor.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION harmless()")
        else:
            cursor.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END")
    assert triggers.missing() == [name]
    triggers.install()
    assert triggers.missing() == []


@pytest.mark.django_db(transaction=True)
def test_a_session_that_plays_a_replica_changes_nothing_either():
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has replicas")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_no_update")
        assert triggers.missing() == ["audit_entry_no_update"]
        triggers.install()
        cursor.execute("SELECT count(*) FROM audit_entry")
        assert cursor.fetchone()[0] >= 0
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname LIKE 'audit_%%_no_%%'")
        assert {row[0] for row in cursor.fetchall()} == {"A"}
