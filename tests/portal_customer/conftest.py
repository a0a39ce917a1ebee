"""A small shop made of rows: two clients of strangers, an advisor, staff, one product and one open order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.test import Client as Browser

from accounts.models import Client, Team, User
from catalog.models import Product
from orders.models import Order
from tests.portal_customer import rows
from work.models import Queue, WorkItem


@dataclass(frozen=True)
class Shop:
    """ana orders for herself, cy is a stranger, gus advises ana and bea, dee works here."""

    ana: User
    cy: User
    gus: User
    dee: User
    ana_client: Client
    bea_client: Client
    cy_client: Client
    product: Product
    order: Order
    foreign: Order


@pytest.fixture
def shop(db: None) -> Shop:
    ana, cy = rows.make_user("ana-p", "Ana Ruiz", "client"), rows.make_user("cy-p", "Cy Voss", "client")
    gus = rows.make_user("gus-p", "Gus Adler", "advisor")
    dee = rows.make_user("dee-p", "Dee Farrow", "operations_analyst", client_side=False)
    clients = {name: rows.make_client(f"P-{name}", name=f"{name} household") for name in ("ana", "bea", "cy")}
    for user, names in ((ana, ["ana"]), (cy, ["cy"]), (gus, ["ana", "bea"])):
        for name in names:
            rows.let(user, clients[name])
    product = rows.make_product()
    rows.let_see(dee, product, clients["ana"].branch)
    order = rows.make_order(clients["ana"], product, ana)
    rows.add_milestones(order, "Received", "Checked", "Done", reached=1)
    foreign = rows.make_order(clients["cy"], product, cy)
    return Shop(ana, cy, gus, dee, clients["ana"], clients["bea"], clients["cy"], product, order, foreign)


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    """All pages are read on the same Friday morning."""
    with time_machine.travel(rows.NOW, tick=False):
        yield


@pytest.fixture
def as_user(client: Browser):
    """A browser in which somebody is logged in: `as_user(shop.ana)`."""

    def enter(user: User) -> Browser:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


@pytest.fixture
def held_item(shop: Shop) -> WorkItem:
    """dee works on the open order."""
    team = Team.objects.create(code="rows", name=rows.both("Rows"), branch=rows.make_branch())
    queue = Queue.objects.create(code="rows", name=rows.both("Rows"), team=team, branch=team.branch)
    return WorkItem.objects.create(
        order=shop.order, queue=queue, client=shop.ana_client, product=shop.product, order_number=shop.order.number,
        task=1, node="check", name=rows.both("Check"), state="in_progress", holder=shop.dee, opened_at=rows.NOW,
    )  # fmt: skip
