"""What the worker runs for the calendars."""

from datetime import datetime

from django.utils import timezone

from calendars.actions import CALENDARS


def put_in_force(now: datetime | None = None) -> int:
    """Put approved versions in force whose date has come."""
    return CALENDARS.sweep(now or timezone.now())
