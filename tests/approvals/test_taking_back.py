"""Taking a decision back before anybody acted on it, and voiding a request."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals.invariants import approvers_are_distinct, steps_follow_from_entries
from approvals.models import Request
from approvals.reactions import void_changed
from approvals.refusals import AlreadyDecided, NotYourDecision, TooLate
from approvals.taking_back import take_decision_back, void_request
from audit.actors import Actor
from audit.models import Entry
from audit.reactions import wiring
from orders.actions import add_document
from orders.models import Order
from processes.models import Instance
from processes.replaying import state_from_ledger
from tests.approvals.transfers import THIRD, decide, done, governed, items_of, request_of, validated
from tests.firm import open_item
from work import actions as work
from work.refusals import NoSuchItem, ReasonMissing, RightMissing

MINUTE = timedelta(minutes=1)
LARGE = {"amount": "2000000.01"}


def back(item, who, now, reason="Wrong button."):
    return take_decision_back(item.public_id, reason=reason, actor=Actor.of(who), now=now)


def sound(order):
    instance = Instance.objects.get(pk=order.process_id)
    assert state_from_ledger(instance) == instance.state
    return [*approvers_are_distinct().violations, *steps_follow_from_entries().violations]


def test_an_approval_is_taken_back_before_the_next_person_acted(firm, now):
    order = validated(firm, now, **LARGE)
    item = open_item(order)
    decide(item, firm.eve, now)
    back(item, firm.eve, now)
    assert [one.role for one in items_of(order)] == ["team_lead"]
    assert Entry.objects.get(fact="approvals.decision.taken_back").reason == "Wrong button."
    decide(open_item(order), firm.eve, now)
    decide(open_item(order), firm.max, now)
    assert request_of(order).state == "approved"
    assert sound(order) == []


def test_the_signatures_of_others_stand(firm, now):
    order = validated(firm, now, **LARGE, **THIRD)
    decide(open_item(order), firm.eve, now)
    item = open_item(order)
    decide(item, firm.max, now)
    back(item, firm.max, now)
    assert [one.role for one in items_of(order)] == ["operations_manager"]
    decide(open_item(order), firm.max, now)
    decide(open_item(order), firm.fay, now)
    assert request_of(order).state == "approved"
    assert sound(order) == []


@pytest.mark.parametrize("choice", ["more_information", "reject"])
def test_what_went_back_to_the_maker_is_taken_back_while_nobody_took_it_up(firm, now, choice):
    order = validated(firm, now)
    item = open_item(order)
    decide(item, firm.eve, now, choice=choice, to="validate_transfer" if choice == "reject" else "")
    back(item, firm.eve, now)
    assert [one.role for one in items_of(order)] == ["team_lead"]
    decide(open_item(order), firm.eve, now)
    assert request_of(order).state == "approved"
    assert sound(order) == []


def test_it_is_too_late_once_somebody_acted(firm, now):
    order = validated(firm, now, **LARGE)
    item = open_item(order)
    decide(item, firm.eve, now)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.max), now=now)
    with pytest.raises(TooLate):
        back(item, firm.eve, now)
    decide(open_item(order), firm.max, now)
    with pytest.raises(TooLate):
        back(item, firm.eve, now)


def test_it_is_too_late_once_a_system_was_called(firm, now):
    order = validated(firm, now)
    item = open_item(order)
    decide(item, firm.eve, now)  # instructs the custodian
    with pytest.raises(TooLate):
        back(item, firm.eve, now)


def test_it_is_too_late_once_the_order_ended(firm, now):
    order = validated(firm, now)
    item = open_item(order)
    decide(item, firm.eve, now, choice="reject")
    with pytest.raises(TooLate):
        back(item, firm.eve, now)


def test_nobody_takes_back_what_somebody_else_decided_and_nothing_twice(firm, now):
    order = validated(firm, now, **LARGE)
    item = open_item(order)
    decide(item, firm.eve, now)
    with pytest.raises(NotYourDecision):
        back(item, firm.omar, now)
    with pytest.raises(ReasonMissing):
        back(item, firm.eve, now, reason=" ")
    back(item, firm.eve, now)
    with pytest.raises(NotYourDecision):
        back(item, firm.eve, now)


def test_of_two_signers_at_once_one_takes_back_and_the_other_keeps_theirs(firm, now):
    governed(firm, now, roles='["operations_analyst", "team_lead", "team_lead"]')
    order = validated(firm, now, **LARGE)
    first, second = items_of(order)
    decide(first, firm.eve, now)
    back(first, firm.eve, now)
    assert len(items_of(order)) == 2
    decide(items_of(order)[1], firm.omar, now)
    item = items_of(order)[0]
    decide(item, firm.eve, now)
    assert request_of(order).state == "approved"
    assert sound(order) == []


def test_voiding_a_request_voids_every_signature_and_asks_the_matrix_again(firm, now):
    order = validated(firm, now, **LARGE)
    decide(open_item(order), firm.eve, now)
    item, before = open_item(order), request_of(order)
    for who, refusal in ((firm.fay, NoSuchItem), (firm.judith, RightMissing)):
        with pytest.raises(refusal):
            void_request(item.public_id, reason="Asked wrongly.", actor=Actor.of(who), now=now)
    void_request(item.public_id, reason="Asked wrongly.", actor=Actor.of(firm.max), now=now)
    before.refresh_from_db()
    assert (before.state, request_of(order).state) == ("void", "open")
    assert [one.role for one in items_of(order)] == ["team_lead"]
    assert Entry.objects.get(fact="approvals.request.void").reason == "Asked wrongly."
    with pytest.raises(AlreadyDecided):
        void_request(item.public_id, reason="Again.", actor=Actor.of(firm.max), now=now)
    decide(open_item(order), firm.eve, now)  # a void signature bars nobody
    decide(open_item(order), firm.max, now)
    assert request_of(order).state == "approved"
    assert Order.objects.get(pk=order.pk).state == "in_progress"
    assert sound(order) == []


def test_a_step_is_taken_back_before_its_approver_acted(firm, now):
    order = validated(firm, now)
    step = order.work_items.get(node="validate_transfer")
    again = work.take_back(step.public_id, reason="Forgot a paper.", actor=Actor.of(firm.tia), now=now)
    assert (again.node, again.holder, again.draft) == ("validate_transfer", firm.tia, {"transfer_check": "valid"})
    assert request_of(order).state == "void"
    work.complete(again.public_id, answers={"transfer_check": "valid"}, actor=Actor.of(firm.tia), now=now)
    decide(open_item(order), firm.eve, now)
    assert sound(order) == []


def test_a_step_is_not_taken_back_once_its_approver_acted(firm, now):
    from work.refusals import NotYoursToTakeBack
    from work.refusals import TooLate as StepTooLate

    order = validated(firm, now)
    step = order.work_items.get(node="validate_transfer")
    with pytest.raises(NotYoursToTakeBack):
        work.take_back(step.public_id, reason="Mine.", actor=Actor.of(firm.omar), now=now)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.eve), now=now)
    with pytest.raises(StepTooLate):
        work.take_back(step.public_id, reason="Forgot.", actor=Actor.of(firm.tia), now=now)


def test_a_step_that_was_sent_back_and_done_again_is_taken_back_as_well(firm, now):
    order = validated(firm, now)
    decide(open_item(order), firm.eve, now, choice="reject", to="validate_transfer")
    step = done(open_item(order), firm.tia, now, transfer_check="valid")
    again = work.take_back(step.public_id, reason="Not yet.", actor=Actor.of(firm.tia), now=now)
    assert again.holder == firm.tia
    assert sound(order) == []


def added(order, who, now, field="transfer_form"):
    paper = SimpleUploadedFile("a.pdf", b"%PDF-1.4 new")
    return add_document(order.public_id, upload=paper, field=field, actor=Actor.of(who), now=now)


@pytest.mark.parametrize("who", ["ana", "tia"])
def test_a_paper_that_is_added_after_a_signature_voids_it(firm, now, who):
    """As it would where the order came back: the same paper is material there and here."""
    order = validated(firm, now, **LARGE)
    decide(open_item(order), firm.eve, now)
    signed = request_of(order)
    added(order, getattr(firm, who), now + MINUTE)
    again = request_of(order)
    assert (Request.objects.get(pk=signed.pk).state, again.state, again.decisions.count()) == ("void", "open", 0)
    assert [item.role for item in items_of(order)] == ["team_lead"]
    assert not again.tiers.exclude(carried=None).exists()
    entry = Entry.objects.get(fact="approvals.request.void")
    assert (entry.actor_name, entry.data) == ("papers added", {"paper_added": True})
    decide(open_item(order), firm.eve, now + 2 * MINUTE)
    decide(open_item(order), firm.max, now + 2 * MINUTE)
    assert sound(order) == []


def test_a_paper_that_comes_before_any_signature_changes_nothing(firm, now):
    order = validated(firm, now, **LARGE)
    asked = request_of(order)
    added(order, firm.ana, now + MINUTE)
    assert request_of(order) == asked
    assert Request.objects.get(pk=asked.pk).state == "open"


def test_a_paper_after_the_last_signature_changes_nothing(firm, now):
    order = validated(firm, now)
    decide(open_item(order), firm.eve, now)
    added(order, firm.ana, now + MINUTE)
    assert request_of(order).state == "approved"


@pytest.mark.parametrize(("variables", "voided"), [(["amount"], True), ([], False)])
def test_variables_that_a_skip_gives_after_a_signature_void_it(firm, now, variables, voided):
    assert "approvals.reactions.void_changed" in wiring().REACTIONS["processes.skip.approved"].now
    order = validated(firm, now, **LARGE)
    decide(open_item(order), firm.eve, now)
    signed = request_of(order)
    void_changed(Entry(order_ref=order.ledger_ref, data={"sets": variables}, happened_at=now + MINUTE))
    assert (Request.objects.get(pk=signed.pk).state == "void") == voided
    assert (request_of(order).decisions.count() == 0) == voided
    if voided:
        assert Entry.objects.get(fact="approvals.request.void").data == {"variables_changed": True}
    assert sound(order) == []
