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
BODY = f" BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END "
FUNCTION = f"CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $${BODY}$$"
HARMLESS = (
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_LEVEL = 'STATEMENT' THEN RETURN NULL; ELSIF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
)


def install(using: str = "default", **_signal: Any) -> None:
    """Install the triggers where the tables exist, anew where they are not what they should be."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    wanted = _wanted(connection.vendor, [table for table in TABLES if table in tables])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and wanted:
            cursor.execute(FUNCTION)
        there = _there(cursor, connection.vendor)
        for name, statement in wanted.items():
            if there.get(name) == _said(statement):
                continue
            table = name.rpartition("_no_")[0]
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{_on(table, connection.vendor)}")
            cursor.execute(statement)
            if connection.vendor == "postgresql":  # also where a session plays a replica, in which triggers rest
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def missing(using: str = "default") -> list[str]:
    """Names of triggers that should be there and are not, or are there and do something else."""
    connection = connections[using]
    wanted = _wanted(connection.vendor, list(TABLES))
    with connection.cursor() as cursor:
        there = _there(cursor, connection.vendor)
    return [name for name, statement in wanted.items() if there.get(name) != _said(statement)]


def _there(cursor: Any, vendor: str) -> dict[str, str]:
    """What the triggers of the database say, by name; on PostgreSQL only those that always fire and really refuse."""
    if vendor == "sqlite":
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT tgisinternal AND tgenabled = 'A' AND p.prosrc = %s",
            [BODY],
        )
    return {name: _said(text) for name, text in cursor.fetchall()}


def _said(statement: str) -> str:
    """A statement without what a database adds or leaves out when it repeats it."""
    return " ".join(statement.replace("public.", "").replace("OR REPLACE ", "").split())


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Without the triggers for as long as the test runner empties the tables. Nothing else may use this."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a table that was just changed takes no other triggers
            cursor.execute(HARMLESS)
        else:
            for name in _wanted(connection.vendor, list(TABLES)):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
    try:
        yield
    finally:
        install(using)


def _name(table: str, verb: str) -> str:
    return f"{table}_no_{verb.lower()}"


def _on(table: str, vendor: str) -> str:
    return f" ON {table}" if vendor == "postgresql" else ""


def _wanted(vendor: str, tables: list[str]) -> dict[str, str]:
    """The statement of every trigger, by its name."""
    return {
        _name(table, verb): _statement(vendor, table, verb) for table in tables for verb in (*VERBS, MORE_VERBS[vendor])
    }


def _statement(vendor: str, table: str, verb: str) -> str:
    name = _name(table, verb)
    if vendor == "postgresql":
        each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
        return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH {each} EXECUTE FUNCTION audit_refuse()"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    if verb == "REPLACE":
        return f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {_collides(table)} {refuse}"
    return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {refuse}"


def _collides(table: str) -> str:
    # Said as the partial unique index says it, or else SQLite reads the whole table for every new entry.
    numbered: dict[tuple[str, ...], str] = {("order_ref", "order_seq"): " AND NOT (order_ref = '')"}
    keys = (" AND ".join(f"{column} = NEW.{column}" for column in key) + numbered.get(key, "") for key in TABLES[table])
    return " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in keys)  # noqa: S608 - our own names
