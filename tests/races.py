"""Several people doing something at the same moment, each on a connection of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

needs_row_locks = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="two writers at once need PostgreSQL; SQLite lets one write at a time"
    ),
    pytest.mark.django_db(transaction=True),
]


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all acts together; what each returned, or the exception that it raised, in their order."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=30)
            return act()
        except Exception as error:  # the tests look at it
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
