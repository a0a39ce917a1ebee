"""The page that decides past orders again under a draft: in parts, with progress, and nothing is changed by it."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest
from django.core import signing
from django.urls import reverse

from approvals.rules import AMOUNTS
from audit.actors import Actor
from portal_staff.views import what_if
from rulebook import actions
from rulebook.models import Table
from tests.approvals.transfers import decide, done, ordered, request_of, validated
from tests.firm import open_item


@pytest.fixture
def draft(firm, now):
    """A draft under which 450,000 needs the team lead."""
    table = Table.objects.get(key="transfers")
    base = table.versions.get(state="in_force")
    body = deepcopy(base.body)
    body["rules"][0]["when"]["amount"], body["rules"][1]["when"]["amount"] = "< 400000", "[400000..2000000]"
    return actions.draft_version(table, body=body, base=base, actor=Actor.of(firm.alan), now=now)


@pytest.fixture
def page(draft):
    return reverse("staff:what_if", args=["transfers", draft.number])


def done_in(text: str) -> str:
    return re.search(r'name="done" value="([^"]*)"', text)[1]


def through(browser, page: str, **headers: str) -> str:
    """The last part's answer, going on as the page does by itself."""
    text = browser.get(page).text
    while 'name="done"' in text:
        text = browser.post(page, {"period": "quarter", "done": done_in(text)}, headers=headers).text
    return text


def test_it_names_the_orders_that_would_be_decided_otherwise(firm, now, as_user, page) -> None:
    order = validated(firm, now, amount="450000.00")
    text = through(as_user(firm.max), page)
    assert re.search(rf'<a href="/staff/orders/{order.number}/">', text)
    assert "USD 450,000.00" in text
    assert "Nobody" in text.split("Orders decided otherwise")[1]
    assert "Team lead" in text.split("Orders decided otherwise")[1]


def test_it_goes_on_in_parts_and_shows_how_far_it_is(firm, now, as_user, page, monkeypatch) -> None:
    monkeypatch.setattr(what_if, "PART", 1)
    for number in range(2):
        validated(firm, now, amount="450000.00", key=f"key-{number}")
    browser = as_user(firm.max)
    first = browser.get(page).text
    assert "0 of 2 orders are decided again." in first
    second = browser.post(page, {"period": "quarter", "done": done_in(first)}, headers={"HX-Request": "true"}).text
    assert "1 of 2 orders are decided again." in second
    assert "<html" not in second
    assert "Decided otherwise" in through(browser, page)


def test_what_did_not_come_from_here_begins_anew(firm, now, as_user, page) -> None:
    text = as_user(firm.max).post(page, {"period": "quarter", "done": "forged:1:x"}).text
    assert "0 of 0 orders are decided again." in text
    other = as_user(firm.max).post(page, {"period": "week", "done": done_in(text)}).text
    assert 'aria-current="true">Week' in other
    assert 'name="done"' in other


def test_an_order_that_was_asked_about_twice_is_named_once_with_both_decisions(firm, now, as_user, page) -> None:
    order = validated(firm, now)
    decide(open_item(order), firm.eve, now, choice="reject", to="validate_transfer")
    done(open_item(order), firm.tia, now, transfer_check="valid")
    order.approval_requests.update(facts={**request_of(order).facts, **dict.fromkeys(AMOUNTS, "450000.00")})
    text = through(as_user(firm.max), page)
    assert text.count(f'<a href="/staff/orders/{order.number}/">') == 1
    assert text.count("the same order") == 1
    assert '<span class="v">1</span><small>orders since' in text


def test_an_order_that_nobody_was_asked_about_is_decided_as_it_was_sent_in(firm, now, as_user, page) -> None:
    ordered(firm, now, amount="450000.00")
    assert "as sent in: nobody was asked" in through(as_user(firm.max), page)


def test_who_signs_at_the_same_time_is_joined_by_a_plus_sign(firm, now, as_user, draft, page) -> None:
    validated(firm, now, amount="3000000.00")
    body = deepcopy(draft.body)
    body["outputs"].append({"name": "together", "type": "list", "label": {"en": "Together", "zh-Hans": "同时"}})
    body["rules"][2]["then"]["together"] = '["team_lead", "operations_manager"]'
    actions.edit_version(draft.pk, body=body, revision=draft.revision, actor=Actor.of(firm.alan), now=now)
    text = through(as_user(firm.max), page).split("Orders decided otherwise")[1]
    assert "Team lead, Operations manager" in text
    assert "Team lead + Operations manager" in text
    assert "A plus sign joins" in text


def test_nothing_to_decide_again_is_said(firm, as_user, page) -> None:
    assert "Nothing was decided in this period" in through(as_user(firm.max), page)


def test_orders_that_the_reader_may_not_open_are_only_counted(firm, now, as_user, page, monkeypatch) -> None:
    monkeypatch.setattr(what_if, "PART", 1)
    order = validated(firm, now, amount="450000.00")
    browser = as_user(firm.alan)
    part = browser.post(page, {"period": "quarter", "done": done_in(browser.get(page).text)}).text
    assert order.number not in str(signing.loads(done_in(part), salt=what_if.SALT))
    text = through(browser, page)
    assert order.number not in text
    assert "450,000" not in text
    assert "You may not open these orders" in text


def test_a_table_that_decides_no_orders_has_no_such_page(firm, as_user) -> None:
    assert as_user(firm.alan).get(reverse("staff:what_if", args=["routing", 1])).status_code == 404


def test_the_draft_leads_to_it_and_a_version_in_force_does_not(firm, as_user, draft, page) -> None:
    browser = as_user(firm.alan)
    assert page in browser.get(reverse("staff:version", args=["transfers", draft.number])).text
    assert "what-if" not in browser.get(reverse("staff:version", args=["transfers", 1])).text


def test_it_speaks_chinese(firm, now, as_user, page) -> None:
    validated(firm, now, amount="450000.00")
    browser = as_user(firm.max)
    browser.cookies["django_language"] = "zh-hans"
    text = through(browser, page)
    assert "团队主管" in text
    assert "Decided" not in text


def test_a_part_costs_a_fixed_number_of_statements(firm, now, as_user, page, django_assert_num_queries) -> None:
    for number in range(3):
        validated(firm, now, amount="450000.00", key=f"key-{number}")
    browser = as_user(firm.max)
    text = browser.get(page).text
    browser.post(page, {"period": "quarter", "done": done_in(text)})
    with django_assert_num_queries(16):
        browser.post(page, {"period": "quarter", "done": done_in(text)})
