"""Starting, pausing, resuming and stopping clocks, and keeping the times that they set. Part of `sla.actions`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from audit.actions import record, save
from audit.actors import Actor
from calendars.queries import calendar
from calendars.rules import business_seconds
from orders.actions import keep_times as keep_order_times
from orders.models import Order
from sla import escalation, rules
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
    clock.stopped_at, clock.next_check_at = now, None
    if clock.state == Clock.State.BREACHED:
        save(clock, actor=actor, now=now, fields=["stopped_at", "next_check_at"])
        _complete_breach(clock, actor, now)
        return
    final = rules.band(window_of(clock), now)
    if final == "breached":
        turn(clock, "breached", ["breached"], order, actor=actor, now=now)
        return
    clock.meet()
    clock.band = final
    keep(clock, "sla.clock.met", order, actor=actor, now=now, after={"band": clock.band})


def call_off(clock: Clock, order: Order, *, actor: Actor, now: datetime) -> None:
    """Stop a clock because what it measured was called off; a breach stays a breach."""
    clock.stopped_at, clock.next_check_at = now, None
    if clock.state == Clock.State.BREACHED:
        save(clock, actor=actor, now=now, fields=["stopped_at", "next_check_at"])
        _complete_breach(clock, actor, now)
        return
    clock.cancel()
    clock.paused_at, clock.pause_reason = None, ""
    keep(clock, "sla.clock.cancelled", order, actor=actor, now=now)


def turn(clock: Clock, band: rules.Band, passed: Sequence[str], order: Order, *, actor: Actor, now: datetime) -> None:
    """A clock comes into another band: one entry, a breach where it is one, and whoever must be told of `passed`."""
    item = escalation.item_behind(clock, order)
    calls = escalation.calls_for(clock, passed, item, order, now)
    clock.escalation_tier = max([clock.escalation_tier, *(call.row.tier for call in calls)])
    before, clock.band = clock.band, band
    if band == "breached":
        _breach(clock, before, item, order, actor, now)
    else:
        clock.next_check_at = rules.next_check(window_of(clock), band)
        after = {"band": band}
        keep(clock, "sla.clock.turned", order, actor=actor, now=now, before={"band": before}, after=after)
    for call in calls:
        escalation.tell(clock, call, item, order, actor=actor, now=now)


def _breach(clock: Clock, before: str, item: WorkItem | None, order: Order, actor: Actor, now: datetime) -> None:
    """The due instant passed: keep the breach, which asks for its root cause."""
    clock.breach()
    clock.next_check_at = None
    after = {"band": clock.band, "due_at": clock.due_at}
    keep(clock, "sla.clock.breached", order, actor=actor, now=now, before={"band": before}, after=after)
    responsible = (item.holder_id or item.completed_by_id) if item else None
    breach = Breach(clock=clock, breached_at=clock.due_at, completed_at=clock.stopped_at, responsible_id=responsible)
    save(breach, actor=actor, now=now)


def _complete_breach(clock: Clock, actor: Actor, now: datetime) -> None:
    breach = Breach.objects.get(clock=clock)
    breach.completed_at = now
    save(breach, actor=actor, now=now, fields=["completed_at"])


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


def set_times(order: Order, *, actor: Actor, now: datetime, ended: Sequence[Clock] = ()) -> None:
    """Write due time, band and promise onto the (fresh) order and its items, where pages read them.

    The earliest due time governs (seed decision 11); the promise is the service clock's. ended: clocks that stopped
    just now; they give their thing its last band.
    """
    running = Clock.objects.filter(order=order, stopped_at=None, state__in=RUNNING).select_related("work_item")
    clocks = [*running, *ended]
    whole = [clock for clock in clocks if clock.work_item_id is None]
    if whole:
        _set_order_times(order, whole, actor, now)
    own = [clock for clock in clocks if clock.work_item and clock.kind == Clock.Kind.SERVICE]
    for clock in own:
        _set_item_times(clock)
    covered = [clock.work_item_id for clock in own if clock.work_item_id]
    follow_order(order.pk, due_at=order.due_at, band=order.band, except_items=covered)


def _set_order_times(order: Order, whole: Sequence[Clock], actor: Actor, now: datetime) -> None:
    service = next((clock for clock in whole if clock.kind == Clock.Kind.SERVICE), whole[0])
    due_at = min(clock.due_at for clock in whole)
    band = min((shown_band(clock) for clock in whole), key=WORST_FIRST.index)
    keep_order_times(order, due_at=due_at, band=band, promised_at=service.due_at, actor=actor, now=now)


def _set_item_times(clock: Clock) -> None:
    item, band = clock.work_item, shown_band(clock)
    if item is not None and (item.due_at, item.band) != (clock.due_at, band):
        keep_item_times(item, due_at=clock.due_at, band=band)
