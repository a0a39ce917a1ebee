"""Working off later reactions: claim a row, run its reaction, mark it done; park it after too many tries."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

from audit.claims import claim
from audit.context import action
from audit.models import Delivery
from audit.prepared import prepared
from audit.writing import update

MOST_ATTEMPTS = 3
PAUSES = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))
# How long one that was begun is left alone: above the queue's time limit for a task, so that none runs twice at once.
LEASE = timedelta(minutes=2)
LONGEST_SECONDS = 30  # of one call, well below the queue's time limit; the next bell or sweep goes on
log = logging.getLogger(__name__)


def deliver_due(now: datetime, *, limit: int = 200) -> int:
    """Run the reactions that are due, each in its own transaction; returns how many were run."""
    until = time.monotonic() + LONGEST_SECONDS
    done = 0
    for pk in _waiting(now).order_by("due_at", "id").values_list("id", flat=True)[:limit]:
        done += _deliver(pk, now)
        if time.monotonic() > until:
            break
    return done


def _waiting(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(done_at=None, parked_at=None, due_at__lte=now)


def _deliver(pk: int, now: datetime) -> bool:
    # The attempt is counted and the next one postponed before the reaction runs, so a killed worker cannot loop on it.
    if not _waiting(now).filter(pk=pk).update(attempts=F("attempts") + 1, due_at=now + LEASE):
        return False
    try:
        return _react(pk, now)
    except Exception as error:  # noqa: BLE001 - any failure of a reaction is kept with its row
        log.warning("delivery %s failed: %s", pk, error, exc_info=error)
        _failed(pk, error, now)
    return True


@action
def _react(pk: int, now: datetime) -> bool:
    # An action of its own: what a refused step must still write (an incident) is written after the rollback.
    delivery = next(iter(_claimed(pk)), None)
    if delivery is None:
        return False
    if delivery.attempts > MOST_ATTEMPTS:
        delivery.parked_at, delivery.last_error = now, delivery.last_error or "No attempt came to an end."
    else:
        import_string(delivery.reaction)(delivery.entry)
        delivery.done_at = now
    update(delivery, ["done_at", "parked_at", "last_error"])
    return True


@prepared
def _claimed(pk: int) -> QuerySet[Delivery]:
    return claim(Delivery.objects.filter(pk=pk, done_at=None, parked_at=None)).select_related("entry")


def _failed(pk: int, error: Exception, now: datetime) -> None:
    delivery = Delivery.objects.get(pk=pk)
    delivery.last_error = f"{type(error).__name__}: {error}"[:2000]
    if delivery.attempts >= MOST_ATTEMPTS:
        delivery.parked_at = now
    else:
        delivery.due_at = now + PAUSES[min(delivery.attempts, len(PAUSES)) - 1]
    delivery.save(update_fields=["last_error", "parked_at", "due_at"])
