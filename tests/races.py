"""Several people doing something at the same moment, each on a connection or in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
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


WORKER = """
import sys
from datetime import datetime
import django
django.setup()
from django.utils.module_loading import import_string
sweep, now = import_string(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
done = 0
while took := sweep(now):
    done += took
print(done, flush=True)
"""


def in_processes(sweep: str, now: datetime, count: int) -> list[int]:
    """Run a sweep in that many processes of their own, begun together, until each finds nothing; what each did."""
    db = connection.settings_dict
    address = f"postgres://{db['USER']}:{db['PASSWORD']}@{db['HOST']}:{db['PORT'] or 5432}/{db['NAME']}"
    command = [sys.executable, "-c", WORKER, sweep, now.isoformat()]
    around = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": settings.BASE_DIR}
    workers = [subprocess.Popen(command, env=around, **pipes) for _ in range(count)]
    try:
        assert [worker.stdout.readline() for worker in workers if worker.stdout] == ["ready\n"] * count
        for worker in workers:
            worker.stdin.write("go\n")  # type: ignore[union-attr]
            worker.stdin.flush()  # type: ignore[union-attr]
        return [int(worker.communicate(timeout=120)[0]) for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
