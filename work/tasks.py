"""What the worker runs for work."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from audit.actors import Actor
from work.actions.watching import note_depth
from work.depth import crossed

ACTOR = Actor.system("queue depth")


def watch_depth(now: datetime | None = None) -> int:
    """Look which queues crossed the limit of the routing table since the last time; how many did."""
    now = now or timezone.now()
    return sum(note_depth(queue.pk, limit=limit, actor=ACTOR, now=now) for queue, limit in crossed(now))
