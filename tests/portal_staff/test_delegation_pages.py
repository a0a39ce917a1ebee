"""The pages of delegations: what is lent, lending, revoking; and what a delegate finds under Approvals."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Delegation
from rulebook.models import Table
from tests.accounts.test_delegating import lend
from tests.approvals.transfers import decide, validated
from tests.firm import open_item

PAGE, NEW = "/staff/delegations/", "/staff/delegations/new/"


@pytest.fixture(autouse=True)
def _today(now):
    with time_machine.travel(now, tick=False):
        yield


def given(firm, **about):
    form = {"delegator": firm.eve.pk, "delegate": firm.dee.pk, "first_day": "2026-11-17", "ends_at": "2026-11-20"}
    return {**form, "matrix": "transfers", "most": "750000.00", "currency": "USD", "reason": "On leave.", **about}


def test_an_approver_lends_for_whole_days_of_the_branch(firm, as_user):
    page = as_user(firm.eve).post(NEW, given(firm), follow=True)
    assert "Dana Whitfield signs for Evelyn Carter in these days." in page.text
    assert Table.objects.get(key="transfers").name["en"] in page.text
    assert "up to USD 750,000.00" in page.text
    made = Delegation.objects.get()
    assert (made.begins_at.isoformat(), made.ends_at.isoformat()) == (
        "2026-11-17T05:00:00+00:00",  # midnight in New York
        "2026-11-21T05:00:00+00:00",
    )
    assert (made.most_minor, made.currency, made.matrix) == (75_000_000, "USD", "transfers")


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"ends_at": "2026-11-16"}, "Expected an end after the beginning"),
        ({"ends_at": "2026-11-15"}, "Expected an end that is to come"),
        ({"ends_at": "never"}, "Enter a valid date"),
        ({"first_day": "2199-12-31", "ends_at": "2199-12-31"}, "Expected at most a year"),
        ({"most": "1.001"}, "Expected an amount above zero"),
        ({"most": "0"}, "Expected an amount above zero"),
        ({"reason": " "}, "This field is required"),
        ({"reason": "\x07"}, "Say why, in at most 500 characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(firm, as_user, about, said):
    answer = as_user(firm.eve).post(NEW, given(firm, **about))
    assert (answer.status_code, Delegation.objects.count()) == (422, 0)
    assert said in answer.text
    assert "750000.00" in answer.text or "most" in about


def test_an_approver_lends_nobody_elses_authority(firm, as_user):
    answer = as_user(firm.omar).post(NEW, given(firm))
    assert (answer.status_code, Delegation.objects.count()) == (422, 0)
    as_user(firm.alan).post(NEW, given(firm))
    assert Delegation.objects.get().given_by == firm.alan


def test_only_people_who_may_be_lent_it_are_offered(firm, as_user):
    page = as_user(firm.omar).get(NEW).text
    offered = page[page.index('name="delegate"') :].split("</select>")[0]
    assert "Dana Whitfield" in offered
    assert [who for who in (firm.judith, firm.nadia, firm.cora, firm.ana) if who.display_name in offered] == []


@pytest.mark.parametrize("who", ["judith", "cora"])
def test_somebody_else_typed_into_the_form_is_refused(firm, as_user, who):
    answer = as_user(firm.eve).post(NEW, given(firm, delegate=getattr(firm, who).pk))
    assert (answer.status_code, Delegation.objects.count()) == (422, 0)


def test_revoking_asks_why(firm, now, as_user):
    made = lend(firm.eve, firm.dee, now)
    address = reverse("staff:revoke_delegation", args=[made.public_id])
    browser = as_user(firm.eve)
    assert "Dana Whitfield signs for Evelyn Carter until" in browser.get(address).text
    assert browser.post(address, {"reason": " "}).status_code == 422
    page = browser.post(address, {"reason": "Back."}, follow=True)
    assert "Revoked. Dana Whitfield signs no more for others here." in page.text
    assert browser.post(address, {"reason": "Again."}).status_code == 409


def test_a_delegate_finds_it_under_approvals_and_is_told_for_whom(firm, now, as_user):
    order = validated(firm, now)
    browser = as_user(firm.dee)
    assert browser.get("/staff/approvals/").status_code == 403
    lend(firm.eve, firm.dee, now)
    assert order.number in browser.get("/staff/approvals/").text
    address = reverse("staff:decision", args=[open_item(order).public_id])
    assert "You decide on behalf of Evelyn Carter" in browser.get(address).text
    browser.post(address, {"decision": "approve", "reason": "Checked.", "attested": "T2"})
    shown = as_user(firm.omar).get(address).text
    assert "on behalf of Evelyn Carter" in shown
    trail = as_user(firm.omar).get(reverse("staff:trail", args=[order.number])).text
    assert "on behalf of Evelyn Carter" in trail


def test_an_expired_delegation_is_named_on_the_page(firm, now, as_user):
    lend(firm.eve, firm.dee, now)
    order = validated(firm, now)
    address = reverse("staff:decision", args=[open_item(order).public_id])
    with time_machine.travel(now + timedelta(days=2), tick=False):
        answer = as_user(firm.dee).get(address)
    assert (answer.status_code, "the one from Evelyn Carter has expired" in answer.text) == (409, True)


def test_the_client_reads_no_name_of_who_signed_or_for_whom(firm, now, as_user):
    lend(firm.eve, firm.dee, now)
    order = validated(firm, now)
    decide(open_item(order), firm.dee, now)
    page = as_user(firm.ana).get(f"/orders/{order.number}/").text
    assert not [name for name in ("Evelyn", "Dana", "Whitfield", "Carter", "behalf") if name in page]


def test_the_list_costs_the_same_however_long_it_is(firm, now, as_user, django_assert_num_queries):
    browser = as_user(firm.eve)
    browser.get(PAGE)
    for number in (1, 4):
        for _time in range(number):
            lend(firm.eve, firm.dee, now)
        with django_assert_num_queries(11):
            browser.get(PAGE)
