"""Database triggers that make the ledger append-only, on SQLite and PostgreSQL.

A table remake on SQLite drops triggers silently, so they are installed again after every migration.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

# Each table with what is unique in it: on SQLite a REPLACE deletes the row that it collides with, without asking
# the trigger of DELETE, so that a colliding insert is refused before that.
TABLES = {
    "audit_entry": (("id",), ("public_id",), ("order_ref", "order_seq")),
    "audit_seal": (("id",), ("number",), ("last_entry",)),
}
VERBS = ("UPDATE", "DELETE")
MORE_VERBS = {"sqlite": "REPLACE", "postgresql": "TRUNCATE"}
MESSAGE = "the ledger is append-only"


def install(using: str = "default", **_signal: Any) -> None:
    """Install the triggers where the tables exist; running it again changes nothing."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor, [table for table in TABLES if table in tables]):
            cursor.execute(statement)


def missing(using: str = "default") -> list[str]:
    """Names of triggers that should be there and are not."""
    connection = connections[using]
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {name for (name,) in cursor.fetchall()}
    verbs = (*VERBS, MORE_VERBS[connection.vendor])
    return [name for table in TABLES for verb in verbs if (name := _name(table, verb)) not in there]


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Without the triggers for as long as the test runner empties the tables. Nothing else may use this."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in TABLES:
            for verb in (*VERBS, *MORE_VERBS.values()):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, verb)}{on}")
    try:
        yield
    finally:
        install(using)


def _name(table: str, verb: str) -> str:
    return f"{table}_no_{verb.lower()}"


def _statements(vendor: str, tables: list[str]) -> Iterator[str]:
    if vendor == "postgresql" and tables:
        yield (
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$"
        )
    for table in tables:
        for verb in VERBS:
            name = _name(table, verb)
            if vendor == "sqlite":
                yield (
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )
            else:
                yield (
                    f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
                )
        if vendor == "sqlite":
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {_name(table, 'REPLACE')} BEFORE INSERT ON {table} "
                f"WHEN {_collides(table)} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        else:
            yield (
                f"CREATE OR REPLACE TRIGGER {_name(table, 'TRUNCATE')} BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
            )


def _collides(table: str) -> str:
    # Said as the partial unique index says it, or else SQLite reads the whole table for every new entry.
    numbered: dict[tuple[str, ...], str] = {("order_ref", "order_seq"): " AND NOT (order_ref = '')"}
    keys = (" AND ".join(f"{column} = NEW.{column}" for column in key) + numbered.get(key, "") for key in TABLES[table])
    return " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in keys)  # noqa: S608 - our own names
