"""Several decisions at once on the page: chosen rows, one reason or one each, and what is refused is said beside it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from approvals.models import Decision
from tests.approvals.test_in_bulk import small_fee
from tests.approvals.transfers import decide, validated
from tests.firm import open_item
from work.models import WorkItem

LIST, MANY = reverse("staff:approvals"), reverse("staff:decide_many")
YES = {"asked": "1", "decision": "approve"}


@pytest.fixture
def fees(firm, now) -> list[WorkItem]:
    return [open_item(small_fee(firm, now, f"k{number}", f"{number + 1}0.00")) for number in range(3)]


def chosen(items) -> dict:
    return {"item": [str(item.public_id) for item in items]}


def test_only_what_its_rule_allows_can_be_chosen_in_the_list(firm, now, as_user, fees) -> None:
    alone = open_item(validated(firm, now, key="transfer"))
    page = as_user(firm.eve).get(LIST).text
    assert page.count('name="item"') == len(fees)
    assert f'name="item" value="{alone.public_id}"' not in page
    assert alone.order_number in page


def test_without_such_items_nothing_is_to_be_chosen(firm, now, as_user) -> None:
    validated(firm, now)
    page = as_user(firm.eve).get(LIST).text
    assert "data-pick-all" not in page
    assert "Decide several" not in page


def test_the_chosen_ones_are_shown_before_they_are_decided(firm, as_user, fees) -> None:
    page = as_user(firm.eve).post(MANY, chosen(fees[:2]))
    assert page.status_code == 200
    for part in (fees[0].order_number, fees[1].order_number, "USD 10.00", "F6", f'name="reason-{fees[0].public_id}"'):
        assert part in page.text
    assert fees[2].order_number not in page.text
    assert Decision.objects.filter(by=firm.eve).count() == 0


def test_what_one_attests_is_said_beside_each_before_it_is_decided(firm, as_user, fees) -> None:
    page = as_user(firm.eve).post(MANY, chosen(fees[:2])).text
    assert "You attest" in page
    assert page.count("A fee waiver under 500: the team lead.") == 2
    assert "Because" in page
    assert "If you approve, you attest each rule that stands beside an order" in page
    as_user(firm.eve).post(MANY, {**chosen(fees[:2]), **YES, "reason": "All small."})
    assert {tuple(made.attested) for made in Decision.objects.filter(by=firm.eve)} == {("F6",)}


def test_one_reason_serves_all_and_an_own_one_goes_before_it(firm, as_user, fees) -> None:
    own = {f"reason-{fees[1].public_id}": "Charged twice."}
    answer = as_user(firm.eve).post(MANY, {**chosen(fees), **YES, "reason": "All small.", **own})
    assert answer["Location"] == LIST
    made = Decision.objects.filter(by=firm.eve)
    reasons = dict(made.values_list("tier__work_item", "reason"))
    assert reasons == {fees[0].pk: "All small.", fees[1].pk: "Charged twice.", fees[2].pk: "All small."}


@pytest.mark.parametrize(
    ("posted", "field"), [({"reason": "x"}, "decision"), ({"decision": "approve"}, "reason"), ({}, "decision")]
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_decided(firm, as_user, fees, posted, field) -> None:
    own = {f"reason-{fees[0].public_id}": "Kept."}
    page = as_user(firm.eve).post(MANY, {**chosen(fees), "asked": "1", **posted, **own})
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert "Kept.</textarea>" in page.text
    assert not Decision.objects.filter(by=firm.eve).exists()


def test_a_refusal_of_one_stops_no_other_and_stands_beside_it(firm, as_user, fees) -> None:
    order = fees[1].order
    order.placed_by = firm.eve
    order.save()
    own = {f"reason-{fees[1].public_id}": "My own words."}
    page = as_user(firm.eve).post(MANY, {**chosen(fees), **YES, "reason": "All small.", **own})
    assert page.status_code == 409
    assert Decision.objects.filter(by=firm.eve).count() == 2
    assert "you placed the order" in page.text
    assert "My own words.</textarea>" in page.text
    assert "2 decisions are recorded." in page.text
    assert fees[0].order_number not in page.text


def test_one_that_must_be_decided_alone_is_shown_as_such(firm, now, as_user, fees) -> None:
    alone = open_item(validated(firm, now, key="transfer"))
    page = as_user(firm.eve).post(MANY, chosen([*fees, alone])).text
    assert "Decide these by themselves" in page
    assert f'name="item" value="{alone.public_id}"' not in page


def test_posted_past_the_page_it_is_refused_and_the_others_are_decided(firm, now, as_user, fees) -> None:
    alone = open_item(validated(firm, now, key="transfer"))
    page = as_user(firm.eve).post(MANY, {**chosen([*fees, alone]), **YES, "reason": "All."})
    assert page.status_code == 409
    assert Decision.objects.filter(by=firm.eve).count() == len(fees)
    assert not Decision.objects.filter(tier__work_item=alone).exists()


def test_one_that_is_decided_meanwhile_is_left_out(firm, now, as_user, fees) -> None:
    decide(fees[0], firm.omar, now)
    browser = as_user(firm.eve)
    page = browser.post(MANY, chosen(fees)).text
    assert fees[0].order_number not in page
    assert "1 chosen item no longer waits for you." in page


@pytest.mark.parametrize("posted", [{}, {"item": ["nonsense"]}])
def test_nothing_chosen_is_said(firm, as_user, fees, posted) -> None:
    assert as_user(firm.eve).post(MANY, posted).status_code == 422


def test_deciding_one_leads_to_the_next_at_once(firm, as_user, fees) -> None:
    browser = as_user(firm.eve)
    first, second = fees[0], fees[1]
    given = {"decision": "approve", "reason": "Yes.", "attested": "F6"}
    answer = browser.post(reverse("staff:decision", args=[first.public_id]), given)
    assert answer["Location"] == reverse("staff:decision", args=[second.public_id])


def test_the_list_costs_the_same_however_many_wait(firm, now, as_user, fees, django_assert_max_num_queries) -> None:
    browser = as_user(firm.eve)
    browser.get(LIST)
    with django_assert_max_num_queries(30) as few:
        browser.get(LIST)
    small_fee(firm, now, "more", "70.00")
    with django_assert_max_num_queries(len(few.captured_queries)):
        browser.get(LIST)
