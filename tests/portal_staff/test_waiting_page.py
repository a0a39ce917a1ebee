"""The page of everything that waits: the failed first, then the oldest; each reader sees their own; page by page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import actions as accounts
from orders.models import Order
from portal_staff.views import waiting
from processes import actions
from processes.refusals import StepFailed
from tests.firm import address_change
from tests.portal_staff.test_instance_pages import BUSY, CALLED, FAILING, RUN
from tests.processes.drawings import SYSTEM, complete, order_of, put_in_force

PAGE = "/staff/processes/waiting/"
STATEMENTS = 16


@pytest.fixture
def waits(firm, now) -> list[Order]:
    """An address change, a busy process that calls another one, and one that failed: the failed one is the youngest."""
    first = address_change(firm, now, key="first")
    put_in_force(firm, "kyc", CALLED, now)
    put_in_force(firm, "main", BUSY, now)
    busy = order_of(firm, "main", now, sent_as="busy")
    put_in_force(firm, "other", FAILING.replace(b'id="main"', b'id="other"'), now)
    failed = order_of(firm, "other", now, sent_as="failed")
    with pytest.raises(StepFailed):
        complete(failed, "look", firm.dee, now)
    return [first, busy, failed]


def numbers(response) -> list[str]:
    return [row["order"].number if row["order"] else "" for row in response.context["rows"]]


def test_the_failed_stand_first_then_the_oldest(firm, waits, as_user) -> None:
    first, busy, failed = waits
    response = as_user(firm.dee).get(PAGE)
    assert numbers(response) == [failed.number, first.number, busy.number, busy.number]
    for said in ("Stands still", "Failed step", "Work", "Message", "paid", "called by another process", "due"):
        assert said in response.text
    assert reverse("staff:instance", args=[failed.number]) in response.text
    assert reverse("staff:called_instance", args=[busy.number, 1]) in response.text


def test_what_ended_does_not_wait(firm, now, waits, as_user) -> None:
    browser = as_user(firm.eve)
    browser.post(reverse("staff:cancel_instance", args=[waits[1].number]), {"reason": "Asked by phone."})
    assert waits[1].number not in numbers(browser.get(PAGE))


def test_one_process_by_its_key(firm, waits, as_user) -> None:
    browser = as_user(firm.max)
    assert numbers(browser.get(PAGE, {"process": "kyc"})) == [waits[1].number]
    assert numbers(browser.get(PAGE, {"process": "name_change"})) == []
    assert "Nothing of this process waits" in browser.get(PAGE, {"process": "name_change"}).text
    assert len(numbers(browser.get(PAGE, {"process": "no such"}))) == 4


def test_page_by_page_nothing_is_lost(firm, waits, as_user, monkeypatch) -> None:
    monkeypatch.setattr(waiting, "PAGE", 1)
    browser, address, found = as_user(firm.dee), PAGE, []
    while address:
        response = browser.get(address)
        found += numbers(response)
        address = response.context["next_url"]
    first, busy, failed = waits
    assert found == [failed.number, first.number, busy.number, busy.number]
    assert browser.get(f"{PAGE}?after=nothing.x").status_code == 200


def test_nobody_sees_what_they_may_not(firm, now, waits, as_user) -> None:
    version = put_in_force(firm, "begun", RUN.replace(b'id="main"', b'id="begun"'), now)
    accounts.grant(accounts.group("role:administrator"), "edit_process", version.model, actor=SYSTEM, now=now)
    actions.deliver_message("begun", keys={}, payload={}, dedupe_key="r", actor=SYSTEM, now=now)
    actions.deliver_message("nobody", keys={}, payload={}, dedupe_key="n", actor=SYSTEM, now=now)
    assert numbers(as_user(firm.cora).get(PAGE)) == []
    kept = as_user(firm.alan).get(PAGE)
    assert numbers(kept) == [""]
    assert "nobody waits for" in kept.text
    analyst = as_user(firm.dee).get(PAGE)
    assert "" not in numbers(analyst)
    assert "nobody waits for" not in analyst.text
    assert as_user(firm.ana).get(PAGE).status_code == 403


def test_nothing_to_see_is_no_all_clear(firm, waits, as_user) -> None:
    text = as_user(firm.alan).get(PAGE).text
    assert "Nothing waits among what you may see" in text
    assert "Other processes run (1), for orders that you may not see" in text
    assert "Every process that you may see has ended." not in text
    assert "您可以查看的流程均已结束。" in as_user(firm.cora).get(PAGE).text


def test_it_costs_a_fixed_number_of_statements(firm, now, waits, as_user) -> None:
    browser = as_user(firm.dee)
    for number in range(3):
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            browser.get(PAGE)
        assert len(captured) == STATEMENTS
        order_of(firm, "main", now, sent_as=f"more-{number}")
