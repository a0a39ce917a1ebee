"""A rejection that leads back to a step, and the way straight back to who rejected."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals.invariants import approvers_are_distinct, steps_follow_from_entries
from approvals.queries import ways_back
from approvals.refusals import FourEyes, WrongTarget
from audit.actors import Actor
from audit.models import Entry
from orders import actions as orders
from orders.models import Order
from processes.models import Instance
from processes.replaying import state_from_ledger
from tests.approvals.transfers import THIRD, decide, done, items_of, request_of, validated
from tests.firm import open_item

LARGE = {"amount": "2000000.01"}
STEP = "validate_transfer"


@pytest.fixture
def straight_back(monkeypatch):
    """The drawing says that who rejected is asked first again."""
    monkeypatch.setattr(
        "processes.steps.OpenedTask.attribute",
        lambda task, element, name, default="": (
            "straight_back"
            if (element, name) == ("approval", "resubmit")
            else task.node.attributes.get(element, {}).get(name, default)
        ),
    )


def sound():
    return [*approvers_are_distinct().violations, *steps_follow_from_entries().violations]


def state(order):
    return Order.objects.get(pk=order.pk).state


def test_a_rejection_leads_back_to_a_step_that_the_order_passed(firm, now):
    order = validated(firm, now, **LARGE)
    assert ways_back(request_of(order)) == [STEP]
    made = decide(open_item(order), firm.eve, now, choice="reject", to=STEP)
    assert (made.sent_to, request_of(order).state, state(order)) == (STEP, "returned", "in_progress")
    assert open_item(order).node == STEP
    entries = Entry.objects.filter(fact__startswith="approvals.").order_by("-pk")
    assert [entry.data.get("sent_to") for entry in entries[:2]] == [STEP, STEP]


def test_what_was_sent_back_is_approved_once_it_was_prepared_anew(firm, now):
    order = validated(firm, now)
    decide(open_item(order), firm.eve, now, choice="reject", to=STEP)
    done(open_item(order), firm.tia, now, transfer_check="valid")
    assert request_of(order).again_of is not None
    decide(open_item(order), firm.omar, now)
    assert request_of(order).state == "approved"
    assert sound() == []


def test_the_ledger_leads_to_the_same_state_over_a_way_back(firm, now):
    order = validated(firm, now)
    decide(open_item(order), firm.eve, now, choice="reject", to=STEP)
    instance = Instance.objects.get(pk=order.process_id)
    assert state_from_ledger(instance) == instance.state


@pytest.mark.parametrize("to", ["confirm_arrival", "approve_transfer", "ask_transfer_papers", "nowhere"])
def test_no_rejection_leads_to_what_the_order_did_not_pass_or_to_the_client(firm, now, to):
    order = validated(firm, now)
    with pytest.raises(WrongTarget) as refused:
        decide(open_item(order), firm.eve, now, choice="reject", to=to)
    assert list(refused.value.fields) == ["to"]
    assert request_of(order).state == "open"


def test_only_a_rejection_names_a_step(firm, now):
    order = validated(firm, now)
    with pytest.raises(WrongTarget):
        decide(open_item(order), firm.eve, now, to=STEP)


def test_straight_back_asks_only_who_rejected_and_who_come_after(firm, now, straight_back):
    order = validated(firm, now, **THIRD, **LARGE)
    decide(open_item(order), firm.eve, now)
    decide(open_item(order), firm.max, now, choice="reject", to=STEP)
    done(open_item(order), firm.tia, now, transfer_check="valid")
    assert [item.role for item in items_of(order)] == ["operations_manager"]
    first = request_of(order).tiers.get(number=1)
    assert (first.carried.by, first.work_item) == (firm.eve, None)
    decide(open_item(order), firm.max, now)
    decide(open_item(order), firm.fay, now)
    assert request_of(order).state == "approved"
    assert sound() == []


def test_who_carried_a_signature_over_signs_no_other_tier(firm, now, straight_back):
    order = validated(firm, now, **LARGE)
    decide(open_item(order), firm.eve, now)
    decide(open_item(order), firm.max, now, choice="more_information")
    done(open_item(order), firm.tia, now, transfer_check="valid")
    item = open_item(order)
    firm.eve.groups.add(*firm.max.groups.all())
    eve = type(firm.eve).objects.get(pk=firm.eve.pk)
    with pytest.raises(FourEyes):
        decide(item, eve, now)


def test_without_the_drawings_word_everybody_signs_again(firm, now):
    order = validated(firm, now, **LARGE)
    decide(open_item(order), firm.eve, now)
    decide(open_item(order), firm.max, now, choice="reject", to=STEP)
    done(open_item(order), firm.tia, now, transfer_check="valid")
    assert [item.role for item in items_of(order)] == ["team_lead"]


@pytest.mark.parametrize("change", ["answers", "amount", "paper"])
def test_whatever_else_changed_voids_every_signature(firm, now, straight_back, change):
    order = validated(firm, now, **LARGE)
    decide(open_item(order), firm.eve, now)
    decide(open_item(order), firm.max, now, choice="reject", to=STEP)
    if change == "answers":
        Order.objects.filter(pk=order.pk).update(answers={**order.answers, "receiving_firm": "Another"})
    elif change == "amount":
        instance = Instance.objects.get(pk=order.process_id)
        instance.state["variables"]["amount"] = {"amount": "2500000.00", "currency": "USD"}
        instance.save()
    else:
        statement = SimpleUploadedFile("statement.pdf", b"%PDF-1.7 Statement\n", content_type="application/pdf")
        orders.add_document(order.public_id, upload=statement, field="", actor=Actor.of(firm.tia), now=now)
    done(open_item(order), firm.tia, now, transfer_check="valid")
    assert [item.role for item in items_of(order)] == ["team_lead"]
    assert not request_of(order).tiers.exclude(carried=None).exists()


def test_a_signature_of_somebody_who_then_prepared_it_does_not_stand(firm, now, straight_back):
    order = validated(firm, now, **LARGE)
    decide(open_item(order), firm.omar, now)
    decide(open_item(order), firm.max, now, choice="reject", to=STEP)
    done(open_item(order), firm.omar, now, transfer_check="valid")
    assert [item.role for item in items_of(order)] == ["team_lead"]
