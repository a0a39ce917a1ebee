"""Approvals: the package, the decision, its evidence, and four eyes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from approvals.models import Decision, Request
from audit.actors import Actor
from orders.models import Order
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


def test_evidence_that_a_rule_asks_for_is_asked_at_its_field(firm, now, as_user) -> None:
    item = approval_of(firm, now)
    Request.objects.filter(order=item.order).update(evidence=["verbal_callback"])
    browser = as_user(firm.eve)
    assert 'name="evidence_verbal_callback"' in browser.get(url(item)).text
    page = browser.post(url(item), {"decision": "approve", "reason": "Fine."})
    assert page.status_code == 422
    assert 'id="evidence_verbal_callback-error"' in page.text
    given = {
        "decision": "approve",
        "reason": "Fine.",
        "attested": "T3",
        "evidence_verbal_callback": "Ana, +1 555 0100, 10:05, confirmed",
    }
    assert browser.post(url(item), given).status_code == 302


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
