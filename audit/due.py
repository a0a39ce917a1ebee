"""Everything that is due at an instant, run here and now without the queue: for drivers that move the time."""

from __future__ import annotations

from datetime import datetime

from django.utils.module_loading import import_string

from audit.reactions import wiring

MOST_ROUNDS = 1000


def run_due(now: datetime) -> int:
    """Run what `DUE` of the wiring lists, in its order, until nothing is due any more; returns how much was done.

    Mails are not sent and connected systems are not called: only the worker does that.
    Raises RuntimeError when it does not come to rest.
    """
    tasks = [import_string(name) for name in wiring().DUE]
    done = 0
    for _round in range(MOST_ROUNDS):
        moved = sum(int(task(now) or 0) for task in tasks)
        if not moved:
            return done
        done += moved
    raise RuntimeError(f"Expected what is due to come to rest, but after {MOST_ROUNDS} rounds more was due.")
