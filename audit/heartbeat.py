"""The worker's heartbeat: a task really ran. A silence that ended is a fact, so that lateness can be judged."""

from __future__ import annotations

from datetime import datetime, timedelta

from audit.actions import record
from audit.actors import Actor
from audit.context import action
from audit.models import Heartbeat

WORKER = "worker"
BEAT_EVERY = timedelta(seconds=10)
SILENCE = timedelta(seconds=60)  # the watchdog restarts a worker that is silent for longer
RETURNED = "audit.worker.returned"


def beat(now: datetime) -> None:
    """Say that a task ran; seldom enough to cost nothing, and never back in time."""
    last = Heartbeat.objects.filter(name=WORKER).values_list("beat_at", flat=True).first()
    if last is None or now - last >= BEAT_EVERY:
        _keep(last, now)


@action
def _keep(last: datetime | None, now: datetime) -> None:
    if last is None:
        _row, is_ours = Heartbeat.objects.get_or_create(name=WORKER, defaults={"beat_at": now})
    else:
        is_ours = bool(Heartbeat.objects.filter(name=WORKER, beat_at=last).update(beat_at=now))
    if is_ours and (last is None or now - last > SILENCE):
        subject, actor = f"audit.worker:{WORKER}", Actor.system(WORKER)
        record(RETURNED, subject=subject, actor=actor, now=now, data={"silent_since": last})
