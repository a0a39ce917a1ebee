"""What must always hold: the words in which the rooms' checks report, and the check of its deliveries.

A check reads rows by SQL, independent of the code that wrote them. Which checks there are stands in `INVARIANTS` of
the wiring; each is a function without arguments that returns a Checked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils.module_loading import import_string

from audit.reactions import wiring

CHUNK = 2000
SHOWN = 20  # rows named per violation


@dataclass(frozen=True)
class Violation:
    """Something that does not hold, and the rows where."""

    id: str
    what: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """What one check looked at (`count` rows) and what it found."""

    id: str
    count: int
    violations: tuple[Violation, ...] = ()


def check_all() -> list[Checked]:
    """Run every check that the wiring lists, all on the rows of one moment, and without holding up who writes."""
    with _one_moment():
        return [import_string(name)() for name in wiring().INVARIANTS]


@contextmanager
def _one_moment() -> Iterator[None]:
    if connection.in_atomic_block:  # the caller's transaction is the moment
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # Django's own would be IMMEDIATE and stop every writer
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def report(results: list[Checked]) -> dict[str, Any]:
    """`{"ok", "checked": {id: rows}, "violations": [{"id", "what", "rows"}]}`. Source: commands.md, `invariants`."""
    counts: Counter[str] = Counter()
    for result in results:
        counts[result.id] += result.count
    violations = [asdict(violation) for result in results for violation in result.violations]
    ordered = sorted(counts, key=lambda name: int(name[1:]))
    return {"ok": not violations, "checked": {name: counts[name] for name in ordered}, "violations": violations}


def checked(id: str, count: int, found: Mapping[str, Iterable[Any]]) -> Checked:
    """The result of a check. found: what is wrong → the rows where it is (none: it holds)."""
    wrong = ((what, list(rows)) for what, rows in found.items())
    return Checked(id, count, tuple(Violation(id, what, _named(rows)) for what, rows in wrong if rows))


def select(sql: str, *params: Any) -> Iterator[tuple]:
    """The rows of a statement, as a stream."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def count(table: str, where: str = "1 = 1") -> int:
    """How many rows of a table."""
    return next(select(f"SELECT COUNT(*) FROM {table} WHERE {where}"))[0]  # noqa: S608 - names from our own code


def member(column: str, *path: str) -> str:
    """SQL for a text member of a JSON column, inside its objects."""
    if connection.vendor == "postgresql":
        return f"({column} #>> '{{{','.join(path)}}}')"
    return f"json_extract({column}, '$.{'.'.join(path)}')"


def bare(value: Any) -> str:
    """A UUID as its 32 hex digits, however the database gives it."""
    return str(value).replace("-", "").lower()


def moment(value: Any) -> datetime:
    """An instant, however the database gives it."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def stored(at: datetime) -> Any:
    """An instant as a parameter of a statement."""
    return connection.ops.adapt_datetimefield_value(at)


def content(value: Any) -> Any:
    """A JSON column's value."""
    return json.loads(value) if isinstance(value, str) else value


def legal_moves(field: Any, model: type[models.Model]) -> set[tuple[str, str]]:
    """Every (from, to) that a state machine allows; a move whose end is worked out may end in each of its states."""
    moves = field.get_all_transitions(model)
    return {
        (str(move.source), str(target))
        for move in moves
        for target in getattr(move.target, "allowed_states", None) or (move.target,)
    }


def every_later_reaction_has_its_delivery() -> Checked:
    """I8: what follows later from an entry stands in a delivery; one that is done was attempted."""
    done = "done_at IS NOT NULL AND (attempts = 0 OR parked_at IS NOT NULL)"
    orphans = "SELECT d.id FROM audit_delivery d LEFT JOIN audit_entry e ON e.id = d.entry_id WHERE e.id IS NULL"
    return checked(
        "I8",
        count("audit_delivery"),
        {
            "a delivery is done without an attempt, or done and parked": _ids(
                f"SELECT id FROM audit_delivery WHERE {done}"  # noqa: S608
            ),
            "a delivery follows from no entry": _ids(orphans),
        },
    )


def _ids(sql: str) -> list[int]:
    return [row[0] for row in select(sql)]


def _named(rows: list[Any]) -> tuple[str, ...]:
    names = tuple(str(row) for row in rows[:SHOWN])
    return names if len(rows) <= SHOWN else (*names, f"and {len(rows) - SHOWN} more")
