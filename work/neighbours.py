"""Where an item stands in the list that somebody works through, and which items stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from work.line import KEYS, Line, Place
from work.models import WorkItem
from work.queries import MOST_COUNTED, capped


@dataclass(frozen=True)
class Neighbours:
    """place: from 1; 0 when the item is not in the list (any more). count: of the list, at most `MOST_COUNTED`."""

    before: UUID | None
    following: UUID | None
    place: int
    count: int


def neighbours(item: WorkItem, rows: QuerySet[WorkItem], line: Line) -> Neighbours:
    """The items before and after one in a list, its place and the list's length: at most eight bounded statements."""
    place, rows = Place.of(item), rows.only("public_id", *KEYS).select_related(None)
    before, following = line.preceding(rows, place), line.following(rows, place)
    is_there = rows.filter(pk=item.pk).exists()
    return Neighbours(
        before=before.public_id if before else None,
        following=following.public_id if following else None,
        place=min(sum(map(capped, line.ahead(rows, place))), MOST_COUNTED) + 1 if is_there else 0,
        count=capped(rows),
    )
