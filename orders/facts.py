"""Facts about an order that its process's conditions and the decision tables may ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

from orders import schemas
from orders.models import Order


def process_variables(order: Order) -> dict[str, Any]:
    """Variables with which an order's process starts: the answers, and what is known of client and channel."""
    known = {
        "order_number": order.number,
        "product": order.product.code,
        "channel": order.channel.code,
        "branch": order.branch.code,
        "client_tier": order.client.tier,
        "client_kind": order.client.kind,
    }
    return {**known, **schemas.variables(order.product.form, order.answers)}


def age_on(birth_date: date | None, day: date) -> int | None:
    """Completed years of age on a day; somebody born on 29 February turns on 1 March in a common year."""
    if birth_date is None:
        return None
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
