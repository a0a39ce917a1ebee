"""What the worker runs for service levels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from audit.actors import Actor
from sla.actions import check_clock, note_running_out, reckon_clock
from sla.models import Clock
from sla.moving import to_reckon
from sla.queries import due_clocks
from sla.running_out import ending

BATCH = 500
ROUNDS = 40  # what is left after so many batches waits for the next sweep
ACTOR = Actor.system("sla sweep")


def sweep(now: datetime | None = None) -> int:
    """Turn the bands of the clocks that are due; its cost follows what is due, not what is open.

    Returns how many turned. A clock that cannot be checked does not hold up the others.
    Raises ExceptionGroup after all others were checked.
    """
    now = now or timezone.now()
    return _in_batches(due_clocks(now), check_clock, now)


def move(now: datetime | None = None) -> int:
    """Let the open clocks follow a target or calendar that came into force; its cost follows those that it may move.

    Returns how many moved. Raises ExceptionGroup after all others were looked at.
    """
    now = now or timezone.now()
    return _in_batches(to_reckon(now), reckon_clock, now)


def watch_calendars(now: datetime | None = None) -> int:
    """Say of each calendar in use that it ends within a quarter, once; how many are new."""
    now = now or timezone.now()
    return sum(note_running_out(code, last, actor=ACTOR, now=now) for code, last in ending(now).items())


def _in_batches(clocks: QuerySet[Clock], verb: Callable[..., bool], now: datetime) -> int:
    """How many clocks the verb, an action that takes a clock's key, changed something of."""
    changed = 0
    failed: dict[int, Exception] = {}
    for _round in range(ROUNDS):
        some = list(clocks.exclude(pk__in=failed).values_list("pk", flat=True)[:BATCH])
        changed += sum(_one(verb, pk, now, failed) for pk in some)
        if len(some) < BATCH:
            break
    if failed:
        raise ExceptionGroup(f"clocks that could not be checked: {sorted(failed)}", list(failed.values()))
    return changed


def _one(verb: Callable[..., bool], pk: int, now: datetime, failed: dict[int, Exception]) -> bool:
    try:
        return verb(pk, actor=ACTOR, now=now)
    except Exception as error:  # noqa: BLE001 - kept and raised when the others are done
        failed[pk] = error
        return False
