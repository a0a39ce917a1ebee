"""How many statements the verbs cost that everything waits for: they must not creep up unseen.

Counted with a person whose rights were not read yet, reactions included (ledger, clocks, history).
"""

import pytest

from accounts.models import User
from approvals import actions as approvals
from audit.actors import Actor
from catalog.models import Product
from orders import actions as orders
from tests.approvals.transfers import FULL, ordered
from tests.firm import open_item
from work import actions as work

MOST = {"submit": 60, "claim": 10, "complete": 49, "decide": 32}


@pytest.fixture(autouse=True)
def _warm(firm, now):
    """Drawings and tables are compiled once per process."""
    ordered(firm, now, key="before")


@pytest.fixture
def at_most(django_assert_max_num_queries):
    return lambda verb: django_assert_max_num_queries(MOST[verb])


def newly(user):
    return Actor.of(User.objects.get(pk=user.pk))


def test_an_order_from_sending_to_the_first_signature(firm, now, at_most):
    draft = orders.save_draft(
        product=Product.objects.get(code="full_acat"),
        client=firm.ana_client,
        channel="web",
        answers={**FULL, "amount": "2000000.01"},
        idempotency_key="key",
        actor=newly(firm.ana),
        now=now,
    )
    ana, tia, eve = newly(firm.ana), newly(firm.tia), newly(firm.eve)
    with at_most("submit"):
        order = orders.submit_order(draft.public_id, actor=ana, now=now)
    item = open_item(order)
    with at_most("claim"):
        work.claim(item.public_id, actor=tia, now=now)
    tia = newly(firm.tia)
    with at_most("complete"):
        work.complete(item.public_id, answers={"transfer_check": "valid"}, actor=tia, now=now)
    approval = open_item(order)
    with at_most("decide"):
        approvals.decide(approval.public_id, choice="approve", reason="Right.", attested=["T3"], actor=eve, now=now)


def test_claiming_costs_the_same_however_much_waits(firm, now, django_assert_max_num_queries):
    waiting = [ordered(firm, now, key=f"key-{number}") for number in range(6)]
    tia, item = newly(firm.tia), open_item(waiting[3])
    with django_assert_max_num_queries(MOST["claim"]):
        work.claim(item.public_id, actor=tia, now=now)
