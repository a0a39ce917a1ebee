"""What the worker runs for the ledger. Each may run twice and derives what to do from the tables."""

from datetime import datetime

from django.utils import timezone

from audit import deliveries, seals
from audit.models import Heartbeat


def deliver(now: datetime | None = None) -> int:
    """Work off later reactions that are due."""
    return deliveries.deliver_due(now or timezone.now())


def seal(now: datetime | None = None) -> int:
    """Seal the entries written since the last seal."""
    return seals.seal_new_entries(now or timezone.now())


def beat(now: datetime | None = None) -> None:
    """Say that a task really ran: the watchdog restarts a worker whose beat is old."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"beat_at": now or timezone.now()})
