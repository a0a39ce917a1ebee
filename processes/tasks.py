"""What the worker runs for processes. Each may run twice and derives what to do from the tables."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from audit.actors import Actor
from audit.context import action, is_replayed
from audit.refusals import Refusal
from processes import actions
from processes.actions.locking import lock_order_of
from processes.actions.messages import LONGEST_PAUSE
from processes.actions.throwing import parked
from processes.leases import BATCH, lease
from processes.models import Incident, Instance, Message, Start, Subscription, Timer
from processes.passages import read_next_seal

LONGEST_SECONDS = 30  # of one call, well below the queue's time limit; the next sweep goes on
TIMERS, MESSAGES = Actor.system("timers"), Actor.system("process messages")
REPAIR = Actor.system("process repair")
RUNNING = Instance.Status.RUNNING
log = logging.getLogger(__name__)


def fire_timers(now: datetime | None = None) -> int:
    """Fire the timers that are due, oldest first, each in its own transaction; then begin what time begins."""
    now = now or timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    due = Timer.objects.filter(free, ended_at=None, due_at__lte=now, instance__status=RUNNING)
    fired = _work_off(fire_timers, due.order_by("due_at", "id"), "leased_until", now, lambda pk: _fire_one(pk, now=now))
    starts = Start.objects.filter(free, ended_at=None, due_at__lte=now).order_by("due_at", "id")
    return fired + _work_off(fire_timers, starts, "leased_until", now, lambda pk: _begin_one(pk, now))


def _begin_one(pk: int, now: datetime) -> bool:
    try:
        return actions.fire_start(pk, actor=TIMERS, now=now)
    except Exception as failed:  # whatever it was: kept with its cause, and tried again later
        actions.note_failed_start(pk, cause=str(failed.__cause__ or failed), actor=TIMERS, now=now)
        raise


@action
def _fire_one(pk: int, *, now: datetime) -> bool:
    timer = Timer.objects.select_related("instance").defer("instance__state", "instance__passing").get(pk=pk)
    order = lock_order_of(timer.instance)
    return actions.fire_timer(timer, order=order, actor=TIMERS, now=now)


def deliver_messages(now: datetime | None = None) -> int:
    """Give messages and signals to those that wait for them, each in its own transaction; end those that waited too
    long."""
    now = now or timezone.now()
    waiting = parked(next_attempt_at__lte=now, expires_at__gt=now).filter(_somebody_waits())
    waiting = waiting.order_by("received_at", "id")
    done = _work_off(deliver_messages, waiting, "next_attempt_at", now, lambda pk: _deliver(pk, now))
    over = parked(expires_at__lte=now).exists()
    return done + (actions.expire_messages(actor=MESSAGES, now=now) if over else 0)


def _somebody_waits() -> Q:
    same_name: dict[str, object] = {"name": OuterRef("name"), "ended_at": None, "kind": Message.Kind.MESSAGE}
    receivers = Exists(Subscription.objects.filter(instance__status=RUNNING, **same_name))
    begun = Exists(Start.objects.filter(**same_name))
    plain = Q(kind=Message.Kind.MESSAGE) & (Q(receivers) | Q(begun))
    return plain | Q(target__status=RUNNING) | ~Q(start=None)


def _deliver(pk: int, now: datetime) -> bool:
    message = parked(pk=pk).first()
    if message is None:
        return False
    pause = timedelta(minutes=min(2**message.attempts, LONGEST_PAUSE))
    parked(pk=pk).update(attempts=F("attempts") + 1, next_attempt_at=now + pause)
    try:
        return actions.apply_message(pk, actor=MESSAGES, now=now)
    except Refusal as refused:
        parked(pk=pk).update(last_error=refused.sentence[:500])
        raise


def retry_incidents(now: datetime | None = None) -> int:
    """Try again what failed, where that is configured and its pause is over."""
    now = now or timezone.now()
    due: QuerySet[Incident] = Incident.objects.filter(resolved_at=None, next_retry_at__lte=now)
    return sum(_each(pk, lambda pk: _retry(pk, now)) for pk in list(due.values_list("pk", flat=True)))


def _retry(pk: int, now: datetime) -> bool:
    if not actions.count_attempt(pk, now=now):
        return False
    actions.retry_by_itself(pk, actor=REPAIR, now=now)
    return True


def read_passages(now: datetime | None = None) -> int:
    """Read what was sealed since the last time into passages; returns how many seals."""
    until, read = time.monotonic() + LONGEST_SECONDS, 0
    while time.monotonic() < until and read_next_seal():
        read += 1
    return read


def put_in_force(now: datetime | None = None) -> int:
    """Put approved versions in force whose date has come."""
    return actions.PROCESSES.sweep(now or timezone.now())


def _work_off(task: Callable[[], int], rows: QuerySet, field: str, now: datetime, act: Callable[[int], bool]) -> int:
    """Act on rows that are due, a lease at a time. Where the first is full, another worker is called to help: it goes
    on as well when the time of this call is over."""
    until, done, alone = time.monotonic() + LONGEST_SECONDS, 0, True
    while time.monotonic() < until:
        taken = lease(rows, field, now)
        count = len(taken)
        if count == BATCH and alone:
            alone = _call_for_help(task)
        while taken and time.monotonic() < until:
            done += _each(taken.pop(0), act)
        if taken:
            rows.model._default_manager.filter(pk__in=taken).update(**{field: now})  # for whoever goes on
        if count < BATCH:
            break
    return done


def _each(pk: int, act: Callable[[int], bool]) -> bool:
    try:
        return act(pk)
    except Refusal as refused:  # kept as an incident, or the instance ended meanwhile
        log.info("%s: %s", pk, refused.sentence)
    except Exception:  # one row holds up no other; its lease runs out, and it is tried again
        log.exception("row %s", pk)
    return False


def _call_for_help(task: Callable[[], int]) -> bool:
    """Ring for another worker that does the same; whether this one stays alone."""
    if not settings.RING_BELLS or is_replayed():
        return True
    from django_q.tasks import async_task

    async_task(f"{task.__module__}.{task.__name__}")
    return False
