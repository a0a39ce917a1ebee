"""Places in quotas: the answer of a form's slot field takes one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from audit.actors import Actor
from catalog.actions import release_place, take_place
from catalog.models import Slot
from catalog.refusals import SoldOut
from orders import schemas
from orders.models import Order
from orders.refusals import NoPlaceLeft


def take_chosen(
    order: Order, form: Mapping[str, Any], answers: Mapping[str, Any], *, actor: Actor, now: datetime
) -> bool:
    """Take the place that the answers choose, instead of the one that the (locked) order holds; sets `order.slot`.

    Returns whether a place was chosen. Raises NoPlaceLeft at the field; the caller's transaction keeps the old one.
    """
    for field in schemas.fields_with(form, "slot"):
        if not answers.get(field):
            continue
        slot = _slot(order, answers[field])
        if slot is None:
            raise NoPlaceLeft(field)
        release_place(order.ledger_ref, actor=actor, now=now)
        try:
            take_place(slot.pk, order_ref=order.ledger_ref, actor=actor, now=now)
        except SoldOut:
            raise NoPlaceLeft(field) from None
        order.slot = slot
        return True
    return False


def _slot(order: Order, start: Any) -> Slot | None:
    try:
        starts_at = parse_datetime(str(start))
        if starts_at is None or starts_at.tzinfo is None:
            return None
        starts_at = starts_at.astimezone(UTC)
    except (ValueError, OverflowError):  # no moment, or one before the first or after the last that there is
        return None
    offered = Slot.objects.filter(offering__product=order.product_id, offering__branch=order.branch_id)
    return offered.filter(starts_at=starts_at).first()
