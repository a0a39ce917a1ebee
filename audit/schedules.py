"""From the wiring's schedules to the queue's: rows for whole minutes, a list of ticks for shorter times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django_q.models import Schedule

from audit.reactions import wiring
from audit.wiring import Every

MINUTE = 60
LONG_SECONDS = 540  # of a nightly task: below the time after which the queue hands it out again


def keep_schedules(now: datetime) -> None:
    """Make the queue's schedules those of the wiring; one that the wiring no longer names is removed.

    A schedule is named like its function; others, made by an operator, are left alone.
    """
    wanted = {name: every for name, every in wiring().SCHEDULES.items() if every.seconds >= MINUTE}
    with transaction.atomic():
        Schedule.objects.filter(name=F("func")).exclude(func__in=wanted).delete()
        for name, every in wanted.items():
            row = Schedule.objects.filter(name=name, func=name).first()
            if row is None:
                row = Schedule(name=name, func=name, next_run=_first_run(every, now))
            row.schedule_type, row.minutes, row.repeats = Schedule.MINUTES, every.seconds // MINUTE, -1
            row.kwargs = None if every.hour is None else repr({"q_options": {"timeout": LONG_SECONDS}})
            row.save()


def _first_run(every: Every, now: datetime) -> datetime:
    if every.hour is None:
        return now
    today = now.astimezone(UTC).replace(hour=every.hour, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def ticks() -> dict[str, int]:
    """What runs more often than once a minute, with its seconds: the worker's watchdog enqueues these itself."""
    return {name: every.seconds for name, every in wiring().SCHEDULES.items() if every.seconds < MINUTE}
