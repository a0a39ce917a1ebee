"""What staff may do with orders of their own team and of another: two teams of New York, one of Nanjing, and who stands
above them."""

from __future__ import annotations

import pytest

from accounts.models import User
from audit.actors import Actor
from audit.refusals import NotAllowed
from orders import actions as orders
from orders.access import has_part, is_in_charge
from orders.models import ClientRequest, Order
from orders.refusals import NoSuchOrder
from processes.refusals import StepFailed
from tests.approvals.transfers import THIRD, decide, done, ordered, validated
from tests.firm import Cast, address_change, open_item

# who → what they may do with ana's address change (client services) and with her transfer (transfers)
STAFF = {
    "dee": ("write", "write"),  # client services; serves the clients of New York
    "tia": ("write", "write"),  # transfers; likewise
    "eve": ("charge", "write"),  # leads client services
    "omar": ("write", "charge"),  # leads transfers
    "max": ("charge", "charge"),
    "hal": ("charge", "charge"),
    "fay": ("read", "read"),  # nothing stands before compliance
    "rob": ("read", "read"),
    "judith": ("read", "read"),
}
CHECKED = {"address_check": "confirmed", "checked_against": "login"}


def person(firm: Cast, name: str) -> User:
    return getattr(firm, name, None) or User.objects.get(username=name)


@pytest.fixture
def two(firm, now) -> tuple[Order, Order]:
    return address_change(firm, now), ordered(firm, now, key="key-2")


@pytest.mark.parametrize("who", STAFF)
def test_each_team_has_its_part(who: str, firm, two) -> None:
    user = person(firm, who)
    found = ["charge" if is_in_charge(each, user) else "write" if has_part(each, user) else "read" for each in two]
    assert tuple(found) == STAFF[who]


@pytest.mark.parametrize("who", STAFF)
def test_only_who_is_in_charge_calls_an_order_off(who: str, firm, now, two) -> None:
    actor = Actor.of(person(firm, who))
    for order, part in zip(two, STAFF[who], strict=True):
        if part == "charge":
            orders.cancel_order(order.public_id, reason="Asked by phone.", actor=actor, now=now)
        else:
            with pytest.raises(NotAllowed):
                orders.cancel_order(order.public_id, reason="Asked by phone.", actor=actor, now=now)
        order = Order.objects.get(pk=order.pk)
        assert order.state == ("cancelled" if part == "charge" else "in_progress")


@pytest.mark.parametrize("who", STAFF)
def test_only_who_is_in_charge_repairs_an_order(who: str, firm, now, monkeypatch) -> None:
    order = address_change(firm, now)
    with monkeypatch.context() as broken:
        broken.setattr("work.handlers.open_item", lambda task: 1 / 0)
        with pytest.raises(StepFailed):
            done(open_item(order), firm.dee, now, **CHECKED)
    actor = Actor.of(person(firm, who))
    if STAFF[who][0] == "charge":
        orders.repair_order(order.public_id, reason="Fixed.", actor=actor, now=now)
    else:
        with pytest.raises(NotAllowed):
            orders.repair_order(order.public_id, reason="Fixed.", actor=actor, now=now)
    assert Order.objects.get(pk=order.pk).state == ("in_progress" if STAFF[who][0] == "charge" else "exception")


@pytest.mark.parametrize("who", STAFF)
def test_only_who_has_a_part_writes_to_the_client_or_a_note(who: str, firm, now, two) -> None:
    about = {"body": "Hello.", "actor": Actor.of(person(firm, who)), "now": now}
    for order, part in zip(two, STAFF[who], strict=True):
        for write in (orders.send_message, orders.add_note):
            key = f"{write.__name__}-{order.pk}"
            if part == "read":
                with pytest.raises(NotAllowed):
                    write(order.public_id, idempotency_key=key, **about)
            else:
                write(order.public_id, idempotency_key=key, **about)


def test_a_lead_stays_in_charge_of_what_has_left_their_queue(firm, now) -> None:
    order = validated(firm, now)
    assert open_item(order).queue.code == "approvals_team_lead"
    assert is_in_charge(order, firm.omar)
    assert not is_in_charge(order, firm.eve)


def test_compliance_has_a_part_in_what_is_brought_before_it(firm, now) -> None:
    order = validated(firm, now, "non_acat_transfer", transfer="non_acat_wire", amount="1000.00", **THIRD)
    while open_item(order).queue.code != "approvals_compliance":
        item = open_item(order)
        decide(item, {"team_lead": firm.omar, "operations_manager": firm.max}[item.role], now)
    assert has_part(order, firm.fay)
    assert not is_in_charge(order, firm.fay)
    assert is_in_charge(order, firm.rob)


@pytest.mark.parametrize("who", ["ana", "adam"])
def test_a_client_and_their_advisor_take_their_own_order_back(who: str, firm, now, two) -> None:
    for order in two:
        orders.cancel_order(order.public_id, reason="No.", actor=Actor.of(person(firm, who)), now=now)


@pytest.mark.parametrize("who", ["bo", "xin", "cora", "zhoumin"])
def test_for_everybody_else_there_is_no_such_order(who: str, firm, now, two) -> None:
    with pytest.raises(NoSuchOrder):
        orders.cancel_order(two[0].public_id, reason="No.", actor=Actor.of(person(firm, who)), now=now)


@pytest.mark.parametrize("who", ["max", "hal", "fay"])
def test_who_does_not_serve_the_client_answers_nothing_for_them(who: str, firm, now) -> None:
    order = address_change(firm, now)
    done(open_item(order), firm.dee, now, address_check="proof_needed", checked_against="paper")
    asked = ClientRequest.objects.get(order=order)
    with pytest.raises(NotAllowed):
        orders.answer_request(asked.public_id, answers={}, actor=Actor.of(person(firm, who)), now=now)


def test_what_somebody_holds_anyway_costs_no_statement(firm, two, django_assert_num_queries) -> None:
    for who in (firm.ana, firm.dee, firm.max, firm.eve):
        has_part(two[0], who)
    with django_assert_num_queries(0):
        assert has_part(two[0], firm.dee)
        assert is_in_charge(two[0], firm.max)
        assert not is_in_charge(two[0], firm.dee)
    with django_assert_num_queries(1):
        assert is_in_charge(two[0], firm.eve)
