"""The watchdog of the worker: runs django-q2's cluster as a process group of its own and starts it again when it stops
working, which it does when a worker was killed while it held the queue's lock (see docs/decisions).
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from audit.heartbeat import SILENCE, WORKER
from audit.models import Heartbeat
from audit.schedules import ticks

LONGEST_PAUSE_SECONDS = 60
STEADY = timedelta(minutes=5)  # a cluster that ran so long starts its back-off from the beginning
STOPPING_SECONDS = 75  # a running task may end by itself: the queue's time limit and a little
log = logging.getLogger(__name__)


class Cluster:
    """One run of the cluster: its process group."""

    def __init__(self, started_at: datetime) -> None:
        self.started_at = started_at
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            [sys.executable, "-m", "django", "qcluster"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE},
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - the watchdog has one thread
        )

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def stop(self) -> None:
        """Ask it to finish its tasks, then end the whole group."""
        if not self.has_ended:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOPPING_SECONDS)
            except subprocess.TimeoutExpired:
                log.warning("the cluster did not stop in %s seconds", STOPPING_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End every process of the group at once; what they held is claimed again."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def why_restart(*, ended: bool, started_at: datetime, beat_at: datetime | None, now: datetime) -> str:
    """Why the cluster must be started again, or nothing. beat_at: when one of its tasks last ran."""
    if ended:
        return "it has ended"
    alive_at = max(started_at, beat_at) if beat_at else started_at
    if now - alive_at > SILENCE:
        return f"no task has run since {alive_at:%H:%M:%S}"
    return ""


def pause_before(failures: int) -> int:
    """Seconds to wait before the next start, after so many in a row."""
    return min(2 ** max(failures - 1, 0), LONGEST_PAUSE_SECONDS)


class Watchdog:
    """Keeps a cluster running until it is told to stop."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self.clock = clock
        self.stopping = False
        self.failures = 0
        self.next_ticks = dict.fromkeys(ticks(), clock())

    def stop(self, *_signal: object) -> None:
        """Finish at the next turn; also the handler of SIGTERM and SIGINT."""
        self.stopping = True

    def run(self) -> None:
        """Start the cluster, tick, look after it, start it again."""
        while not self.stopping:
            cluster = Cluster(self.clock())
            log.warning("worker: cluster started (process group %s)", cluster.process.pid)
            try:
                why = self._watch(cluster)
            except BaseException:
                cluster.kill()
                raise
            if self.stopping:
                cluster.stop()
            else:
                cluster.kill()
                self._back_off(cluster, why)

    def _watch(self, cluster: Cluster) -> str:
        while not self.stopping:
            time.sleep(1)
            now = self.clock()
            try:
                self._tick(now)
                beat_at = Heartbeat.objects.filter(name=WORKER).values_list("beat_at", flat=True).first()
            except DatabaseError as error:  # a restart would not bring the database back
                log.warning("worker: the database is not reached: %s", error)
                close_old_connections()
                cluster.started_at = now
                beat_at = None
            why = why_restart(ended=cluster.has_ended, started_at=cluster.started_at, beat_at=beat_at, now=now)
            if why:
                return why
        return ""

    def _tick(self, now: datetime) -> None:
        from django_q.tasks import async_task

        for name, seconds in ticks().items():
            if self.next_ticks[name] <= now:
                self.next_ticks[name] = now + timedelta(seconds=seconds)
                async_task(name)

    def _back_off(self, cluster: Cluster, why: str) -> None:
        steady = self.clock() - cluster.started_at > STEADY
        self.failures = 1 if steady else self.failures + 1
        seconds = pause_before(self.failures)
        log.error("worker: cluster ended because %s; next start in %s s", why, seconds)
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(0.2)


def _end_with_parent() -> None:
    # When the watchdog itself is killed, Linux asks the cluster to stop: two watchdogs never run two clusters.
    if sys.platform == "linux":
        parent_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2)
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGTERM)
