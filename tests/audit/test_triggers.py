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
