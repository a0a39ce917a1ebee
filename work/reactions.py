"""What work does when something happens elsewhere."""

from __future__ import annotations

from audit.actors import Actor
from audit.models import Entry
from orders.models import Order
from work import actions


def move_up(entry: Entry) -> None:
    """Somebody asks to hurry: the first time, the order's open items go before others."""
    if entry.data["count"] > 1:
        return
    order = Order.objects.select_related("client").get(public_id=entry.order_ref)
    actions.move_up(order, actor=Actor.system("urging"), now=entry.happened_at)
