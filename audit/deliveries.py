"""Working off later reactions: claim a row, run its reaction, mark it done; park it after too many tries."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

from audit.claims import claim
from audit.models import Delivery

MOST_ATTEMPTS = 3
PAUSES = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))


def deliver_due(now: datetime, *, limit: int = 200) -> int:
    """Run the reactions that are due, each in its own transaction; returns how many were run."""
    waiting = Delivery.objects.filter(done_at=None, parked_at=None, due_at__lte=now).order_by("due_at", "id")
    return sum(_deliver(pk, now) for pk in waiting.values_list("id", flat=True)[:limit])


def _deliver(pk: int, now: datetime) -> bool:
    # The attempt is counted and the next one postponed before the reaction runs, so a killed worker cannot loop on it.
    taken = Delivery.objects.filter(pk=pk, done_at=None, parked_at=None, due_at__lte=now)
    pause = PAUSES[0]
    if not taken.update(attempts=F("attempts") + 1, due_at=now + pause):
        return False
    try:
        with transaction.atomic():
            delivery = claim(Delivery.objects.filter(pk=pk, done_at=None)).select_related("entry").first()
            if delivery is None:
                return False
            import_string(delivery.reaction)(delivery.entry)
            delivery.done_at = now
            delivery.save(update_fields=["done_at"])
    except Exception as error:  # noqa: BLE001 - any failure of a reaction is kept with its row
        _failed(pk, error, now)
    return True


def _failed(pk: int, error: Exception, now: datetime) -> None:
    delivery = Delivery.objects.get(pk=pk)
    delivery.last_error = f"{type(error).__name__}: {error}"[:2000]
    if delivery.attempts >= MOST_ATTEMPTS:
        delivery.parked_at = now
    else:
        delivery.due_at = now + PAUSES[min(delivery.attempts, len(PAUSES)) - 1]
    delivery.save(update_fields=["last_error", "parked_at", "due_at"])
