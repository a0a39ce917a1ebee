"""How the installation is doing: each reading follows its tables, and costs what it costs."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django_q.models import Schedule

from audit.heartbeat import beat
from audit.models import Delivery
from audit.schedules import keep_schedules
from audit.tasks import check_invariants
from insights.health import last_night, night_reading, readings
from integrations.models import OutboxCall
from processes.models import Incident
from tests.integrations.calls import waiting_call

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def running(firm, now):
    """A worker that just ran, and nothing that waits."""
    beat(now)
    keep_schedules(now)
    Delivery.objects.update(done_at=now, attempts=1)


def read(key, now):
    return next(reading for reading in readings(now) if reading.key == key)


def test_where_everything_runs_every_reading_is_good(running, now):
    assert {reading.key: reading.state for reading in readings(now)} == dict.fromkeys(
        [
            "worker",
            "queue",
            "reactions",
            "calls",
            "mails",
            "parked_reactions",
            "parked_calls",
            "incidents",
            "calendars",
        ],
        "good",
    )


@pytest.mark.parametrize(("age", "state"), [(0 * SECOND, "good"), (60 * SECOND, "good"), (61 * SECOND, "bad")])
def test_a_worker_that_is_silent_for_more_than_a_minute_is_bad(running, now, age, state):
    worker = read("worker", now + age)
    assert (worker.state, worker.since) == (state, now)


def test_a_worker_that_was_never_there_is_bad(firm, now):
    assert (read("worker", now).state, read("worker", now).since) == ("bad", None)


@pytest.mark.parametrize(("age", "state"), [(MINUTE, "good"), (3 * MINUTE, "watch"), (11 * MINUTE, "bad")])
def test_what_waits_is_judged_by_its_age(running, firm, now, age, state):
    call = waiting_call(firm, now)
    OutboxCall.objects.filter(pk=call.pk).update(next_attempt_at=now)
    Delivery.objects.update(done_at=None, due_at=now)
    Schedule.objects.update(next_run=now)
    for key in ("queue", "reactions", "calls"):
        assert (read(key, now + age).state, read(key, now + age).since) == (state, now)
    assert read("calls", now + age).count == 1


def test_what_failed_too_often_waits_for_a_person(running, firm, now):
    call = waiting_call(firm, now)
    OutboxCall.objects.filter(pk=call.pk).update(state="parked")
    Delivery.objects.update(done_at=None, parked_at=now)
    Incident.objects.create(instance=call.order.process, node="x", cause="?", event={}, happened_at=now)
    for key in ("parked_reactions", "parked_calls", "incidents"):
        assert (read(key, now).state, read(key, now).since) == ("watch", now)
        assert read(key, now).count >= 1


def test_the_nightly_check_is_good_for_a_day_and_bad_when_something_is_violated(firm, now):
    assert night_reading(last_night(), now).state == "watch"
    check_invariants(now)
    assert night_reading(last_night(), now + HOUR).state == "good"
    assert night_reading(last_night(), now + 27 * HOUR).state == "watch"
    waiting_call(firm, now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sla_clock SET state = 'met'")
    check_invariants(now + HOUR)
    night = last_night()
    assert (night_reading(night, now + HOUR).state, night.ok) == ("bad", False)
    assert {violation["id"] for violation in night.violations} == {"I2"}


def test_reading_costs_a_fixed_number_of_statements(running, firm, now):
    waiting_call(firm, now)
    with CaptureQueriesContext(connection) as captured:
        readings(now)
        last_night()
    assert len(captured) == 12


def test_a_probe_learns_that_the_database_answers_and_nothing_else(client, firm, monkeypatch):
    with CaptureQueriesContext(connection) as captured:
        answer = client.get("/health/")
    assert (answer.status_code, answer.content, len(captured)) == (200, b"ok\n", 1)
    assert not answer.cookies

    def fail():
        raise DatabaseError("password authentication failed for somebody")

    monkeypatch.setattr("config.views.answers", fail)
    answer = client.get("/health/")
    assert (answer.status_code, answer.content) == (503, b"The database does not answer.\n")
