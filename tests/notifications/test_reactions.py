"""Who is told what, once, and never anything personal or staff-side."""

from datetime import timedelta

import pytest

from accounts.models import User
from audit.actors import Actor
from audit.context import replaying
from audit.due import run_due
from audit.models import Delivery, Entry
from notifications import reactions
from notifications.models import Notice
from orders import actions as orders
from tests.firm import address_change, open_item
from work import actions as work


@pytest.fixture
def ana(firm):
    User.objects.filter(pk=firm.ana.pk).update(email="ana@example.com")
    return firm.ana


def told(person, channel="inbox"):
    rows = Notice.objects.filter(recipient=person, channel=channel).order_by("id")
    return [row.template for row in rows]


def test_a_client_is_told_of_receipt_in_the_inbox_and_by_mail(firm, ana, now):
    order = address_change(firm, now)
    assert told(ana) == []  # a moment later, by the worker
    run_due(now)
    assert told(ana) == told(ana, "email") == ["order_received"]
    notice = Notice.objects.get(recipient=ana, channel="inbox")
    assert notice.context == {"number": order.number}
    assert notice.url == f"/orders/{order.number}/"
    assert Notice.objects.exclude(recipient=ana).count() == 0


def test_the_same_reaction_twice_tells_once(firm, ana, now):
    address_change(firm, now)
    run_due(now)
    reactions.tell_client_of_receipt(Entry.objects.get(fact="orders.order.submitted"))
    assert told(ana) == ["order_received"]
    assert told(ana, "email") == ["order_received"]


def test_who_has_no_address_gets_no_mail(firm, now):
    User.objects.filter(pk=firm.ana.pk).update(email="")
    address_change(firm, now)
    run_due(now)
    assert told(firm.ana) == ["order_received"]
    assert told(firm.ana, "email") == []


def test_who_cancelled_their_own_order_is_not_told_that_they_did(firm, ana, now):
    order = address_change(firm, now)
    orders.cancel_order(order.public_id, reason="Changed my mind.", actor=Actor.of(ana), now=now)
    run_due(now)
    assert told(ana) == ["order_received"]


def test_the_end_of_an_order_is_told_by_its_outcome(firm, ana, now):
    order = address_change(firm, now)
    orders.cancel_order(order.public_id, reason="Asked by phone.", actor=Actor.system("desk"), now=now)
    run_due(now)
    assert told(ana) == ["order_received", "order_cancelled"]


def test_a_message_is_told_to_the_other_side_only(firm, ana, now):
    order = address_change(firm, now)
    work.claim(open_item(order).public_id, actor=Actor.of(firm.dee), now=now)
    orders.send_message(order.public_id, body="When?", idempotency_key="a", actor=Actor.of(ana), now=now)
    orders.send_message(order.public_id, body="Soon.", idempotency_key="b", actor=Actor.of(firm.dee), now=now)
    orders.add_note(order.public_id, body="Slow one.", actor=Actor.of(firm.dee), now=now)
    run_due(now)
    assert told(ana) == ["order_received", "message_from_us"]
    assert told(firm.dee) == ["message_from_client"]
    assert Notice.objects.filter(recipient=firm.dee).first().url == f"/staff/orders/{order.number}/"


def test_who_is_given_an_item_is_told(firm, now):
    order = address_change(firm, now)
    item = open_item(order)
    work.assign(item.public_id, to=firm.dee, actor=Actor.of(firm.eve), now=now)
    run_due(now)
    assert told(firm.dee) == ["item_assigned"]
    assert Notice.objects.filter(recipient=firm.dee).first().url == f"/staff/items/{item.public_id}/"
    assert told(firm.eve) == []


def test_nothing_that_was_typed_and_no_name_stands_in_a_notice(firm, ana, now):
    order = address_change(firm, now)
    orders.send_message(order.public_id, body="XYZZY secret", idempotency_key="b", actor=Actor.of(firm.eve), now=now)
    run_due(now)
    for row in Notice.objects.all():
        assert set(row.context) == {"number"}
        assert order.client.name not in f"{row.context}{row.url}{row.dedupe_key}"


def test_the_recent_past_that_a_driver_replays_is_news_but_never_mailed(firm, ana, now):
    recorded = Entry.objects.latest("pk").recorded_at
    with replaying():
        address_change(firm, recorded - timedelta(days=1))
        run_due(recorded - timedelta(days=1))
    assert told(ana) == ["order_received"]
    assert told(ana, "email") == []


def test_the_old_past_that_a_driver_replays_is_no_news(firm, ana, now):
    past = Entry.objects.latest("pk").recorded_at - timedelta(days=8)
    with replaying():
        address_change(firm, past)
        run_due(past)
    assert Notice.objects.count() == 0
    assert Delivery.objects.filter(done_at=None).count() == 0
