"""Several items at once: one action each, done or refused by number, and taken back as one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.actors import Actor
from audit.models import Entry
from tests.firm import address_change, open_item
from work import actions as work
from work.models import WorkItem

PAGE = "/staff/queues/maintenance/"
HTMX = {"HX-Request": "true"}


def to(name: str) -> str:
    return reverse(f"staff:{name}", args=["maintenance"])


def shown(browser) -> list[str]:
    return re.findall(r'name="shown" value="([^"]+)"', browser.get(PAGE).text)


def steps(page) -> list[str]:
    return re.findall(r'name="step" value="([^"]+)"', page.text)


def holders(*items: WorkItem) -> list[Any]:
    return [WorkItem.objects.get(pk=item.pk).holder for item in items]


def facts(item: WorkItem) -> list[str]:
    entries = Entry.objects.filter(subject=item.subject).order_by("pk")
    return [entry.fact.removeprefix("work.item.") for entry in entries]


def test_a_lead_assigns_many_at_once_and_takes_it_back(firm, desk, as_user) -> None:
    browser = as_user(firm.eve)
    posted = {"item": [desk.item.public_id, desk.taken.public_id], "to": firm.dov.public_id, "shown": shown(browser)}
    page = browser.post(to("assign_many"), posted, follow=True)
    assert "2 items assigned" in page.text
    assert holders(desk.item, desk.taken) == [firm.dov, firm.dov]
    undone = browser.post(to("undo"), {"step": steps(page)}, follow=True)
    assert "2 items are as they were." in undone.text
    assert holders(desk.item, desk.taken) == [None, firm.dee]
    assert facts(desk.item)[-2:] == ["assigned", "released"]


def test_undoing_leaves_alone_what_has_moved_on(firm, desk, as_user) -> None:
    browser = as_user(firm.eve)
    page = browser.post(to("assign_many"), {"item": [desk.item.public_id], "to": firm.dov.public_id}, follow=True)
    work.start(desk.item.public_id, actor=Actor.of(firm.dov), now=timezone.now())
    undone = browser.post(to("undo"), {"step": steps(page)}, follow=True)
    assert f"0 done, 1 refused. {desk.order.number}: " in undone.text
    assert "Marcus Oyelaran changed it meanwhile" in undone.text
    assert holders(desk.item) == [firm.dov]


def test_a_claim_is_taken_back_from_its_toast(firm, desk, as_user) -> None:
    browser = as_user(firm.dee)
    page = browser.post(reverse("staff:claim", args=[desk.item.public_id]), headers=HTMX)
    assert len(steps(page)) == 1
    browser.post(to("undo"), {"step": steps(page)})
    assert holders(desk.item) == [None]
    assert facts(desk.item)[-2:] == ["claimed", "released"]


def test_claiming_what_one_holds_already_offers_nothing_to_take_back(firm, desk, as_user) -> None:
    page = as_user(firm.dee).post(reverse("staff:claim", args=[desk.taken.public_id]), headers=HTMX)
    assert steps(page) == []


def test_a_lead_gives_many_items_one_priority_with_a_reason(firm, desk, as_user) -> None:
    posted = {"item": [desk.item.public_id, desk.taken.public_id], "priority": "1", "reason": "The clients called."}
    page = as_user(firm.eve).post(to("prioritise_many"), posted, follow=True)
    assert "2 items set to P1." in page.text
    assert set(WorkItem.objects.values_list("priority", flat=True)) == {1}
    assert Entry.objects.filter(fact="work.item.prioritised", reason="The clients called.").count() == 2


def test_each_refused_item_is_named_with_its_reason_and_the_others_are_done(firm, desk, as_user, now) -> None:
    third = open_item(address_change(firm, now, key="third"))
    browser = as_user(firm.eve)
    rows = shown(browser)
    work.claim(desk.item.public_id, actor=Actor.of(firm.dov), now=now)
    work.complete(
        desk.taken.public_id,
        answers={"address_check": "confirmed", "checked_against": "login"},
        actor=Actor.of(firm.dee),
        now=now,
    )
    chosen = [desk.item.public_id, desk.taken.public_id, third.public_id]
    posted = {"item": chosen, "shown": rows, "priority": "2", "reason": "Urgent."}
    page = browser.post(to("prioritise_many"), posted, follow=True).text
    assert "1 done, 2 refused." in page
    assert f"{desk.order.number}: Expected the item as it was shown, but Marcus Oyelaran changed it meanwhile." in page
    assert f"{desk.taken_order.number}: Expected an open work item, but it is “Completed”." in page
    assert "1 item set to P2." in page
    assert WorkItem.objects.get(pk=third.pk).priority == 2
    assert WorkItem.objects.get(pk=desk.item.pk).priority == 3


@pytest.mark.parametrize(
    ("given", "status"),
    [({}, 200), ({"priority": "1"}, 422), ({"reason": "Why."}, 422), ({"priority": "9", "reason": "Why."}, 422)],
)
def test_without_a_script_priority_and_reason_are_asked_on_a_page(
    given: dict[str, str], status: int, firm, desk, as_user
) -> None:
    page = as_user(firm.eve).post(to("prioritise_many"), {"item": [desk.item.public_id], **given})
    assert page.status_code == status
    assert desk.order.number in page.text
    assert f'name="item" value="{desk.item.public_id}"' in page.text
    assert WorkItem.objects.get(pk=desk.item.pk).priority == 3


def test_assigning_to_nobody_or_nothing_is_refused(firm, desk, as_user) -> None:
    browser = as_user(firm.eve)
    for posted in ({"item": [desk.item.public_id]}, {"to": firm.dov.public_id}, {"item": ["x"], "to": "y"}):
        assert browser.post(to("assign_many"), posted).status_code == 422
    assert browser.post(to("undo"), {"step": ["x", "~~", ""]}).status_code == 422


def test_more_items_than_a_page_holds_are_refused_at_once(firm, desk, as_user, monkeypatch) -> None:
    monkeypatch.setattr("portal_staff.views.bulk.MOST_AT_ONCE", 1)
    posted = {"item": [desk.item.public_id, desk.taken.public_id], "to": firm.dov.public_id}
    page = as_user(firm.eve).post(to("assign_many"), posted)
    assert page.status_code == 422
    assert "Expected at most 1 items at once, but 2 were chosen." in page.text
    assert holders(desk.item, desk.taken) == [None, firm.dee]


def test_an_item_of_another_queue_is_refused_without_its_number(firm, desk, as_user) -> None:
    posted = {"item": [desk.item.public_id], "to": firm.tia.public_id}
    page = as_user(firm.omar).post(reverse("staff:assign_many", args=["transfers"]), posted, follow=True)
    assert "0 done, 1 refused." in page.text
    assert desk.order.number not in page.text


def test_a_redirect_never_leaves_the_house(firm, desk, as_user) -> None:
    posted = {"item": [desk.item.public_id], "to": firm.dov.public_id, "next": "https://elsewhere.example/"}
    assert as_user(firm.eve).post(to("assign_many"), posted)["Location"] == PAGE
    step = f"{desk.item.public_id}~1~"
    assert as_user(firm.eve).post(to("undo"), {"step": step, "next": "//elsewhere.example/"})["Location"] == PAGE
