"""The review package of a payment to somebody else: identity, relationship, source, recent activity."""

from datetime import date, timedelta

import pytest

from accounts.models import Client
from approvals.review import MOST_SHOWN, review, wants_review
from audit.actors import Actor
from orders import actions as orders
from orders.facts import instruction_source
from orders.models import Order
from tests.approvals.transfers import THIRD, done, ordered, validated
from tests.firm import address_change, open_item

DAY = timedelta(days=1)


def wire(firm, now, key="key-1", **answers):
    return ordered(firm, now, "non_acat_transfer", key=key, transfer="non_acat_wire", **{**THIRD, **answers})


def again(order):
    return Order.objects.select_related("client", "product", "branch", "placed_by").get(pk=order.pk)


def signs(firm, order, now):
    return set(review(again(order), firm.fay, now).signs)


@pytest.mark.parametrize(("destination", "wanted"), [("own", False), ("third_party", True)])
def test_only_a_payment_to_somebody_else_has_a_package(firm, now, destination, wanted):
    third = THIRD if wanted else {}
    assert wants_review(ordered(firm, now, "non_acat_transfer", **{**third, "destination": destination})) is wanted


def test_a_first_payment_says_so_and_a_second_one_names_the_first(firm, now):
    first = wire(firm, now - 3 * DAY, "k1")
    assert "first_payment" in signs(firm, first, now)
    second = wire(firm, now, "k2", receiving_account="OTHER-99")  # the same recipient's other account
    found = review(again(second), firm.fay, now)
    assert (found.relationship.before, found.relationship.first_at) == (1, now - 3 * DAY)
    assert "first_payment" not in found.signs
    assert [each.pk for each in found.activity.orders] == [first.pk]


def test_a_payment_that_was_called_off_is_none(firm, now):
    first = wire(firm, now - DAY, "k1")
    orders.cancel_order(first.public_id, reason="Changed my mind.", actor=Actor.of(firm.ana), now=now)
    assert "first_payment" in signs(firm, wire(firm, now, "k2"), now)


def test_how_the_client_was_identified_stands_in_the_package(firm, now):
    order = wire(firm, now)
    assert "identity_not_verified" in signs(firm, order, now)
    done(open_item(order), firm.tia, now, transfer_check="valid", identity_verified_by="known_number")
    found = review(again(order), firm.fay, now)
    assert found.identity.on_order.completed_by == firm.tia
    assert "identity_not_verified" not in found.signs


def test_who_noted_that_nobody_was_identified_does_not_count_as_identification(firm, now):
    order = wire(firm, now)
    done(open_item(order), firm.tia, now, transfer_check="valid", identity_verified_by="not_verified")
    assert "identity_not_verified" in signs(firm, order, now)


@pytest.mark.parametrize(
    ("born", "sign"),
    [(date(1961, 11, 16), "senior"), (date(1961, 11, 17), ""), (None, "birth_date_unknown")],
)
def test_age_is_that_of_the_day(firm, now, born, sign):  # 16 November 2026
    Client.objects.filter(pk=firm.ana_client.pk).update(birth_date=born)
    found = signs(firm, wire(firm, now), now)
    assert found & {"senior", "birth_date_unknown"} == ({sign} if sign else set())


@pytest.mark.parametrize(("days", "is_recent"), [(0, True), (30, True), (31, False)])
def test_another_advisor_is_worth_a_look_for_thirty_days(firm, now, days, is_recent):
    Client.objects.filter(pk=firm.ana_client.pk).update(advisor_since=now.date() - timedelta(days=days))
    assert ("advisor_changed" in signs(firm, wire(firm, now), now)) is is_recent


def test_a_changed_address_is_worth_a_look_for_thirty_days(firm, now):
    address_change(firm, now - 29 * DAY, key="moved")
    order = wire(firm, now)
    assert "details_changed" in signs(firm, order, now)
    assert "details_changed" not in signs(firm, order, now + 2 * DAY)


def test_the_third_payment_within_a_week_and_a_large_one_are_worth_a_look(firm, now):
    wire(firm, now - 8 * DAY, "k0", amount="100.00")
    wire(firm, now - 2 * DAY, "k1", amount="100.00")
    second = wire(firm, now - DAY, "k2", amount="200.00")
    assert not signs(firm, second, now - DAY) & {"many_payments", "larger_than_usual"}
    third = wire(firm, now, "k3", amount="400.01")
    assert signs(firm, third, now) >= {"many_payments", "larger_than_usual"}


@pytest.mark.parametrize(
    ("who", "stated", "source"),
    [
        ("ana", "advisor", "client"),
        ("adam", "client", "advisor"),
        ("tia", "advisor", "advisor"),
        ("tia", None, "staff"),
    ],
)
def test_whose_login_placed_it_counts_before_what_the_form_says(firm, now, who, stated, source):
    order = wire(firm, now)
    order.placed_by = getattr(firm, who)
    order.answers = {**order.answers, **({"instruction_source": stated} if stated else {})}
    assert instruction_source(order) == source


def test_orders_that_the_reader_may_not_see_are_counted_only(firm, now):
    address_change(firm, now - DAY, key="moved")
    wire(firm, now - DAY, "k1")
    order = wire(firm, now, "k2")
    found = review(again(order), firm.bo, now)  # another client
    assert (found.activity.orders, found.activity.hidden) == ([], 2)


def test_it_costs_the_same_however_much_the_client_ordered(firm, now, django_assert_num_queries):
    for number in range(MOST_SHOWN + 3):
        wire(firm, now - DAY, f"k{number}")
    order = again(validated(firm, now, "non_acat_transfer", key="last", **THIRD))
    review(order, firm.fay, now)  # reads who she is
    order = again(order)
    with django_assert_num_queries(7):
        found = review(order, firm.fay, now)
    assert (len(found.activity.orders), found.activity.hidden) == (MOST_SHOWN, 3)
