"""Statements that are known already, asked of the database's driver itself.

What Django puts around a cursor costs more than most of these statements do (measured: docs/decisions/0013).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any


def execute(sql: str, parameters: Sequence[Any], here: Any) -> Any:
    """Execute a statement with `%s` for its parameters on the connection `here`; the driver's cursor with its rows.

    Where somebody counts, logs or wraps statements, it takes Django's way. Raises what Django raises.
    """
    if here.connection is None or here.execute_wrappers or here.queries_logged:
        cursor = here.cursor()
        cursor.execute(sql, parameters)
        return cursor
    here.validate_no_broken_transaction()
    with here.wrap_database_errors:
        if here.vendor == "sqlite":
            return here.connection.execute(_with_question_marks(sql), parameters)
        return _cursor_class()(here.connection).execute(_with_numbers(sql), parameters)


@cache
def _cursor_class() -> Any:
    """PostgreSQL plans a statement once that its parameters stand beside, not in it (`prepare_threshold`)."""
    from psycopg import RawCursor  # SQLite needs none of it; the other cursors read a long statement anew each time

    return RawCursor


@lru_cache(maxsize=1024)
def _with_question_marks(sql: str) -> str:
    """As SQLite's driver wants it. A percent sign of its own would be doubled."""
    return sql.replace("%%", "\0").replace("%s", "?").replace("\0", "%")


@lru_cache(maxsize=1024)
def _with_numbers(sql: str) -> bytes:
    """As PostgreSQL itself wants it: $1, $2 and so on. A percent sign of its own would be doubled."""
    first, *parts = sql.replace("%%", "\0").split("%s")
    numbered = first + "".join(f"${number}{part}" for number, part in enumerate(parts, 1))
    return numbered.replace("\0", "%").encode()
