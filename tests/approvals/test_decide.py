"""Deciding a tier: chains, rejection, questions, evidence, two tabs, and the client's own advisor."""

import copy
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from approvals import actions as approvals
from approvals.models import Decision, Request
from approvals.queries import waiting_for
from approvals.refusals import AlreadyDecided, ChoiceMissing, EvidenceMissing, FourEyes, ReasonMissing
from audit.actors import Actor
from audit.models import Entry
from audit.refusals import NotFound
from orders import actions as orders
from orders.models import Order
from processes.refusals import StepFailed
from rulebook import actions as rulebook
from rulebook.models import Table
from rulebook.tasks import put_in_force
from tests.approvals.transfers import THIRD, call_back, decide, done, fee_prepared, ordered, request_of, validated
from tests.firm import open_item
from work import actions as work
from work.models import WorkItem
from work.refusals import DecisionNeeded, NoSuchItem, NotYours, RightMissing


def state(order):
    return Order.objects.get(pk=order.pk).state


def test_a_chain_of_three_signs_in_order_and_the_process_goes_on(firm, now):
    order = validated(firm, now, amount="2000000.01", **THIRD)
    for role, who in (("team_lead", firm.eve), ("operations_manager", firm.max), ("compliance", firm.fay)):
        item = open_item(order)
        assert (item.role, request_of(order).state) == (role, "open")
        decide(item, who, now)
    assert request_of(order).state == "approved"
    assert [decision.by for decision in Decision.objects.order_by("tier__number")] == [firm.eve, firm.max, firm.fay]
    assert not WorkItem.objects.open().filter(order=order, kind="approval").exists()
    assert order.process.__class__.objects.get(pk=order.process_id).state["variables"]["approval"] == "approved"


@pytest.mark.parametrize("signed_before", [0, 1])
def test_one_no_ends_it_at_whichever_tier(firm, now, signed_before):
    order = validated(firm, now, amount="2000000.01")
    signers = [firm.eve, firm.max]
    for who in signers[:signed_before]:
        decide(open_item(order), who, now)
    decide(open_item(order), signers[signed_before], now, choice="reject")
    assert (request_of(order).state, state(order)) == ("rejected", "rejected")
    assert not WorkItem.objects.open().filter(order=order).exists()


def test_a_question_goes_back_to_the_preparer_and_the_matrix_decides_again(firm, now):
    order = validated(firm, now, amount="2000000.01")
    decide(open_item(order), firm.eve, now)
    decide(open_item(order), firm.max, now, choice="more_information")
    first = request_of(order)
    assert (first.state, first.decisions.count()) == ("returned", 2)
    done(open_item(order, "validate_transfer"), firm.tia, now, transfer_check="valid")
    second = request_of(order)
    assert second.pk != first.pk
    for who in (firm.eve, firm.max):  # who signed the first may sign the new one
        decide(open_item(order), who, now)
    second.refresh_from_db()
    assert (second.state, first.decisions.count()) == ("approved", 2)


def test_a_wire_is_not_approved_without_its_call_back(firm, now):
    order = validated(firm, now, "non_acat_transfer", transfer="non_acat_wire", amount="50000.01")
    item = open_item(order)
    with pytest.raises(EvidenceMissing) as refused:
        decide(item, firm.eve, now, verbal_callback_who="  ")
    assert list(refused.value.fields) == [f"evidence_{name}" for name in call_back(now)]
    later = now + timedelta(minutes=5)
    assert decide(item, firm.eve, later, **call_back(later)).evidence == call_back(later)


def test_a_no_needs_no_call_back(firm, now):
    order = validated(firm, now, "non_acat_transfer", transfer="non_acat_wire", amount="50000.01")
    decide(open_item(order), firm.eve, now, choice="reject")
    assert state(order) == "rejected"


@pytest.mark.parametrize(
    ("choice", "reason", "refusal"),
    [
        ("approve", "   ", ReasonMissing),
        ("approve", "x" * 2001, ReasonMissing),
        ("perhaps", "Because.", ChoiceMissing),
    ],
)
def test_a_decision_has_a_choice_and_a_reason(firm, now, choice, reason, refusal):
    item = open_item(validated(firm, now))
    with pytest.raises(refusal):
        approvals.decide(item.public_id, choice=choice, reason=reason, actor=Actor.of(firm.eve), now=now)
    assert not Decision.objects.exists()


def test_two_tabs_the_second_is_told_who_decided(firm, now):
    order = validated(firm, now)
    item = open_item(order)
    decide(item, firm.eve, now)
    for who in (firm.omar, firm.eve):
        with pytest.raises(AlreadyDecided, match="Evelyn Carter") as refused:
            decide(item, who, now)
        assert refused.value.facts == {"by": "Evelyn Carter"}


def test_calling_the_order_off_voids_the_open_request(firm, now):
    order = validated(firm, now, amount="2000000.01")
    decide(open_item(order), firm.eve, now)
    item = open_item(order)
    orders.cancel_order(order.public_id, reason="Changed my mind.", actor=Actor.of(firm.ana), now=now)
    item.refresh_from_db()
    assert (request_of(order).state, item.state, state(order)) == ("void", "cancelled", "cancelled")
    with pytest.raises(AlreadyDecided):
        decide(item, firm.max, now)


def test_only_the_holder_decides_a_claimed_item(firm, now):
    item = open_item(validated(firm, now))
    work.claim(item.public_id, actor=Actor.of(firm.omar), now=now)
    with pytest.raises(NotYours, match="Omar Haddad"):
        decide(item, firm.eve, now)
    decide(item, firm.omar, now)


def test_work_is_not_decided_and_a_decision_is_not_completed(firm, now):
    order = ordered(firm, now)
    with pytest.raises(NotFound):
        decide(open_item(order), firm.tia, now)
    done(open_item(order), firm.tia, now, transfer_check="valid")
    item = work.claim(open_item(order).public_id, actor=Actor.of(firm.eve), now=now)
    with pytest.raises(DecisionNeeded):
        work.complete(item.public_id, answers={}, actor=Actor.of(firm.eve), now=now)


def test_who_does_not_hold_the_role_does_not_decide(firm, now):
    item = open_item(validated(firm, now))
    for who, refusal in ((firm.tia, NoSuchItem), (firm.ana, NoSuchItem), (firm.judith, RightMissing)):
        with pytest.raises(refusal):
            decide(item, who, now)
    with pytest.raises(RightMissing):  # sees the queue, is no team lead
        decide(item, firm.max, now)


def test_each_decision_is_on_record_with_person_reason_and_tier(firm, now):
    order = validated(firm, now)
    decide(open_item(order), firm.eve, now)
    request = request_of(order)
    entries = Entry.objects.filter(subject=f"approvals.request:{request.public_id}").order_by("pk")
    assert [entry.fact for entry in entries] == [
        "approvals.request.opened",
        "approvals.tier.opened",
        "approvals.tier.approved",
        "approvals.request.approved",
    ]
    signed = entries[2]
    assert (signed.actor_name, signed.reason, signed.data) == (
        "evelyn",
        "Looks right.",
        {"tier": 1, "role": "team_lead", "attested": ["T2"]},
    )


def test_a_decision_whose_step_fails_is_not_taken_and_what_was_typed_stays(firm, now, monkeypatch):
    order = validated(firm, now)
    item = open_item(order)
    with monkeypatch.context() as broken:
        broken.setattr("integrations.handlers.queue_call", lambda task: 1 / 0)
        with pytest.raises(StepFailed):
            decide(item, firm.eve, now)
    item.refresh_from_db()
    assert not Decision.objects.exists()
    assert (request_of(order).state, state(order), item.state) == ("open", "exception", "queued")
    assert (item.draft["choice"], item.draft["reason"]) == ("approve", "Looks right.")
    orders.repair_order(order.public_id, reason="Connector is back.", actor=Actor.of(firm.max), now=now)
    assert (request_of(order).state, state(order)) == ("open", "in_progress")  # no machine signs for her
    decide(item, firm.eve, now)
    assert request_of(order).state == "approved"


def test_the_database_refuses_a_second_tier_for_the_same_person_and_a_maker(firm, now):
    order = validated(firm, now, amount="2000000.01")
    first = decide(open_item(order), firm.eve, now)
    request = request_of(order)
    second = request.tiers.get(number=2)
    about = {"request": request, "tier": second, "choice": "approve", "reason": "x", "decided_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(by=first.by, **about)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(by=firm.tia, maker=firm.tia, **about)


def test_a_matrix_that_changes_later_does_not_touch_what_was_asked(firm, now):
    order = validated(firm, now, amount="2000000.01")
    matrix = Table.objects.get(key="transfers")
    body = copy.deepcopy(matrix.versions.get(state="in_force").body)
    body["rules"][2]["then"]["roles"] = '["operations_analyst", "team_lead"]'
    draft = rulebook.draft_version(matrix, body=body, actor=Actor.of(firm.alan), now=now)
    why = {"justification": "Fewer signatures.", "effective_at": now}
    rulebook.propose_version(draft.pk, **why, actor=Actor.of(firm.alan), now=now)
    rulebook.approve_version(draft.pk, actor=Actor.of(firm.rob), now=now)
    put_in_force(now)
    decide(open_item(order), firm.eve, now)
    assert open_item(order).role == "operations_manager"
    new = validated(firm, now, key="key-2", client=firm.bo_client, amount="2000000.01")
    assert [tier.role for tier in request_of(new).tiers.all()] == ["team_lead"]


def test_only_the_clients_own_advisor_decides(firm, now):
    order = fee_prepared(firm, now)
    item = open_item(order)
    assert (item.role, item.queue.code) == ("advisor", "advisors")
    daniel = firm.bo_client.advisor
    assert not WorkItem.objects.visible_to(daniel).filter(pk=item.pk).exists()
    for who in (daniel, firm.dee, firm.ana):
        with pytest.raises((NoSuchItem, RightMissing)):
            decide(item, who, now)
    with pytest.raises(RightMissing):
        work.assign(item.public_id, to=daniel, actor=Actor.of(firm.max), now=now)
    decide(item, firm.adam, now)
    assert Request.objects.filter(order=order).count() == 2  # then the firm's own matrix
    assert open_item(order).role == "operations_manager"


def test_a_decision_that_presses_is_the_next_higher_roles_too(firm, now):
    item = open_item(validated(firm, now))
    assert item not in waiting_for(firm.max, now)
    WorkItem.objects.filter(pk=item.pk).update(band="red")
    assert item in waiting_for(firm.max, now)
    decide(item, firm.max, now)
    assert request_of(item.order).state == "approved"


def test_who_signed_in_the_place_of_a_role_below_does_not_sign_their_own_tier(firm, now):
    order = validated(firm, now, amount="2000000.01")
    item = open_item(order)
    WorkItem.objects.filter(pk=item.pk).update(band="breached")
    decide(item, firm.max, now)
    own = open_item(order)
    assert own.role == "operations_manager"
    with pytest.raises(FourEyes):
        decide(own, firm.max, now)
    WorkItem.objects.filter(pk=own.pk).update(band="breached")
    decide(own, firm.hal, now)
    assert request_of(order).state == "approved"
