"""Asking for a decision from the page of a step."""

from __future__ import annotations

import pytest
from django.urls import reverse

from approvals.models import Request
from audit.actors import Actor
from tests.approvals.transfers import decide, ordered
from tests.firm import open_item
from work import actions as work
from work.models import WorkItem

ASKED = {"matrix": "transfers", "question": "The title differs by a letter. Do we go on?"}


@pytest.fixture
def held(firm, now) -> WorkItem:
    item = open_item(ordered(firm, now, amount="600000.00"))
    return work.claim(item.public_id, actor=Actor.of(firm.tia), now=now)


def page_of(item, name="item") -> str:
    return reverse(f"staff:{name}", args=[item.public_id])


def test_the_holder_asks_and_the_step_says_what_was_answered(firm, now, held, as_user) -> None:
    browser = as_user(firm.tia)
    assert page_of(held, "ask") in browser.get(page_of(held)).text
    assert "Approval of account transfers" in browser.get(page_of(held, "ask")).text
    assert browser.post(page_of(held, "ask"), ASKED)["Location"] == page_of(held)
    page = browser.get(page_of(held)).text
    assert "The title differs by a letter." in page
    assert page_of(held, "ask") not in page  # once only
    decision = WorkItem.objects.open().get(order=held.order, kind="approval")
    assert "The title differs by a letter." in as_user(firm.eve).get(page_of(decision, "decision")).text
    decide(decision, firm.eve, now)
    assert "Looks right." in as_user(firm.tia).get(page_of(held)).text


def test_after_more_was_asked_it_is_asked_again_from_the_page(firm, now, held, as_user) -> None:
    as_user(firm.tia).post(page_of(held, "ask"), ASKED)
    decision = WorkItem.objects.open().get(order=held.order, kind="approval")
    shown = as_user(firm.eve).get(page_of(decision, "decision")).text
    assert "Back to who asked, with what is missing. They ask again." in shown
    assert "The client is told the outcome" not in shown
    decide(decision, firm.eve, now, choice="more_information")
    browser = as_user(firm.tia)
    assert "Ask again" in browser.get(page_of(held)).text
    again = {**ASKED, "question": "The firm confirmed the title. Do we go on?"}
    assert browser.post(page_of(held, "ask"), again)["Location"] == page_of(held)
    page = browser.get(page_of(held)).text
    assert "The firm confirmed the title." in page
    assert "Ask again" not in page


def test_completing_meanwhile_is_refused_and_what_was_typed_stays(firm, held, as_user) -> None:
    browser = as_user(firm.tia)
    browser.post(page_of(held, "ask"), ASKED)
    held.refresh_from_db()
    typed = {"transfer_check": "valid", "transfer_check_note": "Titles differ.", "version": held.version}
    page = browser.post(page_of(held, "complete"), typed)
    assert page.status_code == 409
    assert "Titles differ." in page.text
    assert "is still open" in page.text


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"matrix": ""}, "matrix"), ({"matrix": "firm"}, "matrix"), ({"question": " "}, "question")],
)
def test_what_is_wrong_is_said_at_its_field(firm, held, as_user, changed, field) -> None:
    page = as_user(firm.tia).post(page_of(held, "ask"), {**ASKED, **changed})
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert field == "question" or "The title differs" in page.text
    assert not Request.objects.exists()


def test_nobody_but_the_holder_is_offered_it(firm, held, as_user) -> None:
    assert page_of(held, "ask") not in as_user(firm.omar).get(page_of(held)).text
    assert as_user(firm.omar).get(page_of(held, "ask")).status_code == 409
