"""What the worker runs for service levels."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from audit.actors import Actor
from sla.actions import check_clock
from sla.queries import due_clocks

BATCH = 500
ROUNDS = 40  # what is left after so many batches waits for the next sweep
ACTOR = Actor.system("sla sweep")


def sweep(now: datetime | None = None) -> int:
    """Turn the bands of the clocks that are due; its cost follows what is due, not what is open.

    Returns how many turned. A clock that cannot be checked does not hold up the others.
    Raises ExceptionGroup after all others were checked.
    """
    now, turned = now or timezone.now(), 0
    failed: dict[int, Exception] = {}
    for _round in range(ROUNDS):
        due = list(due_clocks(now).exclude(pk__in=failed).values_list("pk", flat=True)[:BATCH])
        turned += sum(_check(pk, now, failed) for pk in due)
        if len(due) < BATCH:
            break
    if failed:
        raise ExceptionGroup(f"clocks that could not be checked: {sorted(failed)}", list(failed.values()))
    return turned


def _check(pk: int, now: datetime, failed: dict[int, Exception]) -> bool:
    try:
        return check_clock(pk, actor=ACTOR, now=now)
    except Exception as error:  # noqa: BLE001 - kept and raised when the others are done
        failed[pk] = error
        return False
