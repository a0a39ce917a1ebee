"""The times that stand on an order: when it is due, in which band, what was promised."""

from __future__ import annotations

from datetime import datetime

from audit.actions import record, save
from audit.actors import Actor
from audit.context import action
from orders.models import Order


@action
def keep_times(
    order: Order, *, due_at: datetime | None, band: str, promised_at: datetime | None, actor: Actor, now: datetime
) -> None:
    """Keep what the clocks say of a (locked) order; a promise that moves is put on record with its reason."""
    before = order.promised_at
    if (order.due_at, order.band, before) == (due_at, band, promised_at):
        return
    order.due_at, order.band, order.promised_at = due_at, band, promised_at
    order.first_promised_at = order.first_promised_at or promised_at
    save(order, actor=actor, now=now, fields=["due_at", "band", "promised_at", "first_promised_at"])
    if before and promised_at != before:
        record(
            "orders.promise.changed",
            subject=order.subject,
            order=order,
            actor=actor,
            now=now,
            before={"promised_at": before},
            after={"promised_at": promised_at},
        )
