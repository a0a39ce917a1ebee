"""Orders that the tests of service levels and measures play, with the answers of their steps."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from audit.actors import Actor
from orders.models import Order
from sla.models import Clock
from tests.firm import Cast, open_item, submitted
from work import actions as work
from work.models import WorkItem

STEPS = {
    "verify_address": {"address_check": "confirmed", "checked_against": "login"},
    "update_records": {"record_reference": "REC-1001"},
    "send_letters": {"sent_on": "2026-11-16", "sent_by": "post"},
}
FULL_ACAT = {
    "transfer": "full_acat",
    "account_number": "HL-104038",
    "custodian": "meridian",
    "amount": "1000.00",
    "sell_fractions": False,
    "destination": "own",
    "receiving_firm": "Granite Peak Securities",
    "receiving_firm_number": "0123",
    "receiving_account": "GP-55121",
}


def full_transfer(cast: Cast, now: datetime, *, key: str = "key-t") -> Order:
    """A submitted full transfer of ana's: a target for the whole, a regulatory one for it and for its validation."""
    return submitted(cast.ana, cast.ana_client, "full_acat", FULL_ACAT, now, key=key)


def step(order: Order, node: str, who: User, now: datetime, **answers: object) -> WorkItem:
    """Claim and complete the open item at a node."""
    item = open_item(order, node)
    work.claim(item.public_id, actor=Actor.of(who), now=now)
    return work.complete(item.public_id, answers=answers or STEPS[node], actor=Actor.of(who), now=now)


def finish(order: Order, who: User, now: datetime) -> None:
    """Work an address change to its end."""
    for node in STEPS:
        step(order, node, who, now)


def clock_of(order: Order, kind: str = "service", node: str = "") -> Clock:
    """The clock of the order, or of its item at a node."""
    if node:
        return Clock.objects.get(order=order, kind=kind, work_item__node=node)
    return Clock.objects.get(order=order, kind=kind, work_item=None)
