"""What differs between a page of a queue as it was shown and how its items stand now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from work import rules
from work.models import Queue, WorkItem
from work.queries import PAGE, page_of


def mark_of(item: WorkItem) -> str:
    """What a row says that somebody else can change: the item's version, band and due time."""
    return _mark(item.version, item.band, item.due_at)


def changes(
    queue: Queue, items: QuerySet[WorkItem], shown: Mapping[UUID, str], *, after: str = "", size: int = PAGE
) -> int:
    """How many rows of a page of `items` of a (visible) queue changed, came or went; shown: each row's item and mark.

    One statement along the page's own index, a second one where items have no due time, a third one where rows left.
    """
    standing = dict(page_of(items, after, size, _marked))
    gone = [item for item in shown if item not in standing]
    elsewhere = dict(_marked(queue.items.filter(public_id__in=gone), len(gone))) if gone else {}
    return rules.changes(shown, standing, elsewhere, is_cut=len(shown) >= size)


def _marked(items: QuerySet[WorkItem], size: int) -> list[tuple[UUID, str]]:
    rows = items.order_by("due_at", "id").values_list("public_id", "version", "band", "due_at")
    return [(item, _mark(version, band, due_at)) for item, version, band, due_at in rows[:size]]


def _mark(version: int, band: str, due_at: datetime | None) -> str:
    return f"{version}.{band}.{int(due_at.timestamp()) if due_at else ''}"
