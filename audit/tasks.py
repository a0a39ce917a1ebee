"""What the worker runs for the ledger. Each may run twice and derives what to do from the tables."""

from datetime import datetime, timedelta

from django.utils import timezone

from audit import deliveries, seals
from audit.models import Heartbeat

WORKER = "worker"
BEAT_EVERY = timedelta(seconds=10)


def deliver(now: datetime | None = None) -> int:
    """Work off later reactions that are due."""
    done = deliveries.deliver_due(now or timezone.now())
    if now is None:
        beat()  # a long queue of bells in front of the beat is work, not silence
    return done


def seal(now: datetime | None = None) -> int:
    """Seal the entries written since the last seal."""
    return seals.seal_new_entries(now or timezone.now())


def beat(now: datetime | None = None) -> None:
    """Say that a task really ran: the watchdog restarts a worker whose beat is old."""
    now = now or timezone.now()
    row, made = Heartbeat.objects.get_or_create(name=WORKER, defaults={"beat_at": now})
    if not made and now - row.beat_at >= BEAT_EVERY:
        Heartbeat.objects.filter(pk=row.pk, beat_at__lt=now).update(beat_at=now)
