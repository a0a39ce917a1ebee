"""The watchdog restarts a cluster in which no task runs, and the queue's schedules are those of the wiring."""

from datetime import timedelta

import pytest
from django_q.models import Schedule

from audit.models import Heartbeat
from audit.schedules import keep_schedules, ticks
from audit.tasks import beat
from audit.watchdog import pause_before, why_restart
from config import wiring

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("ended", "started", "beat_age", "why"),
    [
        (True, 5, 1, "it has ended"),
        (False, 600, 1, ""),
        (False, 600, 60, ""),
        (False, 600, 61, "no task has run since"),
        (False, 30, 600, ""),  # just started: the beat of the run before does not count
        (False, 61, 600, "no task has run since"),
        (False, 59, None, ""),
        (False, 61, None, "no task has run since"),
    ],
)
def test_a_cluster_is_started_again_when_it_ended_or_no_task_ran_for_a_minute(now, ended, started, beat_age, why):
    beat_at = None if beat_age is None else now - beat_age * SECOND
    found = why_restart(ended=ended, started_at=now - started * SECOND, beat_at=beat_at, now=now)
    assert found.startswith(why)
    assert bool(found) == bool(why)


def test_pauses_between_starts_double_up_to_a_minute():
    assert [pause_before(failures) for failures in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_schedules_are_those_of_the_wiring_however_often_the_worker_starts(db, now):
    Schedule.objects.create(name="gone.tasks.old", func="gone.tasks.old")
    Schedule.objects.create(name="nightly report", func="reports.tasks.run")
    keep_schedules(now)
    keep_schedules(now + timedelta(hours=1))
    rows = {row.func: row for row in Schedule.objects.all()}
    wanted = {name for name, every in wiring.SCHEDULES.items() if every.seconds >= 60}
    assert set(rows) == wanted | {"reports.tasks.run"}
    assert (rows["audit.tasks.seal"].schedule_type, rows["audit.tasks.seal"].minutes) == (Schedule.MINUTES, 5)
    assert rows["audit.tasks.seal"].next_run == now  # a restart does not push it away


def test_what_runs_more_often_than_each_minute_is_left_to_the_watchdog():
    assert ticks() == {"audit.tasks.beat": 15}


def test_a_beat_never_goes_back_in_time(db, now):
    for at in (now, now + 20 * SECOND, now - 20 * SECOND):
        beat(at)
    assert Heartbeat.objects.get().beat_at == now + 20 * SECOND
