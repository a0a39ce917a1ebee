"""Approvals: the package, the decision, its evidence, and four eyes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Client
from approvals.models import Decision, Request
from audit.actors import Actor
from orders.actions import cancel_order
from orders.models import Order
from sla.models import Clock
from tests.approvals.transfers import THIRD, call_back, decide, done, ordered, validated
from tests.firm import open_item, submitted
from tests.orders.test_transfer import ANSWERS
from work import actions as work
from work.models import WorkItem


def approval_of(firm, now, **answers: str) -> WorkItem:
    order = submitted(firm.ana, firm.ana_client, "full_acat", {**ANSWERS, **answers}, now, key="approve-1")
    item = open_item(order)
    work.claim(item.public_id, actor=Actor.of(firm.tia), now=now)
    work.complete(item.public_id, answers={"transfer_check": "valid"}, actor=Actor.of(firm.tia), now=now)
    return WorkItem.objects.get(order=order, kind="approval", state="queued")


def url(item: WorkItem) -> str:
    return reverse("staff:decision", args=[item.public_id])


def test_the_package_names_rule_facts_and_who_signs(firm, now, as_user) -> None:
    item = approval_of(firm, now)
    page = as_user(firm.eve).get(url(item)).text
    for part in ("T3", "USD 2,000,000.01", "Operations manager", 'value="more_information"', "you had no part"):
        assert part in page


def test_the_item_page_of_an_approval_leads_to_its_decision(firm, now, as_user) -> None:
    item = approval_of(firm, now)
    assert as_user(firm.eve).get(reverse("staff:item", args=[item.public_id]))["Location"] == url(item)


def test_a_decision_is_recorded_with_its_reason(firm, now, as_user) -> None:
    item = approval_of(firm, now)
    answer = as_user(firm.eve).post(
        url(item), {"decision": "approve", "reason": "Checked the statement.", "attested": "T3"}
    )
    assert answer["Location"] == reverse("staff:approvals")
    assert Decision.objects.get(by=firm.eve).reason == "Checked the statement."
    assert WorkItem.objects.open().get(order=item.order).role == "operations_manager"


@pytest.mark.parametrize("posted", [{}, {"decision": "approve"}, {"decision": "maybe", "reason": "x"}])
def test_without_choice_or_reason_nothing_is_decided_and_the_page_says_why(posted: dict, firm, now, as_user) -> None:
    item = approval_of(firm, now)
    page = as_user(firm.eve).post(url(item), posted)
    assert page.status_code == 422
    assert "err-msg" in page.text
    assert not Decision.objects.exists()


def test_evidence_that_a_rule_asks_for_is_asked_at_its_field(firm, now, as_user, time_machine) -> None:
    later = now + timedelta(minutes=5)
    time_machine.move_to(later, tick=False)
    item = approval_of(firm, now)
    Request.objects.filter(order=item.order).update(evidence=["verbal_callback"])
    browser = as_user(firm.eve)
    assert 'name="evidence_verbal_callback_number"' in browser.get(url(item)).text
    said = {"decision": "approve", "reason": "Fine.", "attested": "T3"}
    page = browser.post(url(item), said)
    assert page.status_code == 422
    assert 'id="field-evidence_verbal_callback_who-error"' in page.text
    called = {f"evidence_{name}": text for name, text in call_back(later).items()}
    wrong = browser.post(url(item), {**said, **called, "evidence_verbal_callback_number": "555"})
    assert 'id="field-evidence_verbal_callback_number-error"' in wrong.text
    assert 'value="Ana Whitfield"' in wrong.text  # what was right is kept
    assert browser.post(url(item), {**said, **called}).status_code == 302
    page = as_user(firm.max).get(url(WorkItem.objects.open().get(order=item.order))).text
    assert "+1 212 555 0101" not in page
    assert "•••• 0101" in page
    assert "verbal_callback_who" not in page  # not asked again


def test_who_has_no_such_role_sees_the_package_but_cannot_decide(firm, now, as_user) -> None:
    item = approval_of(firm, now)
    page = as_user(firm.hal).get(url(item)).text
    assert 'name="decision"' not in page
    assert as_user(firm.hal).post(url(item), {"decision": "approve", "reason": "x"}).status_code == 403
    assert Order.objects.get(pk=item.order_id).state == "in_progress"


def test_two_approvers_at_once_the_second_is_told(firm, now, as_user) -> None:
    item = approval_of(firm, now)
    as_user(firm.eve).post(url(item), {"decision": "reject", "reason": "No."})
    page = as_user(firm.omar).post(url(item), {"decision": "approve", "reason": "Yes."})
    assert page.status_code == 409
    assert "Yes." in page.text or "decided" in page.text
    assert Decision.objects.count() == 1


def test_the_list_shows_only_what_the_readers_role_decides(firm, now, as_user) -> None:
    item = approval_of(firm, now)
    address = reverse("staff:approvals")
    assert item.order_number in as_user(firm.eve).get(address).text
    assert item.order_number not in as_user(firm.fay).get(address).text


def third_party(firm, now, **answers) -> WorkItem:
    """A wire of ana's to somebody else that stands before the team lead; she is 67 on the day."""
    Client.objects.filter(pk=firm.ana_client.pk).update(birth_date=date(1959, 11, 16))
    order = validated(firm, now, "non_acat_transfer", transfer="non_acat_wire", **{**THIRD, **answers})
    return open_item(order)


def test_each_rule_says_why_it_applies_with_the_values(firm, now, as_user) -> None:
    page = as_user(firm.eve).get(url(third_party(firm, now, amount="150000.00"))).text
    assert "Because destination is Somebody else&#x27;s account." in page
    assert (
        "Because client&#x27;s age on the day is 67 years (65 or more) and amount is USD 150,000.00 (over 100,000)."
        in page
    )
    assert "Because kind of transfer is Wire of cash and amount is USD 150,000.00 (over 50,000)." in page


def test_a_rule_that_applies_because_of_a_sum_names_the_sum(firm, now, as_user) -> None:
    for number in range(3):
        last = ordered(firm, now, "non_acat_transfer", key=f"k{number}", transfer="non_acat_wire", amount="24900.00")
    done(open_item(last), firm.tia, now, transfer_check="valid")
    page = as_user(firm.eve).get(url(open_item(last))).text
    assert "sum of the last day, same client and beneficiary is USD 74,700.00 (over 50,000)" in page


def test_a_payment_to_somebody_else_comes_with_its_four_parts_and_papers(firm, now, as_user) -> None:
    item = third_party(firm, now)
    page = as_user(firm.eve).get(url(item)).text
    for part in ("1. Identity of the client", "2. Relationship to", "3. Source of", "4. Recent activity"):
        assert part in page
    for found in ("Jo Doe", "Family", "A gift.", "Never", "The client", "It is the first payment to this recipient."):
        assert found in page
    assert page.count("Documents</h3>") == 1


def test_a_payment_to_oneself_has_no_such_package(firm, now, as_user) -> None:
    assert 'id="review"' not in as_user(firm.eve).get(url(approval_of(firm, now))).text


def test_a_call_back_of_the_process_is_filled_in_to_be_checked(firm, now, as_user) -> None:
    page = as_user(firm.eve).get(url(third_party(firm, now, amount="50000.01"))).text
    assert 'value="+1 212 555 0101"' in page
    assert "Filled in from “Call the client back” by Grace" in page


def test_later_readers_see_the_call_back_with_the_number_masked(firm, now, as_user) -> None:
    item = third_party(firm, now, amount="50000.01")
    later = now + timedelta(minutes=5)
    decide(item, firm.eve, later, **call_back(later))
    for path in ("order", "trail"):
        page = as_user(firm.judith).get(reverse(f"staff:{path}", args=[item.order_number])).text
        assert "555 0101" not in page, path
        assert "•••• 0101" in page, path


def test_after_ones_own_decision_the_page_says_that_it_is_decided(firm, now, as_user) -> None:
    item = approval_of(firm, now, amount="600000.00")
    decide(item, firm.eve, now, choice="reject")
    page = as_user(firm.eve).get(url(item)).text
    assert "This tier is decided." in page
    assert [said for said in ("You signed another tier", "Four eyes") if said in page] == []


def test_a_tier_that_was_called_off_is_not_said_to_be_decided(firm, now, as_user) -> None:
    item = approval_of(firm, now)
    cancel_order(item.order.public_id, reason="Not needed.", actor=Actor.of(firm.ana), now=now)
    page = as_user(firm.eve).get(url(item)).text
    assert "This tier was called off" in page
    assert "is decided" not in page


def test_the_page_has_one_deadline_and_says_what_comes_after_it(firm, now, as_user, time_machine) -> None:
    """Four hours, then the manager is told; as much again, then somebody else is asked."""
    item = approval_of(firm, now, amount="600000.00")
    clock = Clock.objects.get(work_item=item, kind="decision")
    item.refresh_from_db()
    assert item.due_at == clock.red_at
    for at, following in [
        (clock.red_at - timedelta(minutes=5), "Time for the decision"),
        (clock.red_at + timedelta(minutes=5), "somebody else is asked"),
    ]:
        time_machine.move_to(at, tick=False)
        context = as_user(firm.eve).get(url(item)).context
        (row,) = [row for row in context["clocks"] if row["label"] == item.name["en"]]
        assert row["text"] == context["left"].text
        assert row["text"] in ("5 min left", "5 min over")
        assert row["sub"].startswith(following)
