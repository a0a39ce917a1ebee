"""What the worker runs for the rulebook."""

from datetime import datetime

from django.utils import timezone

from audit.actors import Actor
from rulebook import actions
from rulebook.change_control import State
from rulebook.models import TableVersion


def put_in_force(now: datetime | None = None) -> int:
    """Put approved versions in force whose date has come."""
    now = now or timezone.now()
    due = TableVersion.objects.filter(state=State.APPROVED, effective_at__lte=now).exists()
    return actions.put_in_force(actor=Actor.system("change control"), now=now) if due else 0
