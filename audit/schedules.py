"""From the wiring's schedules to the queue's: rows for whole minutes, a list of ticks for shorter times."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django_q.models import Schedule

from audit.reactions import wiring

MINUTE = 60


def keep_schedules(now: datetime) -> None:
    """Make the queue's schedules those of the wiring; one that the wiring no longer names is removed.

    A schedule is named like its function; others, made by an operator, are left alone.
    """
    wanted = {name: every.seconds // MINUTE for name, every in wiring().SCHEDULES.items() if every.seconds >= MINUTE}
    with transaction.atomic():
        Schedule.objects.filter(name=F("func")).exclude(func__in=wanted).delete()
        for name, minutes in wanted.items():
            row = Schedule.objects.filter(name=name, func=name).first()
            if row is None:
                row = Schedule(name=name, func=name, next_run=now)
            row.schedule_type, row.minutes, row.repeats = Schedule.MINUTES, minutes, -1
            row.save()


def ticks() -> dict[str, int]:
    """What runs more often than once a minute, with its seconds: the worker's watchdog enqueues these itself."""
    return {name: every.seconds for name, every in wiring().SCHEDULES.items() if every.seconds < MINUTE}
