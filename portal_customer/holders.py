"""Who works on an order, for the advisor's eyes."""

from __future__ import annotations

from typing import Any

from accounts.authority import roles
from orders.models import Order
from work.models import HELD, WorkItem


def holder_of(order: Order, user: Any) -> str:
    """Name of who holds the order's work, empty when nobody does or the reader is no advisor. One statement.

    Approvals are left out: who decides is not the advisor's business.
    """
    if "advisor" not in roles(user):
        return ""
    items = WorkItem.objects.filter(order=order, kind=WorkItem.Kind.WORK, state__in=HELD)
    return items.order_by("due_at", "pk").values_list("holder__display_name", flat=True).first() or ""
