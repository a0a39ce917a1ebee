"""The times that stand on work items: when they are due, and in which band."""

from __future__ import annotations

from datetime import datetime

from audit.context import action
from work.models import OPEN, WorkItem


@action
def keep_times(item: WorkItem, *, due_at: datetime | None, band: str) -> None:
    """Keep what an item's clock says; the clock's own entry is the record of it."""
    WorkItem.objects.filter(pk=item.pk).update(due_at=due_at, band=band)


@action
def follow_order(order_id: int, *, due_at: datetime | None, band: str, except_items: list[int]) -> None:
    """Open items without a clock of their own are due when their order is."""
    items = WorkItem.objects.filter(order_id=order_id, state__in=OPEN).exclude(pk__in=except_items)
    items.update(due_at=due_at, band=band)
