"""How much waits in each queue, beside the limit that the routing table sets."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q

from rulebook.models import TableVersion
from rulebook.queries import in_force, table_of
from rulebook.tables import DecisionTable, FactError, NoRule, decide
from work.models import Queue, State

ROUTING = "routing"


def crossed(at: datetime) -> list[tuple[Queue, int | None]]:
    """Queues that went over their limit since it was last looked, or are no longer over it: two statements.

    Each with its limit, None where it has none.
    """
    try:
        table = table_of(in_force(ROUTING, at))
    except TableVersion.DoesNotExist:
        return []
    waiting = Count("items", filter=Q(items__state=State.QUEUED))
    found = [(queue, limit_of(table, queue.code)) for queue in Queue.objects.annotate(depth=waiting).order_by("pk")]
    return [
        (queue, limit)
        for queue, limit in found
        if (limit is not None and queue.depth > limit) != (queue.overfull_since is not None)
    ]


def limit_of(table: DecisionTable, queue: str) -> int | None:
    """How many items may wait in a queue by a routing table; None where it sets no limit."""
    try:
        outputs = decide(table, {"queue": queue}).outputs
    except (NoRule, FactError):
        return None
    limit = outputs[0].get("depth_limit") if outputs else None
    return None if limit is None else int(limit)
