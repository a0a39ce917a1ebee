"""Reads of orders that pages and other rooms ask for."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from audit.actors import Actor
from audit.claims import lock
from audit.context import at_hand, keep_at_hand
from audit.prepared import prepared
from orders.models import SUBJECT, Order
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
    return keep_at_hand(order)


def lock_order(subject: str) -> Order:
    """The order of that subject, locked: the object that the running action works with already, if it does.

    Raises Order.DoesNotExist.
    """
    return at_hand(subject, partial(_read_locked, UUID(subject.removeprefix(SUBJECT))))


def _read_locked(public_id: UUID) -> Order:
    found = _locked_order(public_id)
    if not found:
        raise Order.DoesNotExist(f"Expected an order, but there is none with the id {public_id}.")
    return found[0]


@prepared
def _locked_order(public_id: UUID) -> QuerySet[Order]:
    return lock(Order.objects.filter(public_id=public_id)).select_related("client", "product", "branch")
