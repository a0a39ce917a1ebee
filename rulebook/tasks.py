"""What the worker runs for the rulebook."""

from datetime import datetime

from django.utils import timezone

from rulebook.actions import MODELS, TABLES


def put_in_force(now: datetime | None = None) -> int:
    """Put approved versions of tables and decision models in force whose date has come."""
    now = now or timezone.now()
    return TABLES.sweep(now) + MODELS.sweep(now)
