"""What the worker runs for the calendars."""

from datetime import datetime

from django.utils import timezone

from audit.actors import Actor
from calendars import actions
from calendars.models import CalendarVersion
from rulebook.change_control import State


def put_in_force(now: datetime | None = None) -> int:
    """Put approved versions in force whose date has come."""
    now = now or timezone.now()
    due = CalendarVersion.objects.filter(state=State.APPROVED, effective_at__lte=now).exists()
    return actions.put_in_force(actor=Actor.system("change control"), now=now) if due else 0
