"""A transfer through validation, the matrix, its approvers and the custodian."""

from datetime import timedelta

import pytest

from approvals import actions as approvals
from approvals.models import Request
from approvals.refusals import FourEyes
from audit.actors import Actor
from integrations import actions as integrations
from integrations.models import InboxMessage, OutboxCall
from orders.models import Order
from processes.tasks import fire_timers
from tests.approvals.transfers import rows_of
from tests.firm import open_item, submitted
from work import actions as work
from work.models import WorkItem
from work.refusals import RightMissing

ANSWERS = {
    "transfer": "full_acat",
    "account_number": "HL-104038",
    "custodian": "meridian",
    "amount": "2000000.01",
    "sell_fractions": False,
    "destination": "own",
    "receiving_firm": "Granite Peak Securities",
    "receiving_firm_number": "0123",
    "receiving_account": "GP-55121",
}
CUSTODIAN = Actor(id="custodian:meridian", name="meridian", via="custodian")


def validated(firm, now, **answers):
    order = submitted(firm.ana, firm.ana_client, "full_acat", {**ANSWERS, **answers}, now)
    done(open_item(order), firm.tia, now, transfer_check="valid")
    return order


def done(item, who, now, **answers):
    work.claim(item.public_id, actor=Actor.of(who), now=now)
    return work.complete(item.public_id, answers=answers, actor=Actor.of(who), now=now)


def decide(item, who, now, choice="approve"):
    about = {"choice": choice, "reason": "Looks right.", "attested": rows_of(item)}
    return approvals.decide(item.public_id, **about, actor=Actor.of(who), now=now)


def answer(order, now, **payload):
    call = OutboxCall.objects.filter(order=order).latest("pk")
    integrations.mark_sent(call.pk, actor=CUSTODIAN, now=now)
    message = integrations.receive(
        call.connector,
        message_id=f"m-{call.pk}",
        call_id=str(call.public_id),
        payload=payload,
        actor=CUSTODIAN,
        now=now,
    )
    return integrations.apply_message(message.pk, actor=CUSTODIAN, now=now)


def test_over_two_million_needs_lead_and_manager_and_the_custodians_reference(firm, now):
    order = validated(firm, now)
    lead = open_item(order)
    assert (lead.kind, lead.role) == ("approval", "team_lead")
    decide(lead, firm.eve, now)
    manager = open_item(order)
    assert manager.role == "operations_manager"
    decide(manager, firm.max, now)
    answer(order, now, outcome="acknowledged", reference="MC-4F7K2Q9D")
    fire_timers(later := now + timedelta(days=9))
    done(open_item(order, "confirm_arrival"), firm.tia, later, arrived_on="2026-11-16", arrived_complete=True)
    order.refresh_from_db()
    assert order.state == "completed"
    assert order.process.state["variables"]["custodian_reference"] == "MC-4F7K2Q9D"


def test_who_prepared_it_cannot_approve_it(firm, now):
    firm.tia.groups.add(*firm.omar.groups.filter(name__in=["role:team_lead", "lead:transfers"]))
    order = validated(firm, now)
    with pytest.raises(FourEyes):
        decide(open_item(order), firm.tia, now)


def test_an_analyst_cannot_decide(firm, now):
    order = validated(firm, now)
    item = open_item(order)
    with pytest.raises((RightMissing, LookupError, Exception)) as refused:
        decide(item, firm.dov, now)
    assert refused.value.status in (403, 404)


def test_under_half_a_million_is_logged_and_not_signed(firm, now):
    order = validated(firm, now, amount="499999.99")
    request = Request.objects.get(order=order)
    assert (request.state, request.log_only, request.rules) == ("approved", True, ["T1"])
    assert WorkItem.objects.filter(order=order, kind="approval").count() == 0
    log = request.supervisory_log
    approvals.sign_log(log.pk, comment="Seen.", actor=Actor.of(firm.eve), now=now)
    log.refresh_from_db()
    assert log.signed_by == firm.eve


def test_a_rejection_ends_the_order(firm, now):
    order = validated(firm, now)
    decide(open_item(order), firm.eve, now, choice="reject")
    order.refresh_from_db()
    assert order.state == "rejected"


def test_the_custodians_message_takes_effect_once(firm, now):
    order = validated(firm, now, amount="1000.00")
    first = answer(order, now, outcome="rejected", code="M301")
    assert first.outcome == "applied"
    assert open_item(order).node == "repair_instruction"
    call = OutboxCall.objects.get(order=order)
    again = integrations.receive(
        call.connector, message_id="other", call_id=str(call.public_id), payload={"outcome": "acknowledged"},
        actor=CUSTODIAN, now=now,
    )  # fmt: skip
    assert integrations.apply_message(again.pk, actor=CUSTODIAN, now=now).outcome == InboxMessage.Outcome.LATE
    assert Order.objects.get(pk=order.pk).state == "in_progress"
