"""How the installation is doing, read from its tables: what an administrator looks at before anybody complains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django_q.models import OrmQ, Schedule

from audit.heartbeat import SILENCE, WORKER
from audit.models import Delivery, Entry, Heartbeat
from audit.nightly import CHECKED
from integrations.models import OutboxCall
from notifications.models import Notice
from processes.models import Incident
from sla.running_out import ending

SOON, LATE = timedelta(minutes=2), timedelta(minutes=10)  # a sweep runs each minute
NIGHT = timedelta(hours=26)


@dataclass(frozen=True)
class Reading:
    """One thing to look at. state: good, watch or bad; count: how many; since: the oldest of them, or the last time."""

    key: str
    state: str
    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True)
class Night:
    """What the last nightly check found. checked: invariant → rows; violations: `{"id", "what", "rows"}`."""

    at: datetime
    ok: bool
    checked: Mapping[str, int]
    violations: Sequence[Mapping[str, Any]]


def answers() -> None:
    """Ask the database something that needs our tables: one statement. Raises DatabaseError when it does not answer."""
    Heartbeat.objects.exists()


def readings(now: datetime) -> list[Reading]:
    """Worker, queue, what waits, what is parked, what failed, calendars that end: ten statements, and one for each
    calendar of the firm's own that is in use."""
    return [_worker(now), _queue(now), *_waiting(now), *_parked(), _incidents(), _calendars(now)]


def last_night() -> Night | None:
    """The result of the last nightly check: one statement; None before the first."""
    entry = Entry.objects.filter(fact=CHECKED).order_by("-happened_at").first()
    return Night(entry.happened_at, **entry.data) if entry else None


def night_reading(night: Night | None, now: datetime) -> Reading:
    """The nightly check as one thing to look at."""
    if night is None:
        return Reading("night", "watch")
    state = "bad" if not night.ok else "watch" if now - night.at > NIGHT else "good"
    return Reading("night", state, len(night.violations), night.at)


def _worker(now: datetime) -> Reading:
    beat = Heartbeat.objects.filter(name=WORKER).values_list("beat_at", flat=True).first()
    return Reading("worker", "good" if beat and now - beat <= SILENCE else "bad", since=beat)


def _queue(now: datetime) -> Reading:
    overdue = Schedule.objects.filter(next_run__lt=now).exclude(repeats=0).aggregate(since=Min("next_run"))["since"]
    return Reading("queue", _lag(overdue, now), OrmQ.objects.count(), overdue)


def _waiting(now: datetime) -> Iterator[Reading]:
    due = Delivery.objects.filter(done_at=None, parked_at=None, due_at__lte=now)
    calls = OutboxCall.objects.filter(state=OutboxCall.State.QUEUED, next_attempt_at__lte=now)
    mails = Notice.objects.filter(channel=Notice.Channel.EMAIL, sent_at=None)
    for key, rows, column in (
        ("reactions", due, "due_at"),
        ("calls", calls, "created_at"),
        ("mails", mails, "created_at"),
    ):
        count, since = _oldest(rows, column)
        yield Reading(key, _lag(since, now), count, since)


def _parked() -> Iterator[Reading]:
    reactions = Delivery.objects.exclude(parked_at=None)
    calls = OutboxCall.objects.filter(state=OutboxCall.State.PARKED)
    for key, rows, column in (("parked_reactions", reactions, "parked_at"), ("parked_calls", calls, "created_at")):
        count, since = _oldest(rows, column)
        yield Reading(key, "watch" if count else "good", count, since)


def _incidents() -> Reading:
    count, since = _oldest(Incident.objects.filter(resolved_at=None), "happened_at")
    return Reading("incidents", "watch" if count else "good", count, since)


def _calendars(now: datetime) -> Reading:
    ends = ending(now)
    state = "good" if not ends else "bad" if min(ends.values()) < now.year else "watch"
    return Reading("calendars", state, len(ends))


def _oldest(rows: QuerySet[Any], column: str) -> tuple[int, datetime | None]:
    found = rows.aggregate(count=Count("pk"), since=Min(column))
    return found["count"], found["since"]


def _lag(since: datetime | None, now: datetime) -> str:
    age = now - since if since else timedelta(0)
    return "bad" if age > LATE else "watch" if age > SOON else "good"
