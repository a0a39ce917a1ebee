"""Nothing typed is lost when it is refused: it comes back with the reason, at its field where it has one."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from accounts.authority import forget
from approvals.models import SupervisoryLog
from audit.actors import Actor
from orders import actions as orders
from orders.models import Message
from processes.refusals import StepFailed
from sla.models import Breach
from sla.tasks import sweep
from tests.approvals.transfers import validated
from tests.portal_staff.test_decision_page import approval_of
from tests.sla.test_clocks import DUE
from work import actions as work
from work.models import WorkItem

LONG = "too long " * 500
HTMX = {"HX-Request": "true"}


def kept(page, name: str) -> str:
    """What stands in a text area of a page."""
    found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    assert found, f"no text area called {name}"
    return unescape(found[1]).strip()


def refuse_step() -> None:
    raise StepFailed()


def item_url(name: str, item: WorkItem) -> str:
    return reverse(f"staff:{name}", args=[item.public_id])


# --- messages and notes ---


@pytest.mark.parametrize(("path", "key"), [("message", "message"), ("note", "note")])
@pytest.mark.parametrize(("body", "said"), [(LONG, "Use at most 4000 characters."), ("  ", "Write a few words first.")])
def test_a_refused_message_or_note_comes_back_at_its_field(
    path: str, key: str, body, said, firm, desk, as_user
) -> None:
    answer = as_user(firm.dee).post(reverse(f"staff:{path}", args=[desk.order.number]), {"body": body, "key": "k"})
    assert answer.status_code == 422
    assert f'id="{key}-body-error"' in answer.text
    assert said in answer.text
    assert body.strip() in answer.text
    assert answer["HX-Push-Url"] == reverse("staff:order", args=[desk.order.number])
    assert not Message.objects.exists()


@pytest.mark.parametrize(("path", "card"), [("message", "thread-card"), ("note", "notes-card")])
def test_htmx_gets_the_card_alone_so_that_nothing_else_on_the_page_is_lost(path, card, firm, desk, as_user) -> None:
    browser, url = as_user(firm.dee), reverse(f"staff:{path}", args=[desk.order.number])
    wrong = browser.post(url, {"body": LONG, "key": "k"}, headers=HTMX)
    assert wrong.status_code == 422
    assert wrong.text.lstrip().startswith(f'<section class="card" id="{card}"')
    assert LONG.strip() in wrong.text
    right = browser.post(url, {"body": "Which flat?", "key": "k"}, headers=HTMX)
    assert right.status_code == 200
    assert '<div class="bubble">Which flat?</div>' in right.text
    assert kept(right, "body") == ""
    assert 'id="activity-card" aria-labelledby="activity-title" hx-swap-oob="true"' in right.text
    assert "#toasts" in right.text


def test_a_page_gone_back_to_keeps_the_second_message(firm, desk, as_user) -> None:
    browser, url = as_user(firm.dee), reverse("staff:message", args=[desk.order.number])
    browser.post(url, {"body": "First", "key": "same"})
    answer = browser.post(url, {"body": "Second thought", "key": "same"})
    assert answer.status_code == 422
    assert kept(answer, "body") == "Second thought"
    assert 'name="key" value="msame"' not in answer.text


def test_a_message_refused_by_right_keeps_its_text(firm, desk, as_user, monkeypatch) -> None:
    def refuse(*_args, **_about):
        raise orders.talking.NotAllowed("Expected somebody who works on this order, but you may only read it.")

    monkeypatch.setattr(orders, "send_message", refuse)
    answer = as_user(firm.dee).post(reverse("staff:message", args=[desk.order.number]), {"body": "Hello", "key": "k"})
    assert answer.status_code == 403
    assert kept(answer, "body") == "Hello"
    assert "you may only read it" in answer.text


# --- reasons ---


@pytest.mark.parametrize("verb", ["release", "pend", "priority"])
def test_a_reason_that_is_too_long_comes_back(verb: str, firm, desk, as_user) -> None:
    answer = as_user(firm.eve if verb == "priority" else firm.dee).post(
        item_url(verb, desk.taken), {"reason": LONG, "priority": "1"}
    )
    assert answer.status_code == 422
    assert kept(answer, "reason") == LONG.strip()
    assert 'id="page-reason-error"' in answer.text


def test_a_reason_for_ending_an_order_that_ended_meanwhile_comes_back(firm, desk, as_user, now) -> None:
    orders.cancel_order(desk.order.public_id, reason="Sent twice", actor=Actor.of(firm.eve), now=now)
    answer = as_user(firm.eve).post(reverse("staff:cancel", args=[desk.order.number]), {"reason": "Client called"})
    assert answer.status_code == 409
    assert kept(answer, "reason") == "Client called"
    answer = as_user(firm.eve).post(reverse("staff:repair", args=[desk.order.number]), {"reason": "Fixed the address"})
    assert answer.status_code == 409
    assert kept(answer, "reason") == "Fixed the address"


def test_the_chosen_priority_comes_back_too(firm, desk, as_user) -> None:
    answer = as_user(firm.eve).post(item_url("priority", desk.taken), {"reason": " ", "priority": "1"})
    assert re.search(r'name="priority" value="1" checked', answer.text)


@pytest.mark.parametrize(("verb", "status"), [("release", 403), ("pend", 409)])
def test_a_reason_for_an_item_that_was_given_away_comes_back(verb, status, firm, desk, as_user, now) -> None:
    work.assign(desk.taken.public_id, to=firm.dov, actor=Actor.of(firm.eve), now=now)
    answer = as_user(firm.dee).post(item_url(verb, desk.taken), {"reason": "The lease is missing"})
    assert answer.status_code == status
    assert kept(answer, "reason") == "The lease is missing"


def test_an_assignment_to_nobody_keeps_its_reason(firm, desk, as_user) -> None:
    browser = as_user(firm.eve)
    answer = browser.post(item_url("assign", desk.item), {"to": "", "reason": "Knows the client"})
    assert answer.status_code == 422
    assert kept(answer, "reason") == "Knows the client"
    assert 'id="page-to-error"' in answer.text
    answer = browser.post(item_url("assign", desk.item), {"to": firm.dov.public_id, "reason": LONG})
    assert answer.status_code == 422
    assert kept(answer, "reason") == LONG.strip()
    assert f'value="{firm.dov.public_id}" selected' in answer.text
    assert WorkItem.objects.get(pk=desk.item.pk).holder is None


# --- steps ---

ANSWERS = {"address_check": "unclear", "checked_against": "login", "check_reason": "The street does not exist"}


def test_a_step_that_somebody_else_has_by_now_keeps_what_was_typed(firm, desk, as_user, now) -> None:
    work.assign(desk.taken.public_id, to=firm.dov, actor=Actor.of(firm.eve), now=now)
    version = WorkItem.objects.get(pk=desk.taken.pk).version
    for then in ("order", "draft"):
        answer = as_user(firm.dee).post(item_url("complete", desk.taken), {**ANSWERS, "version": version, "then": then})
        assert answer.status_code == 409
        assert firm.dov.display_name in answer.text
        assert re.search(r'name="checked_against" value="login" checked', answer.text)


def test_a_step_whose_next_one_failed_keeps_what_was_typed_on_the_page_and_as_a_draft(
    firm, desk, as_user, monkeypatch
) -> None:
    monkeypatch.setattr("work.handlers.open_item", lambda task: 1 / 0)
    browser, posted = as_user(firm.dee), {"address_check": "confirmed", "checked_against": "login"}
    failed = browser.post(item_url("complete", desk.taken), {**posted, "version": desk.taken.version, "then": "order"})
    assert failed.status_code == 409
    assert "error-summary" in failed.text
    for page in (failed, browser.get(item_url("item", desk.taken))):
        assert re.search(r'name="checked_against" value="login" checked', page.text)


def test_a_decision_after_which_the_next_step_failed_is_there_again(firm, now, as_user, monkeypatch) -> None:
    item = approval_of(firm, now)
    monkeypatch.setattr("approvals.going_on.open_stage", lambda *args, **about: refuse_step())
    browser = as_user(firm.eve)
    given = {"decision": "approve", "reason": "Checked the statement", "attested": "T3"}
    failed = browser.post(item_url("decision", item), given)
    assert failed.status_code == 409
    for page in (failed, browser.get(item_url("decision", item))):
        assert kept(page, "reason") == "Checked the statement"
        assert re.search(r'value="approve"[^>]* checked', page.text)
        assert re.search(r'name="attested" value="T3" checked', page.text)


# --- decisions, breaches, the log ---


def test_the_reason_of_a_decision_that_another_made_comes_back(firm, now, as_user) -> None:
    item = approval_of(firm, now)
    as_user(firm.eve).post(item_url("decision", item), {"decision": "approve", "reason": "Checked.", "attested": "T3"})
    answer = as_user(firm.omar).post(item_url("decision", item), {"decision": "reject", "reason": "Not like this"})
    assert answer.status_code == 409
    assert "Not like this" in answer.text


def test_the_reason_of_who_may_not_decide_comes_back_too(firm, now, as_user) -> None:
    item = approval_of(firm, now)
    answer = as_user(firm.max).post(item_url("decision", item), {"decision": "approve", "reason": "Not my tier"})
    assert answer.status_code == 403
    assert "Not my tier" in answer.text


def test_a_decision_without_a_choice_keeps_reason_and_evidence(firm, now, as_user) -> None:
    item = approval_of(firm, now)
    item.approval_tier.request.evidence = ["verbal_callback"]
    item.approval_tier.request.save()
    posted = {"reason": LONG, "evidence_verbal_callback_who": "Ana, at ten"}
    answer = as_user(firm.eve).post(item_url("decision", item), posted)
    assert answer.status_code == 422
    assert kept(answer, "reason") == LONG.strip()
    assert 'value="Ana, at ten"' in answer.text


@pytest.fixture
def breach(firm, desk) -> Breach:
    sweep(DUE + timedelta(hours=1))
    forget(firm.eve)
    return Breach.objects.filter(clock__order=desk.order).get()


def test_the_explanation_of_a_breach_comes_back(firm, breach, as_user) -> None:
    url = reverse("staff:breach", args=[breach.pk])
    answer = as_user(firm.eve).post(url, {"cause": "volume", "explanation": LONG})
    assert answer.status_code == 422
    assert kept(answer, "explanation") == LONG.strip()
    assert 'value="volume" selected' in answer.text
    empty = as_user(firm.eve).post(url, {"cause": "", "explanation": "A busy week"})
    assert kept(empty, "explanation") == "A busy week"
    assert 'id="cause-error"' in empty.text


def test_the_explanation_of_who_leads_no_such_work_comes_back(firm, breach, as_user) -> None:
    answer = as_user(firm.omar).post(
        reverse("staff:breach", args=[breach.pk]), {"cause": "volume", "explanation": "Ours"}
    )
    assert answer.status_code in (403, 404)
    if answer.status_code == 403:
        assert kept(answer, "explanation") == "Ours"


def test_the_comment_on_a_log_that_was_signed_meanwhile_comes_back(firm, now, as_user) -> None:
    order = validated(firm, now, amount="1000.00")
    log = SupervisoryLog.objects.get(order=order)
    sign = reverse("staff:sign_log", args=[log.pk])
    long = as_user(firm.eve).post(sign, {"comment": LONG})
    assert long.status_code == 422
    assert LONG.strip() in long.text
    as_user(firm.eve).post(sign, {"comment": "Seen"})
    late = as_user(firm.omar).post(sign, {"comment": "Seen as well"})
    assert late.status_code == 409
    assert "Seen as well" in late.text
