"""What the worker runs for the rulebook."""

from datetime import datetime

from django.utils import timezone

from audit.actors import Actor
from rulebook import actions


def put_in_force(now: datetime | None = None) -> int:
    """Put approved versions in force whose date has come."""
    return actions.put_in_force(actor=Actor.system("change control"), now=now or timezone.now())
