"""What the worker runs for service levels."""

from datetime import datetime

from django.utils import timezone

from audit.actors import Actor
from sla.actions import check_clock
from sla.queries import due_clocks

BATCH = 500
ROUNDS = 40  # a clock may turn more than once when the sweep catches up after an outage


def sweep(now: datetime | None = None) -> int:
    """Turn the bands of the clocks that are due; its cost follows what is due, not what is open."""
    now = now or timezone.now()
    actor, turned = Actor.system("sla sweep"), 0
    for _round in range(ROUNDS):
        due = list(due_clocks(now).values_list("pk", flat=True)[:BATCH])
        turned += sum(check_clock(pk, actor=actor, now=now) for pk in due)
        if len(due) < BATCH:
            return turned
    return turned
