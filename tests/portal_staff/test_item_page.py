"""A step's page: its form, drafts, completing, giving back, and two people at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from audit.actors import Actor
from audit.models import Entry
from orders import actions as orders
from orders.models import Order
from portal_staff.activity import Opener
from sla.models import Clock
from work import actions as work
from work.models import WorkItem

ANSWERS = {"address_check": "confirmed", "checked_against": "login"}


def url(name: str, item: WorkItem) -> str:
    return reverse(f"staff:{name}", args=[item.public_id])


def posted(item: WorkItem, **answers: object) -> dict:
    return {"version": WorkItem.objects.get(pk=item.pk).version, **ANSWERS, **answers}


def test_the_holder_sees_the_form_the_order_and_the_activity(firm, desk, as_user) -> None:
    page = as_user(firm.dee).get(url("item", desk.taken)).text
    for part in ('name="address_check"', "18 Orchard Lane", "claimed the step", "<svg", "Complete and next"):
        assert part in page


def test_somebody_else_is_told_who_has_it_and_gets_no_form_to_send(firm, desk, as_user) -> None:
    page = as_user(firm.dov).get(url("item", desk.taken)).text
    assert f"{firm.dee.display_name} has this item." in page
    assert url("complete", desk.taken) not in page


def test_completing_moves_the_order_on(firm, desk, as_user) -> None:
    page = as_user(firm.dee).post(url("complete", desk.taken), posted(desk.taken, then="order"))
    assert page["Location"] == reverse("staff:order", args=[desk.taken_order.number])
    assert WorkItem.objects.get(pk=desk.taken.pk).state == "completed"
    assert WorkItem.objects.open().get(order=desk.taken_order).node == "update_records"


def test_complete_and_next_opens_the_next_item(firm, desk, as_user) -> None:
    page = as_user(firm.dee).post(url("complete", desk.taken), posted(desk.taken, then="next"))
    following = WorkItem.objects.get(holder=firm.dee)
    assert page["Location"] == url("item", following)


def test_missing_answers_stand_at_their_field_and_typed_text_is_kept(firm, desk, as_user) -> None:
    typed = {"version": desk.taken.version, "checked_against": "login", "then": "order"}
    page = as_user(firm.dee).post(url("complete", desk.taken), typed)
    assert page.status_code == 422
    assert 'href="#field-address_check"' in page.text
    assert re.search(r'name="checked_against" value="login" checked', page.text)
    assert WorkItem.objects.get(pk=desk.taken.pk).state == "in_progress"


def test_a_stale_page_gets_409_with_who_changed_it_and_keeps_what_was_typed(firm, desk, as_user, now) -> None:
    stale = desk.taken.version
    work.set_priority(desk.taken.public_id, priority=1, reason="The client called", actor=Actor.of(firm.eve), now=now)
    page = as_user(firm.dee).post(url("complete", desk.taken), {**ANSWERS, "version": stale, "then": "order"})
    assert page.status_code == 409
    assert firm.eve.display_name in page.text
    assert "The client called" in page.text
    assert re.search(r'name="checked_against" value="login" checked', page.text)
    current = WorkItem.objects.get(pk=desk.taken.pk).version
    assert f'name="version" value="{current}"' in page.text
    again = as_user(firm.dee).post(url("complete", desk.taken), {**ANSWERS, "version": current, "then": "order"})
    assert again.status_code == 302


def test_somebody_elses_item_cannot_be_completed(firm, desk, as_user) -> None:
    page = as_user(firm.dov).post(url("complete", desk.taken), posted(desk.taken))
    assert page.status_code == 409
    assert firm.dee.display_name in page.text


def test_a_draft_is_kept_and_shown_again(firm, desk, as_user) -> None:
    browser = as_user(firm.dee)
    saved = browser.post(
        url("keep_draft", desk.taken), posted(desk.taken, check_reason="Looks right"), headers={"HX-Request": "true"}
    )
    assert "Draft saved at" in saved.text
    assert re.search(r'name="checked_against" value="login" checked', browser.get(url("item", desk.taken)).text)


@pytest.mark.parametrize(("verb", "state"), [("release", "queued"), ("pend", "pending")])
def test_a_reason_is_asked_on_a_page_of_its_own_and_kept(verb: str, state: str, firm, desk, as_user) -> None:
    browser = as_user(firm.dee)
    assert 'name="reason"' in browser.get(url(verb, desk.taken)).text
    assert browser.post(url(verb, desk.taken), {"reason": " "}).status_code == 422
    browser.post(url(verb, desk.taken), {"reason": "Needs a colleague"})
    assert WorkItem.objects.get(pk=desk.taken.pk).state == state
    assert Entry.objects.filter(subject=desk.taken.subject).latest("pk").reason == "Needs a colleague"


def test_pending_says_that_the_orders_clock_goes_on_where_the_step_has_none_of_its_own(firm, desk, as_user) -> None:
    assert not Clock.objects.filter(work_item=desk.taken).exists()
    page = as_user(firm.dee).post(url("pend", desk.taken), {"reason": "The lease is missing"}, follow=True)
    assert "Pended. The order&#x27;s clock goes on." in page.text


def test_pending_says_that_the_steps_own_clock_is_paused(firm, desk, as_user, now) -> None:
    clock = Clock.objects.get(order=desk.taken_order)
    Clock.objects.create(
        work_item=desk.taken,
        **{
            field.attname: getattr(clock, field.attname)
            for field in Clock._meta.fields
            if field.name not in ("id", "work_item")
        },
    )
    page = as_user(firm.dee).post(url("pend", desk.taken), {"reason": "The lease is missing"}, follow=True)
    assert "Pended. Its clock is paused." in page.text


@pytest.mark.parametrize(
    ("hours", "said"), [(-1, "Met"), (1, "Late by 1 h")], ids=["ended in time", "ended an hour too late"]
)
def test_a_step_that_is_over_says_whether_it_was_in_time_and_counts_no_further(
    hours: int, said: str, firm, desk, as_user, now
) -> None:
    work.complete(desk.taken.public_id, answers=ANSWERS, actor=Actor.of(firm.dee), now=now)
    WorkItem.objects.filter(pk=desk.taken.pk).update(due_at=now - timedelta(hours=hours), ended_at=now, band="red")
    for address in (url("item", desk.taken), url("item_part", desk.taken)):
        chips = re.findall(r'class="chip[^>]*>(.*?)</span>', as_user(firm.dee).get(address).text, re.DOTALL)
        assert any(said in chip for chip in chips)
        assert not any(" left" in chip or " over" in chip for chip in chips)


def test_pending_and_resuming(firm, desk, as_user) -> None:
    browser = as_user(firm.dee)
    browser.post(url("pend", desk.taken), {"reason": "The lease is missing"})
    assert "The lease is missing" in browser.get(url("item", desk.taken)).text
    browser.post(url("resume", desk.taken))
    assert WorkItem.objects.get(pk=desk.taken.pk).state == "in_progress"


def test_a_lead_assigns_and_the_assignee_starts(firm, desk, as_user) -> None:
    as_user(firm.eve).post(url("assign", desk.item), {"to": firm.dov.public_id})
    assert WorkItem.objects.get(pk=desk.item.pk).state == "assigned"
    as_user(firm.dov).post(url("start", desk.item))
    assert WorkItem.objects.get(pk=desk.item.pk).state == "in_progress"


def test_a_message_and_a_note_are_written_once_each(firm, desk, as_user) -> None:
    browser, number = as_user(firm.dee), desk.order.number
    for _again in range(2):
        browser.post(reverse("staff:message", args=[number]), {"body": "Which flat?", "key": "m1"})
        browser.post(reverse("staff:note", args=[number]), {"body": "Called twice", "key": "n1"})
    page = browser.get(reverse("staff:order", args=[number])).text
    assert page.count('<div class="bubble">Which flat?</div>') >= 1
    assert list(desk.order.messages.values_list("is_internal", flat=True).order_by("pk")) == [False, True]


def test_a_lead_cancels_an_order_with_a_reason(firm, desk, as_user) -> None:
    address = reverse("staff:cancel", args=[desk.order.number])
    browser = as_user(firm.eve)
    assert browser.post(address, {"reason": ""}).status_code == 422
    browser.post(address, {"reason": "Sent twice"})
    assert Order.objects.get(pk=desk.order.pk).state == "cancelled"


def test_personal_fields_of_the_ledger_open_only_for_who_may_see_the_client(firm, desk, as_user) -> None:
    address = reverse("staff:trail", args=[desk.order.number])
    assert "18 Orchard Lane" in as_user(firm.dee).get(address).text
    submitted = Entry.objects.get(fact="orders.order.submitted", order_ref=desk.order.ledger_ref)
    assert "18 Orchard Lane" in str(Opener(firm.dee).open(submitted))
    assert Opener(firm.xin).open(submitted) == {}


def test_the_personal_fields_of_a_page_cost_two_statements(firm, desk, now, django_assert_num_queries) -> None:
    for number in range(3):
        orders.send_message(
            desk.order.public_id, body="A word", idempotency_key=f"k{number}", actor=Actor.of(firm.ana), now=now
        )
    entries = list(Entry.objects.exclude(personal=""))
    opener = Opener(firm.dee, entries)
    firm.dee.__dict__.pop("_held_rights", None)
    with django_assert_num_queries(3):  # of many clients: the rights, the clients, the keys
        assert sum(bool(opener.open(entry)) for entry in entries) > 20
