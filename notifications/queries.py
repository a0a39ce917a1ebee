"""Reads of the inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from notifications.models import Notice
from notifications.sentences import SENTENCES

SHOWN = 50
MOST_COUNTED = 99


@dataclass(frozen=True)
class Told:
    """A notice in the language that is active."""

    public_id: UUID
    title: str
    text: str
    url: str
    created_at: datetime
    is_read: bool


def inbox(user: Any, *, limit: int = SHOWN) -> list[Told]:
    """A person's newest notices. One statement."""
    rows = Notice.objects.filter(recipient=user, channel=Notice.Channel.INBOX).order_by("-created_at", "-id")
    return [_told(row) for row in rows[:limit]]


def unread_count(user: Any) -> int:
    """How many notices a person has not read, counted up to 99. One statement."""
    unread = Notice.objects.filter(recipient=user, channel=Notice.Channel.INBOX, read_at=None)
    return len(unread.order_by("-created_at").values_list("id", flat=True)[:MOST_COUNTED])


def _told(row: Notice) -> Told:
    words = SENTENCES[row.template]
    return Told(
        public_id=row.public_id,
        title=words.title(row.context),
        text=words.text(row.context),
        url=row.url,
        created_at=row.created_at,
        is_read=row.read_at is not None,
    )
