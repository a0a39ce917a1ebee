"""Facts about an order that its process's conditions and the decision tables may ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.authority import roles
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


def instruction_source(order: Order) -> str:
    """Who gave the instruction: `client`, `advisor`, or `staff` where a colleague entered it and it is not known.

    Who placed the order themselves is known by their login, whatever the form says; where a colleague entered it, the
    form's answer counts. A process that opened it gave it itself: `staff`.
    Source: worked example 1, the compliance reviewer's package.
    """
    placed = order.placed_by
    if placed is not None and placed.is_client_side:
        is_advisor = placed.pk == order.client.advisor_id or "advisor" in roles(placed)
        return "advisor" if is_advisor else "client"
    stated = order.answers.get("instruction_source")
    return stated if stated in ("client", "advisor") else "staff"


def days_since_advisor_change(order: Order, day: date) -> int | None:
    """Whole days since the client's present advisor took over; None where that is not recorded. day: at the branch."""
    since = order.client.advisor_since
    return (day - since).days if since else None
