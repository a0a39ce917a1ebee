"""What work does when something happens elsewhere."""

from __future__ import annotations

from audit.actors import Actor
from audit.models import Entry
from orders.models import SUBJECT
from orders.queries import lock_order
from work import actions


def move_up(entry: Entry) -> None:
    """Somebody asks to hurry: the first time, the order's open items go before others."""
    if entry.data["count"] > 1:
        return
    actions.move_up(lock_order(SUBJECT + entry.order_ref), actor=Actor.system("urging"), now=entry.happened_at)
