"""Starting, pausing, resuming and stopping clocks, and keeping the times that they set. Part of `sla.actions`."""

from __future__ import annotations

from datetime import datetime

from audit.actions import record, save
from audit.actors import Actor
from calendars.queries import calendar
from calendars.rules import business_seconds
from orders.actions import keep_times as keep_order_times
from orders.models import Order
from sla import rules
from sla.models import Breach, Clock
from sla.targets import TargetRow
from work.actions import follow_order
from work.actions import keep_times as keep_item_times
from work.models import WorkItem

RUNNING = (Clock.State.RUNNING, Clock.State.PAUSED, Clock.State.BREACHED)
WORST_FIRST = ("breached", "red", "yellow", "green", "paused")


def begin(order: Order, item: WorkItem | None, target: TargetRow, *, actor: Actor, now: datetime) -> None:
    """Start the service clock of an order or item, and the regulatory one where a regulation sets the target."""
    window = rules.start_clock(calendar(target.calendar), now, target.target, target.cutoff)
    kinds = [Clock.Kind.SERVICE, Clock.Kind.REGULATORY] if target.regulatory else [Clock.Kind.SERVICE]
    for kind in kinds:
        clock = Clock(
            order=order,
            work_item=item,
            kind=kind,
            target=target.target,
            calendar=target.calendar,
            cadence=target.cadence,
            started_at=now,
            due_at=window.due,
            yellow_at=window.yellow,
            red_at=window.red,
            window_seconds=window.window_seconds,
            next_check_at=window.yellow,
        )
        keep(clock, "sla.clock.started", order, actor=actor, now=now, after={"due_at": window.due})


def pause(clock: Clock, reason: str, order: Order, *, actor: Actor, now: datetime) -> None:
    """Stop a running service clock for a while; a regulatory one never pauses."""
    if clock.kind == Clock.Kind.REGULATORY or clock.state != Clock.State.RUNNING:
        return
    clock.pause()
    clock.paused_at, clock.pause_reason, clock.next_check_at = now, reason, None
    keep(clock, "sla.clock.paused", order, actor=actor, now=now, after={"reason": reason})


def resume(clock: Clock, order: Order, *, actor: Actor, now: datetime) -> None:
    """Let a paused clock go on; what is still to come moves by the business time of the pause."""
    if clock.state != Clock.State.PAUSED or clock.paused_at is None:
        return
    cal = calendar(clock.calendar)
    before = clock.due_at
    moved = rules.resume(cal, window_of(clock), clock.paused_at, now)
    clock.resume()
    clock.due_at, clock.yellow_at, clock.red_at = moved.due, moved.yellow, moved.red
    clock.paused_seconds += business_seconds(cal, clock.paused_at, now)
    clock.paused_at, clock.pause_reason = None, ""
    clock.next_check_at = rules.next_check(moved, clock.band)  # type: ignore[arg-type]
    fact = "sla.clock.resumed"
    keep(clock, fact, order, actor=actor, now=now, before={"due_at": before}, after={"due_at": moved.due})


def stop(clock: Clock, order: Order, *, actor: Actor, now: datetime) -> None:
    """Stop a clock because its work is done: met, or breached when the due instant has passed."""
    resume(clock, order, actor=actor, now=now)
    if clock.state == Clock.State.RUNNING and rules.band(window_of(clock), now) == "breached":
        breach(clock, order, actor=actor, now=now)
    clock.stopped_at, clock.next_check_at = now, None
    if clock.state == Clock.State.BREACHED:
        clock.save(update_fields=["stopped_at", "next_check_at"])
        Breach.objects.filter(clock=clock).update(completed_at=now)
        return
    clock.meet()
    clock.band = rules.band(window_of(clock), now)
    keep(clock, "sla.clock.met", order, actor=actor, now=now, after={"band": clock.band})


def call_off(clock: Clock, order: Order, *, actor: Actor, now: datetime) -> None:
    """Stop a clock because what it measured was called off; a breach stays a breach."""
    clock.stopped_at, clock.next_check_at = now, None
    if clock.state == Clock.State.BREACHED:
        clock.save(update_fields=["stopped_at", "next_check_at"])
        return
    clock.cancel()
    keep(clock, "sla.clock.cancelled", order, actor=actor, now=now)


def breach(clock: Clock, order: Order, *, actor: Actor, now: datetime) -> None:
    """The due instant passed: keep the breach, which asks for its root cause."""
    clock.breach()
    clock.band, clock.next_check_at = "breached", None
    responsible = clock.work_item.holder if clock.work_item and clock.work_item.holder else None
    keep(clock, "sla.clock.breached", order, actor=actor, now=now, after={"due_at": clock.due_at})
    Breach.objects.create(clock=clock, breached_at=clock.due_at, responsible=responsible)


def keep(
    clock: Clock,
    fact: str,
    order: Order,
    *,
    actor: Actor,
    now: datetime,
    before: dict | None = None,
    after: dict | None = None,
) -> None:
    """Save the clock and put the change on record."""
    save(clock, actor=actor, now=now)
    data = {"kind": clock.kind, "target": clock.target, "item": clock.work_item_id is not None}
    record(fact, subject=clock.subject, order=order, actor=actor, now=now, before=before, after=after, data=data)


def window_of(clock: Clock) -> rules.Window:
    """The clock's window as the pure rules know it."""
    return rules.Window(clock.started_at, clock.due_at, clock.yellow_at, clock.red_at, clock.window_seconds)


def shown_band(clock: Clock) -> str:
    """The band as pages show it: paused while it stands still."""
    return "paused" if clock.state == Clock.State.PAUSED else clock.band


def set_times(order: Order, *, actor: Actor, now: datetime) -> None:
    """Write due time, band and promise onto the order and its items, where pages read them.

    The earliest due time governs (seed decision 11); the promise is the service clock's.
    """
    clocks = list(Clock.objects.filter(order=order, stopped_at=None, state__in=RUNNING).select_related("work_item"))
    whole = [clock for clock in clocks if clock.work_item_id is None]
    due_at, band = order.due_at, order.band
    promised_at = order.promised_at
    if whole:
        due_at = min(clock.due_at for clock in whole)
        band = min((shown_band(clock) for clock in whole), key=WORST_FIRST.index)
        service = next((clock for clock in whole if clock.kind == Clock.Kind.SERVICE), whole[0])
        promised_at = service.due_at
    fresh = Order.objects.get(pk=order.pk)
    keep_order_times(fresh, due_at=due_at, band=band, promised_at=promised_at, actor=actor, now=now)
    order.due_at, order.band, order.promised_at = due_at, band, promised_at
    own = [(clock, clock.work_item) for clock in clocks if clock.work_item and clock.kind == Clock.Kind.SERVICE]
    for clock, item in own:
        keep_item_times(item, due_at=clock.due_at, band=shown_band(clock))
    follow_order(order.pk, due_at=due_at, band=band, except_items=[item.pk for _clock, item in own])
