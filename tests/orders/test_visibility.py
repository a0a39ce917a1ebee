"""Who sees which orders and items: one table over the cast."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Branch, User
from audit.actors import Actor
from catalog.models import Product
from orders import actions as orders
from orders.models import Order
from orders.queries import order_for, sees
from orders.refusals import NoSuchOrder
from tests.approvals.transfers import fee_prepared, ordered, validated
from tests.firm import ADDRESS, address_change
from work.models import WorkItem

SEES = {  # who → (ana's address change, ana's transfer, bo's transfer), all of New York
    "ana": (True, True, False),
    "bo": (False, False, True),
    "xin": (False, False, False),
    "adam": (True, True, False),
    "dee": (True, True, True),
    "tia": (True, True, True),
    "cora": (False, False, False),
    "eve": (True, True, True),
    "zhoumin": (False, False, False),  # holds the same role and the same products as eve, in Nanjing
    "max": (True, True, True),
    "fay": (True, True, True),
    "rob": (True, True, True),
    "hal": (True, True, True),
    "alan": (False, False, False),
    "judith": (True, True, True),
}


@pytest.fixture
def three(firm, now):
    return (
        address_change(firm, now),
        ordered(firm, now, key="key-2"),
        ordered(firm, now, key="key-3", client=firm.bo_client),
    )


def person(firm, who):
    return getattr(firm, who, None) or User.objects.get(username=who)


@pytest.mark.parametrize("who", SEES)
def test_orders(firm, three, who):
    user = person(firm, who)
    seen = set(Order.objects.visible_to(user).values_list("pk", flat=True))
    assert tuple(order.pk in seen for order in three) == SEES[who]
    assert tuple(sees(user, order) for order in three) == SEES[who]


def test_looking_at_a_draft_and_filtering_for_it_give_the_same_for_everybody(firm, now):
    """A draft is its writer's alone, even where somebody else may order for the client."""
    about = {"product": Product.objects.get(code="address_change"), "client": firm.ana_client, "channel": "web"}
    draft = orders.save_draft(**about, answers=ADDRESS, idempotency_key="d", actor=Actor.of(firm.ana), now=now)
    told = {who: sees(person(firm, who), draft) for who in SEES}
    assert told == {who: draft in Order.objects.visible_to(person(firm, who)) for who in SEES}
    assert [who for who, seen in told.items() if seen] == ["ana"]
    assert not sees(AnonymousUser(), draft)


def test_a_product_shows_its_orders_at_the_branches_that_are_served(firm, three):
    """A transfer of Nanjing, for a client of Nanjing."""
    nanjing = Branch.objects.get(code="nanjing")
    Order.objects.filter(pk=three[2].pk).update(branch=nanjing, client=firm.company)
    sees = {who: three[2] in Order.objects.visible_to(person(firm, who)) for who in (*SEES, "omar")}
    assert [sees[who] for who in ("dee", "tia", "eve", "omar")] == [False] * 4
    assert [sees[who] for who in ("zhoumin", "fay", "max")] == [True] * 3


@pytest.mark.parametrize("who", SEES)
def test_a_number_that_is_not_theirs_looks_like_none(firm, three, who):
    for order, seen in zip(three, SEES[who], strict=True):
        if seen:
            assert order_for(person(firm, who), order.number.lower()).pk == order.pk
        else:
            with pytest.raises(NoSuchOrder):
                order_for(person(firm, who), order.number)
    with pytest.raises(NoSuchOrder):
        order_for(firm.max, "TL-00000000-1")


def test_an_order_is_found_in_one_statement(firm, three, django_assert_num_queries):
    Order.objects.visible_to(firm.ana).exists()  # reads what she holds
    with django_assert_num_queries(1):
        order = order_for(firm.ana, three[0].number)
        assert (order.client.ref, order.product.code, order.process.status) == ("C-0001", "address_change", "running")


def test_a_draft_is_nobodys_but_its_makers(firm, now):
    orders.save_draft(
        product=Product.objects.get(code="address_change"),
        client=firm.ana_client,
        channel="web",
        answers=ADDRESS,
        idempotency_key="key-1",
        actor=Actor.of(firm.adam),
        now=now,
    )
    for who in SEES:
        assert Order.objects.visible_to(person(firm, who)).exists() == (who == "adam"), who


@pytest.mark.parametrize(
    ("build", "seen_by"),
    [
        (address_change, {"dee", "dov", "eve", "max", "hal", "judith", "rob"}),
        (ordered, {"tia", "omar", "max", "hal", "judith", "rob"}),
        (validated, {"eve", "omar", "max", "hal", "judith", "rob"}),
        (fee_prepared, {"adam", "max", "hal", "judith", "rob"}),
    ],
)
def test_items(firm, now, build, seen_by):
    order = build(firm, now)
    item = WorkItem.objects.open().get(order=order)
    seen = {
        who
        for who in (*SEES, "dov", "omar")
        if WorkItem.objects.visible_to(person(firm, who)).filter(pk=item.pk).exists()
    }
    assert seen == seen_by


def test_nobody_sees_anything_without_an_account(firm, three):
    assert not Order.objects.visible_to(AnonymousUser()).exists()
    assert not WorkItem.objects.visible_to(AnonymousUser()).exists()
    firm.max.is_active = False
    assert not Order.objects.visible_to(firm.max).exists()
