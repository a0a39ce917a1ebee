"""What the worker runs for the ledger. Each may run twice and derives what to do from the tables."""

from datetime import datetime

from django.utils import timezone

from audit import deliveries, heartbeat, nightly, seals


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
    heartbeat.beat(now or timezone.now())


def check_invariants(now: datetime | None = None) -> bool:
    """Check what must always hold, and put on record what was found; returns whether all of it holds."""
    return nightly.check(now or timezone.now())
