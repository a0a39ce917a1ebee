"""Two people at one item: one wins, the other is told by whom, keeps what was typed, and is offered a way on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.actors import Actor
from work import actions as work
from work.models import WorkItem

ANSWERS = {"address_check": "confirmed", "checked_against": "login"}
BOOSTED = {"HX-Request": "true", "HX-Boosted": "true"}
HTMX = {"HX-Request": "true"}


def url(name: str, item: WorkItem) -> str:
    return reverse(f"staff:{name}", args=[item.public_id])


def by(user: Any) -> dict[str, Any]:
    return {"actor": Actor.of(user), "now": timezone.now()}


def fresh(item: WorkItem) -> WorkItem:
    return WorkItem.objects.get(pk=item.pk)


def on_top(page: Any) -> str:
    found = re.search(r'name="on_top" value="(\d+)"', page.text)
    return found[1] if found else ""


@pytest.fixture
def urgent(firm, desk) -> WorkItem:
    """What dee works on; eve has put it first since dee opened its page."""
    work.set_priority(desk.taken.public_id, priority=1, reason="The client called.", **by(firm.eve))
    return desk.taken


def test_a_stale_step_gets_the_conflict_alone_beside_its_answers(firm, urgent, as_user) -> None:
    sent = {**ANSWERS, "version": urgent.version, "then": "next"}
    page = as_user(firm.dee).post(url("complete", urgent), sent, headers=BOOSTED)
    assert page.status_code == 409
    assert (page["HX-Retarget"], page["HX-Reswap"]) == ("#step-form [data-conflict]", "innerHTML")
    assert page["HX-Push-Url"] == "false"
    assert "<html" not in page.text
    for told in ("Evelyn Carter", "The client called.", "to P1", "<time", "Use mine on top", "Take theirs"):
        assert told in page.text
    assert '<input type="hidden" name="then" value="next">' in page.text


def test_mine_is_put_on_top_knowingly(firm, urgent, as_user) -> None:
    sent = {**ANSWERS, "version": urgent.version, "then": "order"}
    browser = as_user(firm.dee)
    version = on_top(browser.post(url("complete", urgent), sent, headers=BOOSTED))
    assert browser.post(url("complete", urgent), sent).status_code == 409
    assert browser.post(url("complete", urgent), {**sent, "on_top": version}).status_code == 302
    assert (fresh(urgent).state, fresh(urgent).priority) == ("completed", 1)


def test_an_item_given_to_somebody_else_says_who_has_it_and_keeps_the_answers(firm, desk, as_user) -> None:
    work.assign(desk.taken.public_id, to=firm.dov, **by(firm.eve))
    sent = {**ANSWERS, "version": desk.taken.version, "then": "order"}
    page = as_user(firm.dee).post(url("complete", desk.taken), sent)
    assert page.status_code == 409
    assert "Marcus Oyelaran has it. Ask them for it, or take the next one." in page.text
    assert "Evelyn Carter" in page.text
    assert re.search(r'name="checked_against" value="login" checked', page.text)
    assert (on_top(page), "See how it stands now" in page.text) == ("", True)


def test_a_draft_that_comes_too_late_says_so_without_a_word_lost(firm, urgent, as_user) -> None:
    page = as_user(firm.dee).post(url("keep_draft", urgent), {**ANSWERS, "version": urgent.version}, headers=HTMX)
    assert (page.status_code, page["HX-Retarget"]) == (409, "#step-form [data-conflict]")
    assert fresh(urgent).draft == {}


def test_an_item_is_not_parked_from_a_page_that_no_longer_shows_how_it_stands(firm, urgent, as_user) -> None:
    sent = {"reason": "Waits for the bank.", "version": str(urgent.version)}
    browser = as_user(firm.dee)
    page = browser.post(url("pend", urgent), sent)
    assert (page.status_code, fresh(urgent).state) == (409, "in_progress")
    for told in ("Evelyn Carter", "The client called.", "Waits for the bank."):
        assert told in page.text
    assert browser.post(url("pend", urgent), {**sent, "on_top": on_top(page)}).status_code == 302
    assert fresh(urgent).state == "pending"


@pytest.mark.parametrize(
    ("verb", "sent", "typed"),
    [
        ("assign", {"reason": "She knows the client."}, "She knows the client."),
        ("release", {"reason": "Dana is ill."}, "Dana is ill."),
        ("priority", {"priority": "2", "reason": "Not so urgent."}, "Not so urgent."),
    ],
)
def test_of_two_leads_the_second_sees_what_the_first_did_before_changing_it(
    verb: str, sent: dict[str, str], typed: str, firm, urgent, as_user
) -> None:
    browser, sent = as_user(firm.max), {**sent, "to": str(firm.dov.public_id), "version": str(urgent.version)}
    page = browser.post(url(verb, urgent), sent)
    assert page.status_code == 409
    for told in ("Evelyn Carter", "The client called.", typed):
        assert told in page.text
    part = browser.post(url(verb, urgent), sent, headers=BOOSTED)
    assert part["HX-Retarget"] == "find [data-conflict]"
    assert browser.post(url(verb, urgent), {**sent, "on_top": on_top(part)}).status_code == 302


def test_claiming_a_row_that_is_done_already_gives_the_row_back_and_says_by_whom(firm, desk, as_user) -> None:
    work.complete(desk.taken.public_id, answers=ANSWERS, **by(firm.dee))
    page = as_user(firm.dov).post(url("claim", desk.taken) + "?view=open", headers=HTMX)
    assert page.status_code == 409
    assert page.text.lstrip().startswith("<tr")
    assert "Dana Whitfield completed it. Take the next one." in page.text


def test_another_refusal_of_a_form_is_said_above_the_page_that_stays(firm, desk, as_user) -> None:
    page = as_user(firm.dov).post(url("start", desk.taken), headers=BOOSTED)
    assert (page.status_code, page["HX-Retarget"], page["HX-Push-Url"]) == (409, "#alerts", "false")
    assert "Dana Whitfield has it" in page.text
    whole = as_user(firm.dov).post(url("start", desk.taken))
    assert (whole.status_code, "<html" in whole.text) == (409, True)
