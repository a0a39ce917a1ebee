"""Timers fire once, whoever sees them; silence of a client or a custodian has its consequence."""

from datetime import timedelta
from functools import partial
from itertools import chain, repeat

import pytest

from audit.actors import Actor
from integrations import actions as integrations
from integrations.models import OutboxCall
from orders import actions as orders
from orders.models import ClientRequest, Order
from orders.refusals import AlreadyAnswered
from processes import actions
from processes.leases import LEASE, lease
from processes.models import Incident, Timer
from processes.tasks import fire_timers
from tests.approvals.transfers import done, validated
from tests.firm import address_change, open_item
from work.models import WorkItem

CUSTODIAN = Actor(id="custodian:meridian", name="meridian", via="custodian")
DAYS = timedelta(days=30)


def waiting_on_client(firm, now):
    order = address_change(firm, now)
    done(open_item(order), firm.dee, now, address_check="proof_needed", checked_against="login")
    return order


def state(order):
    return Order.objects.get(pk=order.pk).state


def test_thirty_days_of_silence_close_the_request_and_end_the_order(firm, now):
    order = waiting_on_client(firm, now)
    assert state(order) == "waiting_on_client"
    assert (fire_timers(now + DAYS - timedelta(seconds=1)), state(order)) == (0, "waiting_on_client")
    assert (fire_timers(now + DAYS), state(order)) == (1, "cancelled")
    request = ClientRequest.objects.get(order=order)
    assert (request.closed_at, request.answered_at) == (now + DAYS, None)
    with pytest.raises(AlreadyAnswered):
        orders.answer_request(request.public_id, answers={}, actor=Actor.of(firm.ana), now=now + DAYS)


def test_a_timer_fires_once_however_often_the_sweep_runs(firm, now):
    order = waiting_on_client(firm, now)
    assert [fire_timers(now + DAYS) for _ in range(3)] == [1, 0, 0]
    timer = Timer.objects.get(instance__order=order)
    assert (timer.fired, timer.ended_at) == (True, now + DAYS)


def test_an_answer_in_time_stops_the_timer(firm, now):
    order = validated(firm, now, amount="1000.00")
    assert Timer.objects.filter(instance__order=order, ended_at=None).count() == 1
    answer(OutboxCall.objects.get(order=order), now, outcome="rejected", code="M301")
    timer = Timer.objects.get(instance__order=order)
    assert (timer.fired, timer.ended_at) == (False, now)


def answer(call, now, **payload):
    message = integrations.receive(
        call.connector, message_id="m", call_id=str(call.public_id), payload=payload, actor=CUSTODIAN, now=now
    )
    return integrations.apply_message(message.pk, actor=CUSTODIAN, now=now)


def test_a_silent_custodian_is_chased_and_its_late_answer_is_kept_as_late(firm, now):
    order = validated(firm, now, amount="1000.00")
    call, later = OutboxCall.objects.get(order=order), now + timedelta(days=20)
    assert fire_timers(later) == 1
    call.refresh_from_db()
    assert (call.state, open_item(order).node) == ("withdrawn", "chase_custodian")
    assert answer(call, later, outcome="acknowledged", reference="MC-1").outcome == "late"
    assert open_item(order).node == "chase_custodian"


def test_a_timer_whose_step_fails_holds_up_no_other_and_repair_takes_it_again(firm, now, monkeypatch):
    order = waiting_on_client(firm, now)
    other = validated(firm, now, key="key-2", amount="1000.00")
    with monkeypatch.context() as broken:
        broken.setattr("orders.handlers.close_request", lambda task: 1 / 0)
        assert fire_timers(now + DAYS) == 1  # the other one's
        assert fire_timers(now + DAYS) == 0
    assert (state(order), open_item(other, "chase_custodian").state) == ("exception", "queued")
    incident = Incident.objects.get(instance__order=order)
    assert incident.node == Timer.objects.get(instance__order=order).node
    orders.repair_order(order.public_id, reason="Fixed.", actor=Actor.of(firm.eve), now=now + DAYS)
    assert state(order) == "cancelled"
    assert Timer.objects.get(instance__order=order).fired


def test_what_a_handler_refuses_in_a_timers_step_is_an_incident_too(firm, now, monkeypatch):
    from audit.refusals import Refusal

    def refuse(task):
        raise Refusal("Expected a queue, but there is none.")

    order = waiting_on_client(firm, now)
    monkeypatch.setattr("orders.handlers.close_request", refuse)
    assert fire_timers(now + DAYS) == 0
    assert "Expected a queue" in Incident.objects.get(instance__order=order).cause


def test_timers_of_an_order_called_off_never_fire(firm, now):
    order = waiting_on_client(firm, now)
    orders.cancel_order(order.public_id, reason="No.", actor=Actor.of(firm.ana), now=now)
    assert fire_timers(now + DAYS) == 0
    assert not WorkItem.objects.open().filter(order=order).exists()


@pytest.fixture
def three_at_once(firm, now, monkeypatch):
    """Three timers of three orders, due at once, and leases of two."""
    monkeypatch.setattr("processes.tasks.BATCH", 2)
    monkeypatch.setattr("processes.tasks.lease", partial(lease, limit=2))
    return [validated(firm, now, key=f"key-{number}", amount="1000.00") for number in range(3)]


def test_where_one_lease_is_not_enough_another_worker_is_called_once(three_at_once, now, monkeypatch, settings):
    called: list[str] = []
    settings.RING_BELLS = True
    monkeypatch.setattr("django_q.tasks.async_task", called.append)
    assert fire_timers(now + DAYS) == 3
    assert called == ["processes.tasks.fire_timers"]


def test_what_time_does_not_suffice_for_is_given_back_at_once(three_at_once, now, monkeypatch):
    clock = chain([0, 0, 0], repeat(31))
    with monkeypatch.context() as slow:
        slow.setattr("processes.tasks.time.monotonic", lambda: next(clock))
        assert fire_timers(now + DAYS) == 1
    assert fire_timers(now + DAYS) == 2


def test_a_row_that_breaks_holds_up_no_other(three_at_once, now, monkeypatch):
    broken = iter([True, False, False])
    fire = actions.fire_timer
    monkeypatch.setattr(actions, "fire_timer", lambda *args, **named: 1 / 0 if next(broken) else fire(*args, **named))
    assert fire_timers(now + DAYS) == 2
    monkeypatch.setattr(actions, "fire_timer", fire)
    assert (fire_timers(now + DAYS), fire_timers(now + DAYS + LEASE)) == (0, 1)
