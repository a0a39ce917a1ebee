"""Places in quotas: the answer of a form's slot field takes one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from audit.actors import Actor
from catalog.actions import release_place, take_place
from catalog.models import Slot
from catalog.refusals import SoldOut
from orders import schemas
from orders.days import read_moment
from orders.models import Order
from orders.refusals import NoPlaceLeft, NoSuchTime


def take_chosen(
    order: Order, form: Mapping[str, Any], answers: Mapping[str, Any], *, actor: Actor, now: datetime
) -> bool:
    """Take the place that the answers choose, instead of the one that the (locked) order holds; sets `order.slot`.

    Returns whether a place was chosen. Raises NoPlaceLeft and NoSuchTime at the field; the caller's transaction keeps
    the old one.
    """
    for field in schemas.fields_with(form, "slot"):
        if not answers.get(field):
            continue
        slot = _slot(order, answers[field], now)
        if slot is None:
            raise NoSuchTime(field)
        release_place(order.ledger_ref, actor=actor, now=now)
        try:
            take_place(slot.pk, order_ref=order.ledger_ref, actor=actor, now=now)
        except SoldOut:
            raise NoPlaceLeft(field) from None
        order.slot = slot
        return True
    return False


def unfree_times(order: Order, form: Mapping[str, Any], answers: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """What taking the chosen places would refuse by now, by field; the order's own place is free to it."""
    wrong: dict[str, str] = {}
    for field in schemas.fields_with(form, "slot"):
        slot = _slot(order, answers[field], now) if answers.get(field) else None
        if answers.get(field) and slot is None:
            wrong |= NoSuchTime(field).fields
        elif slot is not None and slot.taken >= slot.capacity and slot.pk != order.slot_id:
            wrong |= NoPlaceLeft(field).fields
    return wrong


def _slot(order: Order, start: Any, now: datetime) -> Slot | None:
    try:
        starts_at = read_moment(str(start)).astimezone(UTC)
    except ValueError:
        return None
    offered = Slot.objects.filter(offering__product=order.product_id, offering__branch=order.branch_id)
    return offered.filter(starts_at=starts_at, starts_at__gt=now).first()
