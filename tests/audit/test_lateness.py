"""What is late is judged by the worker's presence: silences that ended are on record, and explain what was late."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audit.attendance import EVER, NEVER, attendance
from audit.heartbeat import beat
from audit.invariants import check_all, stored
from audit.models import Delivery, Entry, Heartbeat
from integrations.models import OutboxCall
from processes.models import Timer
from sla.models import Clock, Escalation
from sla.tasks import sweep
from tests.firm import address_change
from tests.integrations.calls import waiting_call

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def moment():
    """A live moment: rows are put on record by the database's own clock."""
    return timezone.now()


def present(*pairs):
    """The worker was there from the first to the second instant of each pair, a beat every half minute."""
    for begin, end in pairs:
        at = begin
        while at <= end:
            beat(at)
            at += MINUTE / 2


def returns():
    return [
        (entry.data["silent_since"], entry.happened_at) for entry in Entry.objects.filter(subject="audit.worker:worker")
    ]


def late():
    return [(v.id, v.what) for result in check_all() for v in result.violations]


def test_the_first_beat_and_the_end_of_a_silence_are_facts(firm, moment):
    present((moment, moment + 2 * MINUTE), (moment + HOUR, moment + HOUR + MINUTE))
    (first, began), (silent_since, came_back) = returns()
    assert (first, began) == (None, moment)
    assert datetime.fromisoformat(silent_since) == moment + 2 * MINUTE
    assert came_back == moment + HOUR


def test_a_pause_of_a_minute_is_no_silence(firm, moment):
    for seconds in (0, 60, 120, 125):
        beat(moment + timedelta(seconds=seconds))
    assert len(returns()) == 1


def test_of_the_time_before_the_first_beat_and_after_the_last_nothing_is_held_against_anybody(firm, moment):
    assert attendance().awake(moment - HOUR, moment) == timedelta(0)
    present((moment, moment + 10 * MINUTE), (moment + HOUR, moment + HOUR + 10 * MINUTE))
    worker = attendance()
    assert worker.silences[0] == (EVER, moment)
    assert worker.silences[-1] == (moment + HOUR + 10 * MINUTE, NEVER)
    assert worker.awake(moment - HOUR, moment + 3 * HOUR) == 20 * MINUTE
    assert worker.awake(moment + 5 * MINUTE, moment + HOUR + 5 * MINUTE) == 10 * MINUTE
    assert worker.awake(moment + HOUR, moment) == timedelta(0)


def nothing_is_due(moment):
    """The tests' own days lie beside those of the machine: nothing of them is due."""
    future = moment + timedelta(days=3)
    Clock.objects.update(next_check_at=future)
    Timer.objects.update(due_at=future)
    OutboxCall.objects.update(next_attempt_at=future)
    Delivery.objects.update(attempts=1, done_at=moment)


@pytest.fixture
def told(firm, now, moment):
    """told(due, happened): an order whose first tier was due and told at these instants, live."""
    order = address_change(firm, now)
    clock = Clock.objects.get(order=order)
    sweep(clock.yellow_at)
    nothing_is_due(moment)

    def at(due, happened):
        Escalation.objects.filter(clock=clock).update(due_at=due, happened_at=happened)

    return at


LATE = ("I7", "a tier was told later than a sweep and the worker's absence explain")


def test_a_tier_told_long_after_its_moment_while_the_worker_was_there_is_found(told, moment):
    present((moment, moment + 2 * HOUR))
    told(moment + HOUR, moment + HOUR + MINUTE)
    assert late() == []
    told(moment + HOUR, moment + HOUR + 10 * MINUTE)
    assert late() == [LATE]


def test_a_silence_explains_what_was_late_by_it_and_no_more(told, moment):
    present((moment, moment + HOUR), (moment + 2 * HOUR, moment + 3 * HOUR))
    told(moment + HOUR + 5 * MINUTE, moment + 2 * HOUR + MINUTE)
    assert late() == []
    told(moment + HOUR + 5 * MINUTE, moment + 2 * HOUR + 30 * MINUTE)
    assert late() == [LATE]


def test_a_clock_that_was_put_on_record_after_its_moment_could_not_tell_earlier(told, moment):
    present((moment - 2 * HOUR, moment + HOUR))
    told(moment - HOUR, moment + MINUTE)
    assert late() == []


def test_a_tier_told_before_its_moment_is_found(told, moment):
    told(moment + HOUR, moment)
    assert late() == [("I7", "an escalation is older than its clock or than its moment")]


LYING = {
    "a timer": lambda call, due: Timer.objects.filter(instance=call.order.process, ended_at=None).update(due_at=due),
    "a clock": lambda call, due: Clock.objects.filter(order=call.order, work_item=None).update(next_check_at=due),
    "a call": lambda call, due: OutboxCall.objects.filter(pk=call.pk).update(next_attempt_at=due),
    "a reaction": lambda call, due: Delivery.objects.filter(pk=Delivery.objects.latest("pk").pk).update(
        due_at=due, done_at=None, parked_at=None
    ),
}


@pytest.mark.parametrize("what", LYING)
def test_what_was_due_and_left_lying_while_the_worker_was_there_is_found(firm, now, moment, what):
    call = waiting_call(firm, now)
    nothing_is_due(moment)
    present((moment - HOUR, moment + HOUR))
    assert late() == []
    LYING[what](call, datetime(2026, 1, 1, tzinfo=UTC))
    assert late() == [("I12", f"{what} was due and left lying")]
    Heartbeat.objects.update(beat_at=moment + 5 * MINUTE)  # the worker may still work it off
    assert late() == []


def test_without_a_worker_nothing_that_is_due_is_held_against_anybody(firm, now):
    waiting_call(firm, now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sla_clock SET next_check_at = %s", [stored(datetime(2020, 1, 1, tzinfo=UTC))])
    assert late() == []
