"""A message acts once; what comes early waits, what comes late or unknown moves nothing."""

import pytest

from audit.actors import Actor
from audit.due import run_due
from integrations import actions
from integrations.models import InboxMessage, OutboxCall
from orders import actions as orders
from orders.models import Order
from processes.actions.incidents import Failure, keep_incident
from tests.integrations.calls import waiting_call

OK = {"outcome": "acknowledged", "reference": "MC-1", "code": ""}


@pytest.fixture
def call(firm, now):
    return waiting_call(firm, now)


def receive(call, now, message_id="m-1", payload=OK, call_id=None):
    return actions.receive(
        call.connector,
        message_id=message_id,
        call_id=call_id or str(call.public_id),
        payload=payload,
        actor=call.connector.as_actor(),
        now=now,
    )


def outcome(message):
    message.refresh_from_db()
    return message.outcome


def test_an_answer_that_overtakes_the_sending_counts(call, now):
    message = receive(call, now)
    run_due(now)
    assert outcome(message) == "applied"
    actions.mark_sent(call.pk, actor=call.connector.as_actor(), now=now)
    call.refresh_from_db()
    assert call.state == "answered"


def test_an_answer_to_a_call_that_we_gave_up_counts(call, now):
    OutboxCall.objects.filter(pk=call.pk).update(attempts=6)
    actions.mark_failed(call.pk, error="Timed out.", actor=call.connector.as_actor(), now=now)
    message = receive(call, now)
    run_due(now)
    assert outcome(message) == "applied"


@pytest.mark.parametrize("call_id", ["", "nonsense", "056bbe1a-5f95-4f69-b5ff-0d9b8fa42bb2"])
def test_an_answer_to_no_call_of_ours_is_kept_as_unknown(call, now, call_id):
    message = receive(call, now, call_id=call_id or "-")
    run_due(now)
    assert outcome(message) == "unknown"


def test_an_answer_after_the_order_was_cancelled_is_late(call, firm, now):
    orders.cancel_order(call.order.public_id, reason="Changed my mind.", actor=Actor.of(firm.ana), now=now)
    message = receive(call, now)
    run_due(now)
    assert outcome(message) == "late"
    assert Order.objects.get(pk=call.order_id).state == "cancelled"


def test_out_of_order_the_second_answer_is_late_and_moves_nothing(call, now):
    first = receive(call, now, "m-2", {"outcome": "rejected", "reference": "", "code": "M301"})
    second = receive(call, now, "m-1")
    run_due(now)
    assert (outcome(first), outcome(second)) == ("applied", "late")
    assert Order.objects.get(pk=call.order_id).process.state["variables"]["custodian_reference"] == ""


def test_an_acknowledgement_without_a_reference_moves_nothing_by_any_door(call, now):
    message = receive(call, now, payload={"outcome": "acknowledged"})
    run_due(now)
    assert outcome(message) == "unknown"
    call.refresh_from_db()
    assert call.state == "queued"


def test_an_answer_waits_while_the_order_is_repaired_and_acts_afterwards(call, now):
    instance = Order.objects.get(pk=call.order_id).process
    event = {"kind": "VariablesSet", "variables": {}}
    keep_incident(Failure(instance.pk, "", "RuntimeError: broken", event), Order.objects.get(pk=call.order_id), now)
    message = receive(call, now)
    run_due(now)
    assert outcome(message) == "waiting"
    orders.repair_order(call.order.public_id, reason="Mended.", actor=Actor.system("desk"), now=now)
    run_due(now)
    assert outcome(message) == "applied"
    assert InboxMessage.objects.filter(outcome="applied").count() == 1
