"""Batches of due rows for several workers at once: each row is in the hands of one, until its lease runs out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from audit.claims import claim

M = TypeVar("M", bound=Model)
LEASE = timedelta(minutes=2)  # above the queue's time limit for a task
BATCH = 100


def lease(rows: QuerySet[M], field: str, now: datetime, limit: int = BATCH) -> list[int]:
    """Take the first rows that nobody has in hand, and say until when; rows that another worker takes are skipped."""
    if not rows.exists():  # mostly nothing is due: no transaction for that
        return []
    with transaction.atomic():
        taken = [row.pk for row in claim(rows)[:limit]]
        if taken:
            rows.model._default_manager.filter(pk__in=taken).update(**{field: now + LEASE})
    return taken
