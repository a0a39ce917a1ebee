"""What clocks do when something happens to an order or a work item."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from audit.actors import Actor
from audit.context import at_hand
from audit.models import Entry
from orders.models import SUBJECT, Order
from orders.queries import lock_order
from sla import clocks
from sla.models import Clock
from sla.targets import ORDER, target_for
from work.models import WorkItem

ACTOR = Actor.system("sla")


def start_order_clocks(entry: Entry) -> None:
    """An order entered the workflow: its clocks start at that moment."""
    _begin(_order(entry), None, ORDER, entry)


def start_item_clock(entry: Entry) -> None:
    """A work item entered its queue: measured from then on, not from when somebody takes it.

    One without a target of its own is due when its order is.
    """
    item = at_hand(entry.subject, partial(WorkItem.objects.get, public_id=_ref(entry)))
    _begin(_order(entry), item, item.node, entry)


def start_decision_clock(entry: Entry) -> None:
    """A tier of an approval waits for its decision from now on."""
    data, order = entry.data, _order(entry)
    subject = f"work.item:{data['item']}"
    item = at_hand(subject, partial(WorkItem.objects.get, public_id=data["item"]))
    spans = data["remind_after"], data["escalate_after"]
    clocks.begin_decision(order, item, *spans, actor=ACTOR, now=entry.happened_at)
    clocks.set_times(order, actor=ACTOR, now=entry.happened_at)


def _begin(order: Order, item: WorkItem | None, node: str, entry: Entry) -> None:
    target = target_for(order.product.code, node, order.client.tier, entry.happened_at)
    if target is not None:
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


def _each(entry: Entry, found: list[Clock], verb: Callable[[Clock, Order], None]) -> None:
    order = _order(entry)
    for clock in found:
        verb(clock, order)
    if found:
        clocks.set_times(order, actor=ACTOR, now=entry.happened_at)


def _stop(entry: Entry, found: list[Clock]) -> None:
    now = entry.happened_at
    _each(entry, found, lambda clock, order: clocks.stop(clock, order, actor=ACTOR, now=now))


def _pause(clock: Clock, order: Order, entry: Entry, reason: str) -> None:
    clocks.pause(clock, reason, order, actor=ACTOR, now=entry.happened_at)


def _resume(clock: Clock, order: Order, entry: Entry) -> None:
    clocks.resume(clock, order, actor=ACTOR, now=entry.happened_at)


def _of_order(entry: Entry) -> list[Clock]:
    return [clock for clock in _running(entry) if clock.work_item is None]


def _of_item(entry: Entry) -> list[Clock]:
    ref = _ref(entry)
    return [clock for clock in _running(entry) if clock.work_item and str(clock.work_item.public_id) == ref]


def _running(entry: Entry) -> list[Clock]:
    return [clock for clock in clocks.running_of(_order(entry)) if clock.stopped_at is None]


def _order(entry: Entry) -> Order:
    return lock_order(SUBJECT + entry.order_ref)


def _ref(entry: Entry) -> str:
    return entry.subject.rpartition(":")[2]
