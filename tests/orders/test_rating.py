"""Rating a completed order: once, one to five stars, by its client, with words if they like."""

import pytest
from django.db import IntegrityError, transaction

from audit import personal
from audit.actors import Actor
from audit.models import Entry
from audit.refusals import Invalid, NotAllowed, NotFound
from orders import actions as orders
from orders.models import Rating
from orders.refusals import AlreadyRated, NoSuchOrder, WrongMoment
from tests.firm import address_change
from tests.sla.played import finish


@pytest.fixture
def order(firm, now):
    """An address change that is done."""
    order = address_change(firm, now)
    finish(order, firm.dee, now)
    return order


def rate(order, who, now, stars=4, comment=""):
    return orders.rate_order(order.public_id, stars=stars, comment=comment, actor=Actor.of(who), now=now)


def explain(order, who, now, comment):
    return orders.explain_rating(order.public_id, comment=comment, actor=Actor.of(who), now=now)


def test_the_client_rates_and_the_words_are_kept_under_their_key(firm, now, order):
    rating = rate(order, firm.ana, now, stars=5, comment=" Quick. ")
    assert (rating.stars, rating.comment) == (5, "Quick.")
    entry = Entry.objects.get(fact="orders.order.rated")
    assert entry.data == {"stars": 5}
    assert "Quick" not in str(entry.content())
    assert personal.open_for(entry.person, entry.personal) == {"comment": "Quick."}


def test_stars_first_and_the_words_after_once_each(firm, now, order):
    with pytest.raises(NotFound):
        explain(order, firm.ana, now, "Too early.")
    rate(order, firm.ana, now)
    with pytest.raises(Invalid):
        explain(order, firm.ana, now, " ")
    explain(order, firm.ana, now, "The letter came late.")
    with pytest.raises(AlreadyRated):
        explain(order, firm.ana, now, "And again.")
    with pytest.raises(AlreadyRated):
        rate(order, firm.ana, now, stars=1)
    assert Rating.objects.get().comment == "The letter came late."
    facts = ("orders.order.rated", "orders.rating.explained")
    assert Entry.objects.filter(fact__in=facts).count() == 2


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_one_to_five(firm, now, order, stars):
    with pytest.raises(Invalid):
        rate(order, firm.ana, now, stars=stars)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(order=order, by=firm.ana, stars=stars, rated_at=now)


def test_the_database_keeps_one_an_order(firm, now, order):
    rate(order, firm.ana, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(order=order, by=firm.ana, stars=3, rated_at=now)


def test_at_most_a_thousand_characters(firm, now, order):
    with pytest.raises(Invalid):
        rate(order, firm.ana, now, comment="x" * 1001)
    assert rate(order, firm.ana, now, comment="x" * 1000)


def test_nobody_else_rates(firm, now, order):
    with pytest.raises(NoSuchOrder):
        rate(order, firm.bo, now)
    for who in (firm.adam, firm.dee, firm.eve, firm.judith):
        with pytest.raises(NotAllowed):
            rate(order, who, now)


def test_only_what_is_completed_is_rated(firm, now):
    order = address_change(firm, now, key="open")
    with pytest.raises(WrongMoment):
        rate(order, firm.ana, now)
    orders.cancel_order(order.public_id, reason="Not needed.", actor=Actor.of(firm.ana), now=now)
    with pytest.raises(WrongMoment):
        rate(order, firm.ana, now)
