"""What clocks do when something happens to an order or a work item."""

from __future__ import annotations

from collections.abc import Callable

from audit.actors import Actor
from audit.models import Entry
from orders.models import Order
from sla import clocks
from sla.models import Clock
from sla.targets import ORDER, target_for
from work.actions import keep_times as keep_item_times
from work.models import WorkItem

ACTOR = Actor.system("sla")


def start_order_clocks(entry: Entry) -> None:
    """An order entered the workflow: its clocks start at that moment."""
    order = _order(entry)
    target = target_for(order.product.code, ORDER, order.client.tier, entry.happened_at)
    if target is not None:
        clocks.begin(order, None, target, actor=ACTOR, now=entry.happened_at)
        clocks.set_times(order, actor=ACTOR, now=entry.happened_at)


def start_item_clock(entry: Entry) -> None:
    """A work item entered its queue: measured from then on, not from when somebody takes it."""
    item = _item(entry)
    order = item.order
    target = target_for(order.product.code, item.node, order.client.tier, entry.happened_at)
    if target is None:  # due when its order is
        keep_item_times(item, due_at=order.due_at, band=order.band)
        return
    clocks.begin(order, item, target, actor=ACTOR, now=entry.happened_at)
    clocks.set_times(order, actor=ACTOR, now=entry.happened_at)


def pause_clocks(entry: Entry) -> None:
    """It is the client's turn: the order's service clock pauses."""
    _each(entry, _of_order(entry), lambda clock, order: _pause(clock, order, entry, "waiting_on_client"))


def resume_clocks(entry: Entry) -> None:
    """It is our turn again."""
    _each(entry, _of_order(entry), lambda clock, order: _resume(clock, order, entry))


def stop_clocks(entry: Entry) -> None:
    """The order is done."""
    _stop(entry, _of_order(entry))


def cancel_clocks(entry: Entry) -> None:
    """The order was called off."""
    now = entry.happened_at
    _each(entry, _of_order(entry), lambda clock, order: clocks.call_off(clock, order, actor=ACTOR, now=now))


def pause_item_clock(entry: Entry) -> None:
    """The item is parked."""
    _each(entry, _of_item(entry), lambda clock, order: _pause(clock, order, entry, "parked"))


def resume_item_clock(entry: Entry) -> None:
    """The item goes on."""
    _each(entry, _of_item(entry), lambda clock, order: _resume(clock, order, entry))


def stop_item_clock(entry: Entry) -> None:
    """The item is done."""
    _stop(entry, _of_item(entry))


def cancel_item_clock(entry: Entry) -> None:
    """The item was called off."""
    now = entry.happened_at
    _each(entry, _of_item(entry), lambda clock, order: clocks.call_off(clock, order, actor=ACTOR, now=now))


def _each(entry: Entry, found: list[Clock], verb: Callable[[Clock, Order], None], *, ends: bool = False) -> None:
    if not found:
        return
    order = _order(entry)
    for clock in found:
        verb(clock, order)
    clocks.set_times(order, actor=ACTOR, now=entry.happened_at, ended=found if ends else ())


def _stop(entry: Entry, found: list[Clock]) -> None:
    now = entry.happened_at
    _each(entry, found, lambda clock, order: clocks.stop(clock, order, actor=ACTOR, now=now), ends=True)


def _pause(clock: Clock, order: Order, entry: Entry, reason: str) -> None:
    clocks.pause(clock, reason, order, actor=ACTOR, now=entry.happened_at)


def _resume(clock: Clock, order: Order, entry: Entry) -> None:
    clocks.resume(clock, order, actor=ACTOR, now=entry.happened_at)


def _of_order(entry: Entry) -> list[Clock]:
    return _clocks(order__public_id=entry.order_ref, work_item=None)


def _of_item(entry: Entry) -> list[Clock]:
    return _clocks(work_item__public_id=_ref(entry))


def _clocks(**of: object) -> list[Clock]:
    running = Clock.objects.filter(stopped_at=None, state__in=clocks.RUNNING, **of)
    return list(running.select_related("work_item__holder", "work_item__queue").order_by("pk"))


def _order(entry: Entry) -> Order:
    return Order.objects.select_related("client", "product").get(public_id=entry.order_ref)


def _item(entry: Entry) -> WorkItem:
    items = WorkItem.objects.select_related("order__client", "order__product")
    return items.get(public_id=_ref(entry))


def _ref(entry: Entry) -> str:
    return entry.subject.rpartition(":")[2]
