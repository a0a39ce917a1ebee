"""Reads of clocks for pages."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Client
from calendars.queries import calendar
from catalog.models import Product
from orders.models import Order
from sla import rules
from sla.models import Clock
from sla.targets import ORDER, target_for
from work.models import WorkItem


def clocks_of(order: Order) -> list[Clock]:
    """All clocks of an order, its own first, then those of its items: one statement."""
    return list(Clock.objects.filter(order=order).select_related("work_item").order_by("work_item_id", "kind", "pk"))


def states_around(item: WorkItem) -> tuple[set[str], set[str]]:
    """In which states the clocks of an item are that are its own, and those of its order: one statement."""
    rows = Clock.objects.filter(order=item.order_id, stopped_at=None).values_list("work_item_id", "state")
    found = list(rows)
    own, around = ({state for key, state in found if key == wanted} for wanted in (item.pk, None))
    return own, around


def due_clocks(now: datetime) -> QuerySet[Clock]:
    """Clocks whose moment has come, the earliest first; the sweep's only read."""
    return Clock.objects.filter(next_check_at__lte=now).order_by("next_check_at", "pk")


def promise_for(product: Product, client: Client, now: datetime) -> datetime | None:
    """The date that we would promise for an order submitted now; None where the firm set no target."""
    target = target_for(product.code, ORDER, client.tier, now)
    if target is None:
        return None
    return rules.start_clock(calendar(target.calendar), now, target.target, target.cutoff).due
