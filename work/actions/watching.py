"""Keeping an eye on how much waits in a queue."""

from __future__ import annotations

from datetime import datetime

from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from work.models import Queue, State


@action
def note_depth(queue: int, *, limit: int | None, actor: Actor, now: datetime) -> bool:
    """Put on record that more waits in a queue than its limit, or no longer does; whether that is new.

    limit: None where there is none. Whoever manages its team, or leads it, is named to be told.
    Source: order-mode seed, queue management; core concept 2, depth threshold.
    """
    row = lock(Queue.objects.filter(pk=queue)).select_related("team").get()
    depth = row.items.filter(state=State.QUEUED).count()
    is_over = limit is not None and depth > limit
    if is_over == (row.overfull_since is not None):
        return False
    row.overfull_since = now if is_over else None
    row.save(update_fields=["overfull_since"])
    data = {"queue": row.code, "depth": depth, "limit": limit}
    data |= {"to": row.team.manager_id or row.team.lead_id} if is_over else {}
    fact = "work.queue.overfull" if is_over else "work.queue.eased"
    record(fact, subject=f"work.queue:{row.pk}", actor=actor, now=now, data=data)
    return True
