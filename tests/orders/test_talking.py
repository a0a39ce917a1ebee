"""Messages and notes: written once, to the right side, on the right order."""

import pytest

from audit.actors import Actor
from audit.models import Entry
from audit.refusals import Invalid, NotAllowed
from orders import actions as orders
from orders.models import Message
from orders.refusals import NoSuchOrder
from tests.firm import address_change


@pytest.fixture
def order(firm, now):
    return address_change(firm, now)


def send(order, who, now, body="Hello.", key="m-1"):
    return orders.send_message(order.public_id, body=body, idempotency_key=key, actor=Actor.of(who), now=now)


def test_the_same_key_writes_once(firm, now, order):
    assert send(order, firm.ana, now) == send(order, firm.ana, now)
    assert Message.objects.count() == 1
    assert Entry.objects.filter(fact="orders.message.sent").count() == 1


def test_a_key_of_another_order_is_refused(firm, now, order):
    send(order, firm.ana, now)
    with pytest.raises(Invalid):
        send(address_change(firm, now, key="key-2"), firm.ana, now)


def test_who_wrote_decides_the_side(firm, now, order):
    assert send(order, firm.ana, now).from_client
    assert send(order, firm.adam, now, key="m-2").from_client
    assert not send(order, firm.dee, now, key="m-3").from_client


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 4001])
def test_a_message_has_one_to_four_thousand_characters(firm, now, order, body):
    with pytest.raises(Invalid) as refused:
        send(order, firm.ana, now, body=body)
    assert "body" in refused.value.fields


def test_notes_are_for_staff(firm, now, order):
    with pytest.raises(NotAllowed):
        orders.add_note(order.public_id, body="Hm.", actor=Actor.of(firm.ana), now=now)
    note = orders.add_note(order.public_id, body="Hm.", actor=Actor.of(firm.dee), now=now)
    assert (note.is_internal, note.from_client) == (True, False)


def test_strangers_write_nothing(firm, now, order):
    with pytest.raises(NoSuchOrder):
        send(order, firm.bo, now)


def test_words_stand_sealed_in_the_ledger(firm, now, order):
    send(order, firm.ana, now, body="My mother is ill.")
    entry = Entry.objects.get(fact="orders.message.sent")
    assert "mother" not in entry.personal + str(entry.data)


@pytest.mark.parametrize("body", ["Hello again.", "Hello.\nAnd more."])
def test_a_page_gone_back_to_does_not_swallow_a_new_message(firm, now, order, body):
    send(order, firm.ana, now)
    with pytest.raises(Invalid, match="new page"):
        send(order, firm.ana, now, body=body)
