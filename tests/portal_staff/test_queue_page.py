"""The queue's page: views, filters, pages, claiming, taking the next, assigning many."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actors import Actor
from tests.firm import address_change, open_item
from work import actions as work
from work.models import Queue, WorkItem
from work.queries import MOST_COUNTED

PAGE = "/staff/queues/maintenance/"
HTMX = {"HX-Request": "true"}


def numbers(response) -> list[str]:
    return re.findall(r'<td class="ref">([^<]+)</td>', response.text)


def test_the_queue_shows_open_items_with_their_owner_and_a_claim_button(firm, desk, as_user) -> None:
    page = as_user(firm.dee).get(PAGE)
    assert sorted(numbers(page)) == sorted([desk.order.number, desk.taken_order.number])
    assert reverse("staff:claim", args=[desk.item.public_id]) in page.text
    assert reverse("staff:claim", args=[desk.taken.public_id]) not in page.text


@pytest.mark.parametrize(
    ("view", "shown"),
    [("unassigned", "order"), ("mine", "taken_order"), ("next", "order"), ("breached", None), ("waiting", None)],
)
def test_each_view_shows_its_part(view: str, shown: str | None, firm, desk, as_user) -> None:
    expected = [getattr(desk, shown).number] if shown else []
    assert numbers(as_user(firm.dee).get(PAGE, {"view": view})) == expected


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"product": "address_change"}, 2), ({"product": "name_change"}, 0), ({"band": "green"}, 2),
        ({"band": "red"}, 0),
        ({"text": "whitmore"}, 2), ({"text": "nobody of that name"}, 0), ({"skill": "mine"}, 2),
    ],
)  # fmt: skip
def test_filters_narrow_the_view(asked: dict[str, str], count: int, firm, desk, as_user) -> None:
    assert len(numbers(as_user(firm.dee).get(PAGE, asked))) == count


def test_an_order_number_finds_its_item_however_it_is_typed(firm, desk, as_user) -> None:
    typed = desk.order.number.lower().replace("tl-", "")
    assert numbers(as_user(firm.dee).get(PAGE, {"text": typed})) == [desk.order.number]


def test_a_filtered_empty_view_offers_to_clear_the_filters(firm, desk, as_user) -> None:
    assert "Clear filters" in as_user(firm.dee).get(PAGE, {"product": "name_change"}).text


def test_htmx_gets_the_table_only(firm, desk, as_user) -> None:
    page = as_user(firm.dee).get(PAGE, headers=HTMX)
    assert '<div id="queue">' in page.text
    assert "<html" not in page.text
    assert "HX-Request" in page["Vary"]


def test_claiming_a_row_gives_the_row_back_with_the_counts(firm, desk, as_user) -> None:
    address = reverse("staff:claim", args=[desk.item.public_id])
    page = as_user(firm.dee).post(f"{address}?view=unassigned", headers=HTMX)
    assert page.text.lstrip().startswith("<tr")
    assert firm.dee.display_name in page.text
    assert 'id="queue-views" hx-swap-oob="true"' in page.text
    assert re.search(r'aria-current="page"[^>]*>Unassigned', page.text)
    assert WorkItem.objects.get(pk=desk.item.pk).holder == firm.dee


def test_claiming_what_somebody_has_says_who(firm, desk, as_user) -> None:
    page = as_user(firm.dov).post(reverse("staff:claim", args=[desk.taken.public_id]), headers=HTMX)
    assert page.status_code == 409
    assert firm.dee.display_name in page.text
    assert WorkItem.objects.get(pk=desk.taken.pk).holder == firm.dee


def test_claiming_without_a_script_leads_to_the_item(firm, desk, as_user) -> None:
    page = as_user(firm.dee).post(reverse("staff:claim", args=[desk.item.public_id]))
    assert page["Location"] == reverse("staff:item", args=[desk.item.public_id])


@pytest.mark.parametrize(
    ("view", "said"), [("open", "sorted by due time"), ("next", "sorted by priority, then by due")]
)
def test_the_page_says_in_which_order_a_view_stands(view: str, said: str, firm, desk, as_user) -> None:
    assert said in as_user(firm.dee).get(PAGE, {"view": view}).text


def test_take_next_opens_the_item_that_is_due_first(firm, desk, as_user) -> None:
    page = as_user(firm.dov).post(reverse("staff:take_next", args=["maintenance"]))
    assert page["Location"] == reverse("staff:item", args=[desk.item.public_id])


def test_take_next_on_an_empty_queue_says_so(firm, as_user) -> None:
    page = as_user(firm.dov).post(reverse("staff:take_next", args=["maintenance"]), follow=True)
    assert "Nothing in this queue waits" in page.text


def test_counts_stop_at_a_thousand(firm, desk, as_user, monkeypatch) -> None:
    monkeypatch.setattr("portal_staff.navigation.MOST_COUNTED", 2)
    monkeypatch.setattr("work.queries.MOST_COUNTED", 2)
    assert MOST_COUNTED == 1000
    assert "1+" in as_user(firm.dee).get(PAGE).text


def test_the_preview_shows_what_the_client_asks_for(firm, desk, as_user) -> None:
    page = as_user(firm.dee).get(reverse("staff:item_part", args=[desk.item.public_id]), headers=HTMX)
    assert "18 Orchard Lane" in page.text
    assert "<html" not in page.text


def test_rows_lead_to_their_items_inside_the_view_and_its_filters(firm, desk, as_user) -> None:
    page = as_user(firm.dee).get(PAGE, {"view": "unassigned", "band": "green"})
    address = reverse("staff:item", args=[desk.item.public_id])
    assert f'href="{address}?view=unassigned&amp;band=green"' in page.text


def test_only_who_can_do_something_with_chosen_rows_can_choose_rows(firm, desk, as_user) -> None:
    assert 'name="item"' in as_user(firm.eve).get(PAGE).text
    assert 'name="item"' not in as_user(firm.dee).get(PAGE).text


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("open", "Nothing waits here"), ("next", "Nothing waits for your skills"),
        ("unassigned", "Every item has an owner"), ("breached", "Everything in this queue is within its target"),
        ("mine", "Nothing here is yours"), ("waiting", "Nothing waits for a client"),
    ],
)  # fmt: skip
def test_an_empty_view_says_why(view: str, said: str, firm, as_user) -> None:
    page = as_user(firm.dee).get(PAGE, {"view": view}).text
    assert said in page
    assert "0 rows" not in page


def test_without_breaches_the_queue_says_when_the_next_one_is_due(firm, desk, as_user, now) -> None:
    WorkItem.objects.filter(pk=desk.item.pk).update(due_at=now + timedelta(minutes=22))
    with time_machine.travel(now, tick=False):
        page = as_user(firm.dee).get(PAGE, {"view": "breached"}).text
    assert "No breached items" in page
    assert "The next one is due in 22 min of business time." in page


def test_the_number_of_statements_does_not_grow_with_the_rows(
    firm, desk, as_user, now, django_assert_max_num_queries
) -> None:
    for number in range(5):
        order = address_change(firm, now, key=f"more-{number}")
        if number % 2:
            work.claim(open_item(order).public_id, actor=Actor.of(firm.dov), now=now)
    browser = as_user(firm.dee)
    browser.get(PAGE)
    with django_assert_max_num_queries(17):
        assert len(numbers(browser.get(PAGE))) == 7


def test_the_list_of_queues_costs_the_same_however_many_there_are(firm, desk, as_user) -> None:
    like = WorkItem.objects.get(pk=desk.item.pk).queue
    browser = as_user(firm.max)
    browser.get("/staff/queues/")
    statements = []
    for number in (0, 5):
        for place in range(number):
            Queue.objects.create(code=f"more-{place}", name=like.name, team=like.team, branch=like.branch)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/staff/queues/").status_code == 200
        statements.append(len(asked))
    assert statements[0] == statements[1] <= 11
