"""Reads of orders that pages and other rooms ask for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from audit.actors import Actor
from audit.claims import lock
from orders.models import Order
from orders.numbers import read_number
from orders.refusals import NoSuchOrder


def order_for(user: Any, number: str) -> Order:
    """The order with that number as the user may see it, in one statement. Raises NoSuchOrder."""
    canonical = read_number(number)
    orders = Order.objects.visible_to(user).select_related(
        "client", "product", "branch", "channel", "placed_by", "process", "slot"
    )
    order = orders.filter(number=canonical).first() if canonical else None
    if order is None:
        raise NoSuchOrder()
    return order


def draft_for(user: Any, public_id: UUID) -> Order:
    """The user's own draft. Raises NoSuchOrder."""
    drafts = Order.objects.visible_to(user).filter(number=None, placed_by=user)
    order = drafts.select_related("client__branch", "product", "channel").filter(public_id=public_id).first()
    if order is None:
        raise NoSuchOrder()
    return order


def locked(actor: Actor, public_id: UUID | str) -> Order:
    """The order locked for an action, as the actor may see it; machines see all. Raises NoSuchOrder."""
    orders = Order.objects.all() if actor.is_system else Order.objects.visible_to(actor.user)
    order = lock(orders.filter(public_id=public_id)).select_related("client", "product", "branch", "channel").first()
    if order is None:
        raise NoSuchOrder()
    return order
