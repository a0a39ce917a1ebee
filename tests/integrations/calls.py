"""Orders that wait for a custodian."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit.actors import Actor
from integrations.models import OutboxCall
from orders.models import Order
from tests.firm import Cast, open_item, submitted
from work import actions as work

TRANSFER = {
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


def transfer(firm: Cast, now: datetime, *, key: str = "key-1", **answers: Any) -> Order:
    """A transfer of ana's, submitted."""
    return submitted(firm.ana, firm.ana_client, "full_acat", {**TRANSFER, **answers}, now, key=key)


def checked_transfer(firm: Cast, now: datetime, *, key: str = "key-1", **answers: Any) -> Order:
    """A transfer that its analyst found valid; small ones then wait for the custodian."""
    order = transfer(firm, now, key=key, **answers)
    item = open_item(order)
    work.claim(item.public_id, actor=Actor.of(firm.tia), now=now)
    work.complete(item.public_id, answers={"transfer_check": "valid"}, actor=Actor.of(firm.tia), now=now)
    return order


def waiting_call(firm: Cast, now: datetime, *, custodian: str = "meridian", key: str = "key-1") -> OutboxCall:
    """A call that waits in the outbox."""
    order = checked_transfer(firm, now, key=key, custodian=custodian)
    return OutboxCall.objects.select_related("connector", "order").get(order=order)
