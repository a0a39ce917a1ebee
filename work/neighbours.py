"""Where an item stands in the list that somebody works through, and which items stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from work.models import WorkItem
from work.queries import capped


@dataclass(frozen=True)
class Neighbours:
    """place: from 1; 0 when the item is not in the list (any more). count: of the list, at most `MOST_COUNTED`."""

    before: UUID | None
    following: UUID | None
    place: int
    count: int


def neighbours(item: WorkItem, rows: QuerySet[WorkItem]) -> Neighbours:
    """The items before and after one in a list sorted by due time, those without one last: five bounded statements."""
    if item.due_at is None:
        earlier, later = Q(due_at=None, pk__lt=item.pk), Q(due_at=None, pk__gt=item.pk)
        ahead = earlier | Q(due_at__isnull=False)
    else:
        earlier = Q(due_at__lte=item.due_at) & (Q(due_at__lt=item.due_at) | Q(pk__lt=item.pk))
        later = Q(due_at__gte=item.due_at) & (Q(due_at__gt=item.due_at) | Q(pk__gt=item.pk))
        ahead = earlier
    return Neighbours(
        before=_first(rows.filter(earlier).order_by("-due_at", "-id")),
        following=_first(rows.filter(later).order_by("due_at", "id")),
        place=capped(rows.filter(ahead)) + 1 if rows.filter(pk=item.pk).exists() else 0,
        count=capped(rows),
    )


def _first(rows: QuerySet[WorkItem]) -> UUID | None:
    return rows.values_list("public_id", flat=True).first()
