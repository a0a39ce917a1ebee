"""The advisor's pages: deciding, looking at an order, and who gets to see that."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client as Browser
from guardian.shortcuts import assign_perm

from accounts.authority import forget
from accounts.models import User
from approvals.actions import decide
from approvals.models import Decision, Request
from audit.actors import Actor
from orders import actions as orders
from orders.models import Document, Order
from orders.projection import client_view
from portal_customer.decisions import count_waiting, item_asked, waiting
from portal_customer.navigation import navigation
from portal_customer.prepared import evidence_of, package
from processes.refusals import StepFailed
from tests.approvals.transfers import call_back
from tests.firm import Cast, open_item
from tests.portal_customer import rows
from tests.portal_customer.advisor_orders import asked_item, beneficiary_checked, done, fee_prepared
from work import actions as work
from work.models import WorkItem

LIST = "/decisions/"
YES = {"choice": "approve", "reason": "Agreed with the client."}


@pytest.fixture
def fee(firm: Cast, now: datetime) -> Order:
    return fee_prepared(firm, now)


@pytest.fixture
def beneficiary(firm: Cast, now: datetime) -> Order:
    return beneficiary_checked(firm, now)


@pytest.fixture
def enter(client: Browser):
    """A browser in English in which somebody is logged in."""

    def into(user: User) -> Browser:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.cookies["django_language"] = "en"
        return client

    return into


def page_of(order: Order) -> str:
    return f"{LIST}{asked_item(order).public_id}/"


def other_advisor(*clients) -> User:
    """daniel, who may also see these clients."""
    daniel = User.objects.get(username="daniel")
    for client in clients:
        for right in ("view_client", "order_for_client"):
            assign_perm(right, daniel.groups.get(name="advisor:daniel"), client)
    return daniel


def labels(user: User) -> dict[str, int]:
    return {item["label"]: item["count"] for item in navigation(user, "customer:home")[0]["items"]}


def main_of(page: str) -> str:
    return page.split("<main")[1].split("</main")[0]


# --- what waits ---


def test_the_advisors_home_begins_with_what_they_decide(firm: Cast, fee: Order, enter) -> None:
    page = enter(firm.adam).get("/home/").text
    assert "Your decision: one order waits for you" in page
    assert page.index("Needs your approval") < page.index("Open orders of my clients")
    assert page_of(fee) in page


def test_the_navigation_counts_what_waits_for_an_advisor_only(firm: Cast, fee: Order) -> None:
    assert labels(firm.adam)["Decisions"] == 1
    assert "Decisions" not in labels(firm.ana)


def test_the_list_names_product_and_client_and_says_so_when_it_is_empty(firm: Cast, fee: Order, enter) -> None:
    browser = enter(firm.adam)
    page = main_of(browser.get(LIST).text)
    assert "<b>Fee adjustment</b>" in page
    assert f"Needs your approval · {firm.ana_client.name}" in page
    browser.post(page_of(fee), YES)
    assert "Nothing waits for you" in browser.get(LIST).text


def test_the_orders_own_page_leads_its_advisor_to_the_decision(firm: Cast, fee: Order, enter) -> None:
    assert page_of(fee) in enter(firm.adam).get(f"/orders/{fee.number}/").text
    assert page_of(fee) not in enter(firm.ana).get(f"/orders/{fee.number}/").text


def test_what_waits_is_read_in_one_statement(firm: Cast, fee: Order, now, django_assert_num_queries) -> None:
    fee_prepared(firm, now, key="second")
    waiting(firm.adam)  # the reader's roles and rights are read once a request
    with django_assert_num_queries(1):
        assert len(waiting(firm.adam)) == 2
    forget(firm.ana)
    with django_assert_num_queries(1):  # her roles
        assert waiting(firm.ana) == []


# --- deciding ---


def test_the_advisor_sees_what_the_client_asked_for(firm: Cast, fee: Order, enter) -> None:
    page = main_of(enter(firm.adam).get(page_of(fee)).text)
    for words in (firm.ana_client.name, "Waive a fee once", "USD 600.00", "Charged twice.", fee.number):
        assert words in page


@pytest.mark.parametrize(
    ("choice", "state", "next_node"),
    [
        ("approve", "approved", "firm_approval"),
        ("more_information", "returned", "prepare_adjustment"),
        ("reject", "rejected", None),
    ],
)
def test_each_answer_moves_the_order_on(
    firm: Cast, fee: Order, enter, choice: str, state: str, next_node: str | None
) -> None:
    response = enter(firm.adam).post(page_of(fee), YES | {"choice": choice}, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert f"We have your answer on order {fee.number}." in response.text
    assert Request.objects.filter(order=fee).earliest("pk").state == state
    assert Decision.objects.get().reason == "Agreed with the client."
    assert list(WorkItem.objects.open().filter(order=fee).values_list("node", flat=True)) == (
        [next_node] if next_node else []
    )


def test_from_the_advisors_yes_to_the_adjusted_fee(firm: Cast, fee: Order, now: datetime, enter) -> None:
    enter(firm.adam).post(page_of(fee), YES)
    firms_own = open_item(fee)
    assert firms_own.role == "operations_manager"
    about = {"choice": "approve", "reason": "In order.", "attested": ["F7"]}
    decide(firms_own.public_id, **about, actor=Actor.of(firm.max), now=now)
    done(open_item(fee), firm.dee, now, record_reference="FEE-2026-1")
    page = enter(firm.ana).get(f"/orders/{fee.number}/").text
    assert "Done on" in page
    assert YES["reason"] not in page


@pytest.mark.parametrize(
    ("given", "error", "kept"),
    [
        ({"choice": "approve", "reason": " "}, "Say why, in at most 2000 characters.", 'value="approve" checked'),
        ({"reason": "Because of the plan."}, "Choose one of the answers listed.", "Because of the plan."),
        ({"choice": "perhaps", "reason": "Well."}, "Choose one of the answers listed.", "Well."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    firm: Cast, fee: Order, enter, given: dict, error: str, kept: str
) -> None:
    response = enter(firm.adam).post(page_of(fee), given)
    assert response.status_code == 422
    assert error in response.text
    assert kept in response.text
    assert "There is something to put right" in response.text
    assert not Decision.objects.exists()


def test_who_comes_second_learns_who_decided_and_keeps_their_words(firm: Cast, fee: Order, enter) -> None:
    page = page_of(fee)
    enter(firm.adam).post(page, YES)
    response = enter(other_advisor(firm.ana_client)).post(page, {"choice": "reject", "reason": "Not in the plan."})
    assert response.status_code == 409
    assert "Caroline Webb approved this on" in response.text
    assert "Not in the plan." in response.text
    assert Decision.objects.get().by == firm.adam


def test_a_decided_page_says_so_and_has_no_form(firm: Cast, fee: Order, enter) -> None:
    browser, page = enter(firm.adam), page_of(fee)
    browser.post(page, YES)
    text = main_of(browser.get(page).text)
    assert "Caroline Webb approved this on" in text
    assert "<form" not in text


def test_an_order_taken_back_needs_no_decision_any_more(firm: Cast, fee: Order, now, enter) -> None:
    orders.cancel_order(fee.public_id, reason="Changed my mind.", actor=Actor.of(firm.ana), now=now)
    browser = enter(firm.adam)
    assert "Your answer is no longer needed" in browser.get(page_of(fee)).text
    response = browser.post(page_of(fee), YES)
    assert response.status_code == 409
    assert YES["reason"] in response.text


def test_who_placed_the_order_for_a_colleagues_client_does_not_decide_it(firm: Cast, now, enter) -> None:
    daniel = other_advisor(firm.ana_client)
    order = fee_prepared(firm, now, by=daniel)
    browser = enter(daniel)
    assert (count_waiting(daniel), count_waiting(firm.adam)) == (0, 1)
    assert "You placed this order yourself" in browser.get(page_of(order)).text
    assert browser.post(page_of(order), YES).status_code == 403
    assert not Decision.objects.exists()


# --- what lies before the advisor ---


def prepared_again(order: Order, firm: Cast, now: datetime, **answers: str) -> None:
    """The preparer's next version."""
    done(open_item(order, "prepare_adjustment"), firm.dee, now, figures_check="ready", **answers)


def test_the_advisor_sees_what_was_prepared_and_by_whom(firm: Cast, fee: Order, enter) -> None:
    page = main_of(enter(firm.adam).get(page_of(fee)).text)
    assert "Prepared by Dana Whitfield on" in page
    assert "Fee today, in a year" in page
    assert "USD 900.00" in page
    assert "Figures ready" not in page  # the form does not mark it for advisors
    assert page.index("USD 900.00") < page.index("Send my decision")
    assert "Since your last decision" not in page


def test_after_a_question_the_page_shows_what_has_changed(firm: Cast, fee: Order, now: datetime, enter) -> None:
    browser = enter(firm.adam)
    question = {"choice": "more_information", "reason": "Is that the fee of last year?"}
    browser.post(page_of(fee), question)
    prepared_again(fee, firm, now, current_fee="750.00", figures_note="Of this year now.")
    page = main_of(browser.get(f"{LIST}{open_item(fee).public_id}/").text)
    assert "Since your last decision" in page
    assert "Caroline Webb asked for more information on" in page
    assert question["reason"] in page
    assert "Your client has sent nothing since then." in page
    assert page.index("USD 900.00</del>") < page.index("USD 750.00</ins>")
    assert "Of this year now.</ins>" in page


def test_answers_and_papers_of_the_client_since_then_are_new(firm: Cast, fee: Order, now: datetime, enter) -> None:
    browser, later = enter(firm.adam), now + timedelta(hours=1)
    with time_machine.travel(now, tick=False):
        browser.post(page_of(fee), {"choice": "more_information", "reason": "Which line is it?"})
    done(open_item(fee, "prepare_adjustment"), firm.dee, later, figures_check="question", current_fee="900.00")
    asked = fee.requests.get()
    orders.answer_request(
        asked.public_id, answers={"fee_statement_line": "Line 12"}, actor=Actor.of(firm.ana), now=later
    )
    rows.attach(fee, firm.ana, "old.pdf")
    Document.objects.filter(name="old.pdf").update(uploaded_at=now - timedelta(days=1))
    rows.attach(fee, firm.ana, "statement.pdf")
    Document.objects.filter(name="statement.pdf").update(uploaded_at=later)
    prepared_again(fee, firm, later, current_fee="900.00")
    page = main_of(browser.get(f"{LIST}{open_item(fee).public_id}/").text)
    new = page.split('id="package"')[1].split("Prepared by")[0]
    assert "Line on your statement" in new
    assert "Line 12" in new
    assert "statement.pdf" in new
    assert "old.pdf" not in new


def test_evidence_that_the_rules_ask_for_is_recorded_with_the_decision(
    firm: Cast, fee: Order, enter, now: datetime, time_machine
) -> None:
    now += timedelta(minutes=5)
    time_machine.move_to(now, tick=False)
    Request.objects.filter(order=fee).update(evidence=["verbal_callback", "some_internal_name"])
    browser, page = enter(firm.adam), page_of(fee)
    text = main_of(browser.get(page).text)
    assert "Who was called" in text
    assert "Further evidence" in text
    called = {f"evidence_1{name.removeprefix('verbal_callback')}": text for name, text in call_back(now).items()}
    refused = browser.post(page, YES | called)
    assert refused.status_code == 422
    assert refused.text.count("Record this before you approve.") == 2  # above, and at its field
    assert 'value="+1 212 555 0101"' in refused.text
    assert "some_internal_name" not in refused.text
    assert "verbal_callback" not in refused.text
    assert browser.post(page, YES | called | {"evidence_2": "Seen."}).status_code == 302
    assert Decision.objects.get().evidence == {**call_back(now), "some_internal_name": "Seen."}


def test_what_lies_before_the_advisor_is_read_in_two_statements(
    firm: Cast, fee: Order, now: datetime, django_assert_num_queries
) -> None:
    order = Order.objects.select_related("process", "product", "client", "branch", "slot").get(pk=fee.pk)
    view = client_view(order, firm.adam, now)
    with django_assert_num_queries(2):
        assert package(order, view).prepared
    item = item_asked(firm.adam, asked_item(fee).public_id)
    with django_assert_num_queries(0):
        assert evidence_of(item).names == ()
    Request.objects.filter(order=fee).update(evidence=["verbal_callback"])
    item = item_asked(firm.adam, asked_item(fee).public_id)
    with django_assert_num_queries(1):
        assert evidence_of(item).missing == ("verbal_callback",)


# --- looking ---


def test_a_look_is_taken_and_completed_in_one_go(firm: Cast, beneficiary: Order, enter) -> None:
    browser, page = enter(firm.adam), page_of(beneficiary)
    assert "Your turn: Review with the plan" in browser.get(page).text
    response = browser.post(page, {"advisor_view": "talk", "advisor_remark": "We speak on Friday."})
    assert response.status_code == 302
    item = asked_item(beneficiary)
    assert (item.state, item.completed_by) == ("completed", firm.adam)
    assert item.result == {"advisor_view": "talk", "advisor_remark": "We speak on Friday."}
    assert open_item(beneficiary).node == "record_beneficiary"


def test_an_incomplete_look_is_not_taken_and_keeps_what_was_typed(firm: Cast, beneficiary: Order, enter) -> None:
    response = enter(firm.adam).post(page_of(beneficiary), {"advisor_remark": "We speak on Friday."})
    assert response.status_code == 422
    assert "Please fill this in." in response.text
    assert "We speak on Friday." in response.text
    assert asked_item(beneficiary).holder is None


def test_who_looks_second_learns_who_did(firm: Cast, beneficiary: Order, enter) -> None:
    page = page_of(beneficiary)
    enter(firm.adam).post(page, {"advisor_view": "fits"})
    response = enter(other_advisor(firm.ana_client)).post(page, {"advisor_view": "talk", "advisor_remark": "Hm."})
    assert response.status_code == 409
    assert "Caroline Webb answered this on" in response.text
    assert "Hm." in response.text


def test_what_somebody_else_has_taken_does_not_wait(firm: Cast, beneficiary: Order, now, enter) -> None:
    daniel = other_advisor(firm.ana_client)
    work.claim(asked_item(beneficiary).public_id, actor=Actor.of(daniel), now=now)
    assert count_waiting(firm.adam) == 0
    assert "Daniel Osei has taken this on." in enter(firm.adam).get(page_of(beneficiary)).text


@pytest.mark.parametrize("product", ["fee", "beneficiary"])
def test_when_the_next_step_fails_nothing_is_lost(
    firm: Cast, enter, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, product: str
) -> None:
    order: Order = request.getfixturevalue(product)
    browser, page = enter(firm.adam), page_of(order)
    monkeypatch.setattr("processes.actions.complete_task", _fails)
    typed = {"choice": "approve", "reason": "We spoke.", "advisor_view": "fits", "advisor_remark": "We spoke."}
    response = browser.post(page, typed)
    assert response.status_code == 409
    assert "nothing was changed" in response.text
    for text in (response.text, browser.get(page).text):
        assert "We spoke.</textarea>" in text
    assert count_waiting(firm.adam) == 1


def _fails(*_args: object, **_about: object) -> None:
    raise StepFailed()


# --- who may, and what nobody on this side sees ---


def test_another_advisor_and_the_client_find_nothing(firm: Cast, fee: Order, beneficiary: Order, enter) -> None:
    for who in (User.objects.get(username="daniel"), firm.ana, firm.bo):
        browser = enter(who)
        for page in (page_of(fee), page_of(beneficiary)):
            assert browser.get(page).status_code == 404
            assert browser.post(page, YES | {"advisor_view": "fits"}).status_code == 404
    assert not Decision.objects.exists()
    assert enter(firm.ana).get(LIST).status_code == 404


def test_staff_and_strangers_are_led_elsewhere(firm: Cast, fee: Order, client: Browser, enter) -> None:
    for page in (LIST, page_of(fee)):
        assert client.get(page)["Location"].startswith("/account/login/")
    for page in (LIST, page_of(fee)):
        assert enter(firm.max).get(page).status_code == 403


def test_work_of_staff_is_not_an_advisors_page(firm: Cast, fee: Order, now, enter) -> None:
    prepared = WorkItem.objects.get(order=fee, node="prepare_adjustment")
    assert enter(firm.adam).get(f"{LIST}{prepared.public_id}/").status_code == 404


PLANTED = "Zyx-plant"


@pytest.mark.parametrize("product", ["fee", "beneficiary"])
@pytest.mark.parametrize("answered", [False, True])
def test_no_word_of_staff_is_on_an_advisors_page(
    firm: Cast, enter, request: pytest.FixtureRequest, product: str, answered: bool
) -> None:
    order: Order = request.getfixturevalue(product)
    browser, page = enter(firm.adam), page_of(order)
    if answered:
        browser.post(page, YES | {"advisor_view": "fits"})
    plant_words(order, firm)
    for address in ("/home/", LIST, page, f"/orders/{order.number}/"):
        text = browser.get(address).text
        assert PLANTED.casefold() not in text.casefold(), address
        for word in ("advisor_review", "advisor_approval", "advisors"):
            assert word not in main_of(text), (address, word)
    refused = browser.post(page, YES | {"advisor_view": "fits"} if answered else {})
    assert refused.status_code == (409 if answered else 422)
    assert PLANTED.casefold() not in refused.text.casefold()


def plant_words(order: Order, firm: Cast) -> None:
    """A marked word in every field that only staff may read."""
    item = asked_item(order)
    items = WorkItem.objects.filter(pk=item.pk)
    items.update(node=f"{PLANTED}-node", name=rows.both(f"{PLANTED} name"), pend_reason=f"{PLANTED} hold")
    item.queue.name = rows.both(f"{PLANTED} queue")
    item.queue.save()
    planted = {"rules": [f"{PLANTED}-rule"], "facts": {PLANTED: 1}, "node": f"{PLANTED}-node"}
    Request.objects.filter(order=order).update(**planted, evidence=[f"{PLANTED}-evidence"])
    rows.write(order, firm.dee, f"{PLANTED} internal note", internal=True)
    rows.attach(order, firm.dee, f"{PLANTED}.pdf")
    others = WorkItem.objects.filter(order=order).exclude(pk=item.pk)
    result = {"note": PLANTED, "figures_check": PLANTED, "designation_check_note": PLANTED}
    others.update(result=result, draft={"note": PLANTED}, name=rows.both(f"{PLANTED} work"))


def test_the_pages_speak_chinese(firm: Cast, fee: Order, enter) -> None:
    browser = enter(firm.adam)
    browser.cookies["django_language"] = "zh-hans"
    page = main_of(browser.get(page_of(fee)).text)
    assert "费用调整" in page
    assert "一次性减免" in page
