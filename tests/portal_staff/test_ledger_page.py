"""The examiner's ledger: sentences in the words of the drawings, and why somebody was told of a clock."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import Actor
from audit.due import run_due
from audit.models import Entry
from portal_staff.activity import Opener, event, people_of
from portal_staff.sentences import SENTENCES, sentence
from tests.firm import address_change, open_item
from work import actions as work

PAGE = "/staff/ledger/"


def test_sentences_name_steps_and_milestones_as_the_drawing_does(firm, desk, as_user, now) -> None:
    work.pend(desk.taken.public_id, reason="Waits.", actor=Actor.of(firm.dee), now=now)
    page = as_user(firm.judith).get(PAGE, {"order": desk.taken_order.number}).text
    assert f"pended the step “{desk.taken.name['en']}”" in page
    assert f"“{desk.taken.node}”" not in page
    assert f"“{desk.taken_order.milestones.get(key='received').name['en']}”" in page
    assert "“received”" not in page


def test_the_facts_to_choose_are_said_in_words(firm, as_user) -> None:
    page = as_user(firm.judith).get(PAGE).text
    assert re.search(r'<option value="work.item.pended">\s*pended the step “…”', page)
    words = [sentence(fact, {}) for fact in SENTENCES]
    assert len(set(words)) == len(words)


def test_a_page_of_entries_costs_the_same_however_many_orders_it_is_about(firm, desk, as_user, now) -> None:
    browser, statements = as_user(firm.judith), []
    browser.get(PAGE)
    for number in range(2):
        with CaptureQueriesContext(connection) as asked:
            browser.get(PAGE, {"fact": "work.item.claimed"})
        statements.append(len(asked))
        for place in range(3):
            item = open_item(address_change(firm, now, key=f"more-{number}-{place}"))
            work.claim(item.public_id, actor=Actor.of(firm.dov), now=now)
    assert statements[0] == statements[1] <= 14


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Team lead", "Evelyn Carter", "Told", "Because")), ("zh-hans", ("Evelyn Carter",))],
)
def test_an_escalation_says_who_was_told_of_what_and_why(language, words, firm, desk, as_user, now) -> None:
    for hours in range(1, 120, 6):
        run_due(now + timedelta(hours=hours))
    raised = list(Entry.objects.filter(fact="sla.escalation.raised").order_by("pk"))
    assert raised
    browser = as_user(firm.judith)
    browser.cookies["django_language"] = language
    pages = [browser.get(f"{PAGE}{entry.public_id}/").text for entry in raised]
    for word in words:
        assert any(word in page for page in pages)
    if language == "en":
        assert any("The clock turned to this band." in page for page in pages)
        assert not any("team_lead" in page for page in pages)
        assert any("escalated to tier 1: told" in page for page in pages)


def test_an_escalation_after_an_interval_says_how_long_nobody_acted(firm) -> None:
    told = {"tier": 2, "role": "operations_manager", "to": firm.max.pk, "band": "red", "waited": "PT4H"}
    entry = Entry(fact="sla.escalation.raised", actor="system:sla sweep", data=told)
    shown = event(entry, people_of([entry]), Opener(firm.judith))
    assert shown["text"] == f"escalated to tier 2: told {firm.max.display_name} (Operations manager)"
    assert [row["value"] for row in shown["details"]] == [
        "2", "Operations manager", firm.max.display_name, "Critical", "Nobody acted for 4 h."
    ]  # fmt: skip
    entry.data["to"] = None
    assert "told nobody (Operations manager)" in event(entry, {}, Opener(firm.judith))["text"]
