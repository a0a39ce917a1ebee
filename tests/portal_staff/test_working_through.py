"""Working through a list: from item to item inside a view, and back to where one came from."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from audit.actors import Actor
from tests.firm import address_change, open_item, submitted
from tests.journeys.scene import TRANSFER, done
from work import actions as work
from work.models import WorkItem

ANSWERS = {"address_check": "confirmed", "checked_against": "login"}
QUEUE = "/staff/queues/maintenance/"


@pytest.fixture
def three(firm, now) -> list[WorkItem]:
    return [open_item(address_change(firm, now, key=f"item-{number}")) for number in range(3)]


def url(item: WorkItem, query: str = "") -> str:
    return reverse("staff:item", args=[item.public_id]) + query


def way(page, key: str) -> str:
    found = re.search(rf'href="([^"]+)" data-key="{key}"', page.text)
    return found[1].replace("&amp;", "&") if found else ""


def test_j_and_k_stay_inside_the_view_and_escape_leads_back_to_it(firm, three, as_user, now) -> None:
    work.claim(three[1].public_id, actor=Actor.of(firm.dov), now=now)
    query = "?view=unassigned&band=green"
    page = as_user(firm.dee).get(url(three[0], query))
    assert (way(page, "k"), way(page, "j")) == ("", url(three[2], query))
    assert way(page, "escape") == QUEUE + query
    assert "1 of 2" in page.text
    assert way(as_user(firm.dee).get(url(three[0])), "j") == url(three[1])


def test_from_my_work_the_way_goes_through_what_is_mine(firm, three, as_user, now) -> None:
    for item in (three[0], three[2]):
        work.claim(item.public_id, actor=Actor.of(firm.dee), now=now)
    browser = as_user(firm.dee)
    assert f'href="{url(three[0], "?view=my-work")}"' in browser.get(reverse("staff:my_work")).text
    page = browser.get(url(three[0], "?view=my-work"))
    assert way(page, "j") == url(three[2], "?view=my-work")
    assert way(page, "escape") == reverse("staff:my_work")


def test_completing_goes_on_inside_the_view(firm, three, as_user, now) -> None:
    mine = work.claim(three[0].public_id, actor=Actor.of(firm.dee), now=now)
    sent = {**ANSWERS, "version": mine.version, "then": "next"}
    page = as_user(firm.dee).post(reverse("staff:complete", args=[mine.public_id]) + "?view=next", sent)
    assert page["Location"] == url(three[1], "?view=next")


def test_releasing_from_a_row_leads_back_to_its_list(firm, three, as_user, now) -> None:
    work.claim(three[0].public_id, actor=Actor.of(firm.dee), now=now)
    browser = as_user(firm.dee)
    address = reverse("staff:release", args=[three[0].public_id]) + "?view=mine"
    assert address in browser.get(QUEUE, {"view": "mine"}).text
    assert f'name="next" value="{QUEUE}?view=mine"' in browser.get(address).text


def test_an_approver_goes_from_decision_to_decision(firm, as_user, now) -> None:
    for number in range(2):
        order = submitted(firm.ana, firm.ana_client, "full_acat", TRANSFER, now, key=f"transfer-{number}")
        done(open_item(order), firm.tia, now, transfer_check="valid")
    first, second = WorkItem.objects.filter(kind="approval", role="team_lead").order_by("due_at", "id")
    page = as_user(firm.omar).get(reverse("staff:decision", args=[first.public_id]))
    assert way(page, "j") == reverse("staff:decision", args=[second.public_id])
    assert way(page, "escape") == reverse("staff:approvals")
    assert "1 of 2" in page.text


def test_the_page_of_an_item_costs_the_same_however_long_its_queue_is(
    firm, three, as_user, now, django_assert_max_num_queries
) -> None:
    browser = as_user(firm.dee)
    browser.get(url(three[1]))
    with django_assert_max_num_queries(26):
        browser.get(url(three[1]))
    for number in range(4):
        address_change(firm, now, key=f"more-{number}")
    with django_assert_max_num_queries(26):
        browser.get(url(three[1]))
