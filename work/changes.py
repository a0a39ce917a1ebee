"""What differs between a page of a queue as it was shown and how its items stand now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet

from work import rules
from work.line import KEYS, Line, Place
from work.models import Queue, WorkItem
from work.queries import PAGE

MARKED = ("public_id", "version", "band", *KEYS)


def mark_of(item: WorkItem) -> str:
    """What a row says that somebody else can change: the item's version, band and due time."""
    return f"{item.version}.{item.band}.{int(item.due_at.timestamp()) if item.due_at else ''}"


def changes(
    queue: Queue, items: QuerySet[WorkItem], shown: Mapping[UUID, str], *, line: Line, after: str = "", size: int = PAGE
) -> int:
    """How many rows of a page of `items` of a (visible) queue changed, came or went; shown: each row's item and mark.

    The statements of the page itself, one more where rows left.
    """
    standing = _marks(line.page(items.only(*MARKED), Place.read(after), size))
    gone = [item for item in shown if item not in standing]
    elsewhere = _marks(queue.items.filter(public_id__in=gone).only(*MARKED)) if gone else {}
    return rules.changes(shown, standing, elsewhere, is_cut=len(shown) >= size)


def _marks(items: Iterable[WorkItem]) -> dict[UUID, str]:
    return {item.public_id: mark_of(item) for item in items}
