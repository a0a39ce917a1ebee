"""Asking to hurry: who may how often, what moves, who is told, and that the target stays."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.actors import Actor
from audit.due import run_due
from audit.invariants import check_all
from audit.models import Entry
from audit.refusals import NotAllowed
from notifications.models import Notice
from orders import actions as orders
from orders.models import Order, Urge
from orders.refusals import AskedAlready, NoSuchOrder, WrongMoment
from sla.models import Clock
from tests.firm import address_change, open_item
from tests.races import at_once, needs_row_locks
from work import actions as work

TUESDAY_OPENS = datetime(2026, 11, 17, 14, 0, tzinfo=UTC)  # 09:00 in New York


@pytest.fixture
def order(firm, now):
    return address_change(firm, now)


def urge(order, who, at):
    return orders.urge_order(order.public_id, actor=Actor.of(who), now=at)


def again(order):
    return Order.objects.get(pk=order.pk)


def done(order, who, now, **answers):
    item = open_item(order)
    work.claim(item.public_id, actor=Actor.of(who), now=now)
    work.complete(item.public_id, answers=answers, actor=Actor.of(who), now=now)


def test_the_order_and_its_open_work_move_up_and_the_target_stays(firm, now, order):
    before = open_item(order)
    urge(order, firm.ana, now + timedelta(minutes=5))
    item, row = open_item(order), again(order)
    assert (item.priority, row.priority) == (before.priority - 1, order.priority - 1)
    assert (item.due_at, row.promised_at, row.due_at) == (before.due_at, again(order).promised_at, before.due_at)
    assert Clock.objects.get(order=order).due_at == row.due_at
    entry = Entry.objects.get(fact="orders.order.urged")
    assert entry.data == {"from_client": True, "count": 1}
    moved = Entry.objects.get(fact="work.item.prioritised")
    assert (moved.before, moved.after, moved.action_id) == ({"priority": 3}, {"priority": 2}, entry.action_id)
    assert [violation for result in check_all() for violation in result.violations] == []


def test_an_urged_order_is_taken_before_others_of_its_kind(firm, now, order):
    urged = address_change(firm, now + timedelta(minutes=1), key="key-2")
    urge(urged, firm.ana, now + timedelta(minutes=5))
    taken = work.take_next("maintenance", actor=Actor.of(firm.dee), now=now + timedelta(minutes=6))
    assert taken.order_number == urged.number


def test_what_opens_later_is_as_urgent(firm, now, order):
    urge(order, firm.ana, now)
    done(order, firm.dee, now, address_check="confirmed", checked_against="login")
    assert open_item(order).priority == 2


def test_the_clients_side_asks_once_a_working_day_and_hears_from_when_again(firm, now, order):
    urge(order, firm.ana, now)
    for who in (firm.ana, firm.adam):
        with pytest.raises(AskedAlready) as refused:
            urge(order, who, now + timedelta(hours=9))  # the same evening
        assert refused.value.facts["again_at"] == TUESDAY_OPENS
        assert refused.value.next_step == "You can ask again from Tue 17 Nov, 14:00."
    assert urge(order, firm.ana, TUESDAY_OPENS).working_day.isoformat() == "2026-11-17"


def test_a_weekend_belongs_to_its_friday(firm, order):
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    urge(order, firm.ana, friday)
    with pytest.raises(AskedAlready) as refused:
        urge(order, firm.ana, friday + timedelta(days=2))
    assert refused.value.facts["again_at"] == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_the_next_step_may_be_urged_on_the_same_day_and_nothing_moves_up_twice(firm, now, order):
    urge(order, firm.ana, now)
    done(order, firm.dee, now, address_check="confirmed", checked_against="login")
    urge(order, firm.ana, now)
    assert again(order).priority == open_item(order).priority == 2
    assert [entry.data["count"] for entry in Entry.objects.filter(fact="orders.order.urged").order_by("pk")] == [1, 2]


def test_staff_ask_at_any_time(firm, now, order):
    for _ in range(2):
        assert not urge(order, firm.dee, now).from_client
    assert urge(order, firm.ana, now).from_client


def test_the_holder_and_the_lead_are_told_and_who_asked_is_not(firm, now, order):
    work.claim(open_item(order).public_id, actor=Actor.of(firm.dee), now=now)
    urge(order, firm.ana, now)
    urge(order, firm.eve, now)
    run_due(now)
    told = Notice.objects.filter(template="order_urged", channel="inbox")
    assert list(told.filter(recipient=firm.dee).values_list("url", flat=True)) == [f"/staff/orders/{order.number}/"] * 2
    assert told.filter(recipient=firm.eve).count() == 1
    assert told.exclude(recipient__in=[firm.dee, firm.eve]).count() == 0


def test_strangers_and_readers_do_not_urge(firm, now, order):
    with pytest.raises(NoSuchOrder):
        urge(order, firm.bo, now)
    with pytest.raises(NotAllowed):
        urge(order, firm.judith, now)
    assert not Urge.objects.exists()


def test_there_is_nobody_to_hurry_at_the_clients_turn_or_after_the_end(firm, now, order):
    done(order, firm.dee, now, address_check="proof_needed", checked_against="paper")
    with pytest.raises(WrongMoment):
        urge(order, firm.ana, now)
    orders.cancel_order(order.public_id, reason="Not needed.", actor=Actor.of(firm.ana), now=now)
    with pytest.raises(WrongMoment):
        urge(order, firm.dee, now)


def test_the_database_keeps_one_a_day(firm, now, order):
    first = urge(order, firm.ana, now)
    same = {"order": order, "by": firm.ana, "nodes": first.nodes, "working_day": first.working_day, "urged_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        Urge.objects.create(from_client=True, **same)
    Urge.objects.create(from_client=False, **same)


class TestAtOnce:
    pytestmark = needs_row_locks

    def test_of_many_clicks_one_counts(self, firm, now):
        order, who = address_change(firm, now), firm.ana
        results = at_once([lambda: urge(order, type(who).objects.get(pk=who.pk), now)] * 8)
        assert sorted({type(result).__name__ for result in results}) == ["AskedAlready", "Urge"], results
        assert Urge.objects.count() == 1
        assert open_item(order).priority == 2
