"""Reactions: now, in the same transaction; later, at least once, and parked after three tries."""

from datetime import timedelta

import pytest

from audit.deliveries import deliver_due
from audit.models import Delivery, Entry
from tests.audit import reacting
from tests.audit.conftest import say

LATER = timedelta(hours=2)


def test_a_reaction_now_has_run_when_the_action_returns(wired, now):
    entry = say("tests.thing.noted", now)
    assert [entry.public_id] == reacting.DONE


def test_a_reaction_now_that_fails_takes_the_fact_with_it(wired, now):
    with pytest.raises(ValueError, match="down"):
        say("tests.thing.broken", now)
    assert not Entry.objects.filter(fact="tests.thing.broken").exists()


def test_what_follows_at_once_belongs_to_the_same_action(wired, now):
    entry = say("tests.thing.chained", now)
    assert Entry.objects.get(fact="tests.thing.followed").action_id == entry.action_id


def test_a_chain_without_end_is_stopped_and_leaves_nothing(wired, now):
    with pytest.raises(RuntimeError, match="at most 8 reactions deep"):
        say("tests.thing.looped", now)
    assert not Entry.objects.filter(fact="tests.thing.looped").exists()


def test_a_later_reaction_waits_and_runs_once(wired, now):
    entry = say("tests.thing.later", now)
    assert reacting.DONE == []
    assert deliver_due(now) == 1
    assert deliver_due(now + LATER) == 0
    assert [entry.public_id] == reacting.DONE
    assert Delivery.objects.get(entry=entry).done_at == now


def test_nothing_is_delivered_before_its_time(wired, now):
    say("tests.thing.later", now)
    assert deliver_due(now - timedelta(seconds=1)) == 0


def test_a_later_reaction_that_fails_is_tried_three_times_and_parked_with_the_reason(wired, now):
    entry = say("tests.thing.later_broken", now)
    at = now
    for attempt in (1, 2, 3):
        assert deliver_due(at) == 1
        assert Delivery.objects.get(entry=entry).attempts == attempt
        assert deliver_due(at) == 0
        at += LATER
    row = Delivery.objects.get(entry=entry)
    assert row.parked_at is not None
    assert row.last_error == "ValueError: the other side is down"
    assert deliver_due(at + LATER) == 0


def test_a_later_reaction_that_fails_half_way_leaves_nothing_and_holds_up_no_other(wired, now):
    say("tests.thing.later_half", now)
    entry = say("tests.thing.later", now)
    assert deliver_due(now) == 2
    assert not Entry.objects.filter(fact="tests.thing.followed").exists()
    assert [entry.public_id] == reacting.DONE


def test_one_whose_worker_was_killed_each_time_is_parked_without_another_try(wired, now):
    entry = say("tests.thing.later", now)
    Delivery.objects.filter(entry=entry).update(attempts=3)  # counted before each try that never returned
    deliver_due(now)
    row = Delivery.objects.get(entry=entry)
    assert row.parked_at == now
    assert reacting.DONE == []


def test_one_that_another_worker_has_begun_is_left_to_it(wired, now):
    from audit.deliveries import _deliver

    entry = say("tests.thing.later", now)
    delivery = Delivery.objects.get(entry=entry)
    Delivery.objects.filter(pk=delivery.pk).update(due_at=now + timedelta(minutes=2))
    assert _deliver(delivery.pk, now) is False
    assert reacting.DONE == []
