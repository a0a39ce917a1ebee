"""The small firm of the tests: the demo's people and rules with a few products, and names for its cast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Client, User
from audit.actors import Actor
from audit.context import replaying
from catalog.models import Product
from demo.load import load_firm
from orders import actions as orders
from orders.models import Order
from work.models import WorkItem

PRODUCTS = (
    "address_change",
    "name_change",
    "fee_schedule_adjustment",
    "full_acat",
    "non_acat_transfer",
    "corporate_account_opening",
)


@dataclass(frozen=True)
class Cast:
    """Who plays: by role, with the names that the tests use."""

    ana: User  # a client
    bo: User  # another client
    xin: User  # speaks for a company of the bank
    adam: User  # ana's advisor
    dee: User  # analyst, account maintenance
    dov: User  # analyst, account maintenance
    tia: User  # analyst, transfers
    cora: User  # analyst, corporate accounts
    eve: User  # team lead, account maintenance
    omar: User  # team lead, transfers
    max: User  # operations manager
    fay: User  # compliance
    rob: User  # chief compliance officer
    hal: User  # head of operations
    alan: User  # administrator
    nadia: User  # administrator
    judith: User  # examiner

    @property
    def ana_client(self) -> Client:
        return Client.objects.get(ref="C-0001")

    @property
    def bo_client(self) -> Client:
        return Client.objects.get(ref="C-0004")

    @property
    def company(self) -> Client:
        return Client.objects.get(ref="C-0012")


NAMES = {
    "ana": "ana",
    "bo": "george",
    "xin": "xinhe",
    "adam": "caroline",
    "dee": "dana",
    "dov": "marcus",
    "tia": "grace",
    "cora": "xujie",
    "eve": "evelyn",
    "omar": "omar",
    "max": "helen",
    "fay": "fay",
    "rob": "robert",
    "hal": "ingrid",
    "alan": "alan",
    "nadia": "nadia",
    "judith": "judith",
}


def build_cast(now: datetime) -> Cast:
    """Load the small firm and name its cast."""
    with replaying():
        load_firm(now, only=PRODUCTS)
    built = cast()
    assert built is not None
    return built


def cast() -> Cast | None:
    """The cast as it is in the database, or None when the database is empty."""
    people = {user.username: user for user in User.objects.filter(username__in=NAMES.values())}
    if len(people) < len(NAMES):
        return None
    return Cast(**{name: people[username] for name, username in NAMES.items()})


ADDRESS = {
    "applies_to": "all",
    "street": "18 Orchard Lane",
    "city": "Albany",
    "region": "New York",
    "postal_code": "12207",
    "country": "US",
    "valid_from": "2027-01-15",
}


def address_change(cast: Cast, now: datetime, *, key: str = "key-1", **answers: Any) -> Order:
    """A submitted address change of ana's, valid on a day that is to come."""
    valid_from = max(ADDRESS["valid_from"], f"{now + timedelta(days=1):%Y-%m-%d}")
    about = {**ADDRESS, "valid_from": valid_from, **answers}
    return submitted(cast.ana, cast.ana_client, "address_change", about, now, key=key)


def submitted(user: User, client: Client, product: str, answers: dict, now: datetime, *, key: str = "key-1") -> Order:
    """A submitted order."""
    if "account_number" in answers:
        answers = {**answers, "account_number": client.account}
    draft = orders.save_draft(
        product=Product.objects.get(code=product),
        client=client,
        channel="web",
        answers=answers,
        idempotency_key=key,
        actor=Actor.of(user),
        now=now,
    )
    return orders.submit_order(draft.public_id, actor=Actor.of(user), now=now)


def open_item(order: Order, node: str = "") -> WorkItem:
    """The order's open item, or the one at a node."""
    items = WorkItem.objects.open().filter(order=order)
    return items.get(node=node) if node else items.get()
