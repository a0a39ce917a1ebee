"""What orders do when something happens elsewhere."""

from __future__ import annotations

from audit.actors import Actor
from audit.models import Entry
from catalog.actions import release_place as give_place_back
from orders.handlers import move
from orders.models import SUBJECT, WORKING
from orders.queries import lock_order


def hold_for_repair(entry: Entry) -> None:
    """A step of the process failed: the order waits on the exception desk, and remembers where to return."""
    if not entry.order_ref:
        return
    order = lock_order(SUBJECT + entry.order_ref)
    if order.state in WORKING:
        order.resume_state = order.state
        actor = Actor.system("exception desk")
        move(order, order.fail, "orders.order.failed", actor=actor, now=entry.happened_at)


def release_place(entry: Entry) -> None:
    """An order that ended before its appointment gives its place back; a used place stays used."""
    order = lock_order(SUBJECT + entry.order_ref)
    if order.slot is not None and order.slot.starts_at > entry.happened_at:
        give_place_back(order.ledger_ref, actor=Actor.system("quota"), now=entry.happened_at)
