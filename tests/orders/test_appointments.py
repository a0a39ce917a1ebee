"""Places at the counter: taken when the order is sent, moved when the client chooses again, given back at the end."""

from datetime import timedelta

import pytest

from audit.actors import Actor
from catalog.actions import take_place
from catalog.models import Hold, Slot
from orders import actions as orders
from orders.actions.submission import wrong_answers
from orders.models import ClientRequest, Order
from orders.refusals import AnswersWrong, NoPlaceLeft, NoSuchTime
from processes.tasks import fire_timers
from tests.approvals.transfers import done
from tests.firm import open_item, submitted

COMPANY = {
    "company_name": "Xinhe Trading",
    "credit_code": "91320100MA1XK7T59H",
    "legal_representative": "Chen Xin",
    "account_kind": "basic",
    "business_scope": "Trade in tea.",
    "contact_name": "Chen Xin",
    "contact_phone": "025-5550-1234",
}


@pytest.fixture
def slots(firm):
    return list(Slot.objects.filter(offering__product__code="corporate_account_opening").order_by("starts_at")[:3])


def opening(firm, now, slot, key="key-1"):
    answers = {**COMPANY, "appointment": slot.starts_at.isoformat()}
    return submitted(firm.xin, firm.company, "corporate_account_opening", answers, now, key=key)


def fill(slot, now, places=None):
    for number in range(places or slot.capacity):
        take_place(slot.pk, order_ref=f"other-{slot.pk}-{number}", actor=Actor.system("test"), now=now)


def taken(*slots):
    return [Slot.objects.get(pk=slot.pk).taken for slot in slots]


def asked_for_a_new_time(firm, now, slot):
    order = opening(firm, now, slot)
    done(open_item(order), firm.cora, now, pre_review="passed")
    fire_timers(slot.starts_at)
    done(open_item(order, "counter_visit"), firm.cora, slot.ends_at, visit_result="no_show")
    return order, ClientRequest.objects.get(order=order)


def test_sending_takes_one_place(firm, now, slots):
    order = opening(firm, now, slots[0])
    assert (taken(slots[0]), order.slot) == ([1], slots[0])
    assert Hold.objects.get(released_at=None).order_ref == order.ledger_ref


def test_the_last_place_goes_to_one(firm, now, slots):
    fill(slots[0], now, slots[0].capacity - 1)
    opening(firm, now, slots[0])
    with pytest.raises(NoPlaceLeft) as refused:
        opening(firm, now, slots[0], key="key-2")
    assert list(refused.value.fields) == ["appointment"]
    late = Order.objects.get(idempotency_key="key-2")
    assert (late.state, late.slot, taken(slots[0])) == ("draft", None, [slots[0].capacity])


@pytest.mark.parametrize("start", ["2026-11-17T09:07:00Z", "2026-13-45T09:00:00Z", "2026-11-17T09:00:00", "tomorrow"])
def test_a_time_that_is_not_offered_is_refused_at_the_field(firm, now, slots, start):
    answers = {**COMPANY, "appointment": start}
    with pytest.raises((NoSuchTime, AnswersWrong)) as refused:
        submitted(firm.xin, firm.company, "corporate_account_opening", answers, now)
    assert list(refused.value.fields) == ["appointment"]


def test_a_new_time_takes_its_place_and_gives_the_old_one_back(firm, now, slots):
    first, second = slots[0], slots[2]
    order, request = asked_for_a_new_time(firm, now, first)
    answers = {"appointment": second.starts_at.isoformat()}
    orders.answer_request(request.public_id, answers=answers, actor=Actor.of(firm.xin), now=first.ends_at)
    assert taken(first, second) == [0, 1]
    order = Order.objects.get(pk=order.pk)
    assert (order.slot, order.state) == (second, "in_progress")
    assert Hold.objects.get(released_at=None).slot == second
    assert fire_timers(second.starts_at - timedelta(seconds=1)) == 0
    assert (fire_timers(second.starts_at), open_item(order).node) == (1, "counter_visit")


def test_a_new_time_that_is_full_changes_nothing_and_is_said_at_the_field(firm, now, slots):
    first, second = slots[0], slots[2]
    order, request = asked_for_a_new_time(firm, now, first)
    fill(second, now)
    answers = {"appointment": second.starts_at.isoformat()}
    with pytest.raises(NoPlaceLeft) as refused:
        orders.answer_request(request.public_id, answers=answers, actor=Actor.of(firm.xin), now=first.ends_at)
    assert list(refused.value.fields) == ["appointment"]
    request.refresh_from_db()
    assert (request.answered_at, taken(first, second)) == (None, [1, second.capacity])
    assert Order.objects.get(pk=order.pk).slot == first


def test_calling_off_before_the_appointment_gives_the_place_back(firm, now, slots):
    order = opening(firm, now, slots[0])
    orders.cancel_order(order.public_id, reason="Not yet.", actor=Actor.of(firm.xin), now=now)
    assert taken(slots[0]) == [0]


def test_after_the_appointment_a_used_place_stays_used(firm, now, slots):
    order = opening(firm, now, slots[0])
    orders.cancel_order(order.public_id, reason="No.", actor=Actor.of(firm.xin), now=slots[0].ends_at)
    assert taken(slots[0]) == [1]


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_time_at_the_edge_of_the_calendar_is_no_free_time(firm, now, time):
    with pytest.raises(NoSuchTime) as refused:
        submitted(firm.xin, firm.company, "corporate_account_opening", {**COMPANY, "appointment": time}, now)
    assert list(refused.value.fields) == ["appointment"]


def test_a_draft_says_before_sending_which_times_are_not_free(firm, now, slots):
    def wrong(slot_or_text):
        start = slot_or_text if isinstance(slot_or_text, str) else slot_or_text.starts_at.isoformat()
        draft = orders.save_draft(
            product=slots[0].offering.product, client=firm.company, channel="web",
            answers={**COMPANY, "appointment": start}, idempotency_key="k", actor=Actor.of(firm.xin), now=now,
        )  # fmt: skip
        return wrong_answers(draft, now)

    fill(slots[0], now)
    assert "just been taken" in wrong(slots[0])["appointment"]
    assert "Nothing is offered" in wrong("2020-01-06T09:00:00+08:00")["appointment"]
    Slot.objects.filter(pk=slots[1].pk).update(starts_at=now - timedelta(hours=1), ends_at=now)
    assert "Nothing is offered" in wrong((now - timedelta(hours=1)).isoformat())["appointment"]
    assert wrong(slots[2]) == {}
