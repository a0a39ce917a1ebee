"""Starting, pausing, resuming and stopping clocks, and keeping the times that they set. Part of `sla.actions`.

An action reads an order's clocks once; the times that they set are written once, at its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db.models import QuerySet

from audit.actions import record, save
from audit.actors import Actor
from audit.context import at_hand, settle
from audit.prepared import prepared
from calendars.queries import calendar
from calendars.rules import business_seconds
from orders.actions import keep_times as keep_order_times
from orders.models import Order
from sla import escalation, rules
from sla.decisions import DecisionLadder, decision_clock
from sla.models import Breach, Clock
from sla.targets import Ladder, TargetRow
from work.actions import follow_order
from work.actions import keep_times as keep_item_times
from work.models import WorkItem

RUNNING = (Clock.State.RUNNING, Clock.State.PAUSED, Clock.State.BREACHED)
AT_REST = ["stopped_at", "next_check_at", "escalates_at"]
WORST_FIRST = ("breached", "red", "yellow", "green", "paused")


def begin(order: Order, item: WorkItem | None, target: TargetRow, *, actor: Actor, now: datetime) -> None:
    """Start the service clock of an order or item, and the regulatory one where a regulation sets a target."""
    spans = {Clock.Kind.SERVICE: target.target}
    if target.regulatory:
        spans[Clock.Kind.REGULATORY] = target.limit or target.target
    for kind, span in spans.items():
        window = rules.start_clock(calendar(target.calendar), now, span, target.cutoff)
        clock = Clock(
            order=order,
            work_item=item,
            kind=kind,
            target=span,
            calendar=target.calendar,
            cadence=target.cadence,
            started_at=now,
            due_at=window.due,
            yellow_at=window.yellow,
            red_at=window.red,
            window_seconds=window.window_seconds,
            next_check_at=window.yellow,
            reckoned_at=now,
        )
        running_of(order).append(clock)
        keep(clock, "sla.clock.started", order, actor=actor, now=now, after={"due_at": window.due})


def begin_decision(
    order: Order, item: WorkItem, remind_after: str, escalate_after: str, *, actor: Actor, now: datetime
) -> None:
    """Start the clock of an approval's tier. remind_after, escalate_after: `4h` or `1bd`."""
    clock = decision_clock(order, item, remind_after, escalate_after, now)
    running_of(order).append(clock)
    keep(clock, "sla.clock.started", order, actor=actor, now=now, after={"due_at": clock.due_at})


def pause(clock: Clock, reason: str, order: Order, *, actor: Actor, now: datetime) -> None:
    """Stop a running service clock for a while; the others never pause."""
    if clock.kind != Clock.Kind.SERVICE or clock.state != Clock.State.RUNNING:
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
    if clock.escalates_at is not None:
        clock.escalates_at = rules.moved(cal, clock.escalates_at, clock.paused_at, now)
    clock.paused_at, clock.pause_reason = None, ""
    look_again(clock, not_before=now)
    fact = "sla.clock.resumed"
    keep(clock, fact, order, actor=actor, now=now, before={"due_at": before}, after={"due_at": moved.due})


def stop(clock: Clock, order: Order, *, actor: Actor, now: datetime) -> None:
    """Stop a clock because its work is done: met, or breached when the due instant has passed."""
    resume(clock, order, actor=actor, now=now)
    clock.stopped_at = now
    if clock.state == Clock.State.BREACHED:
        save(_at_rest(clock), actor=actor, now=now, fields=AT_REST)
        _complete_breach(clock, actor, now)
        return
    final = rules.band(window_of(clock), now)
    if final == "breached" and clock.kind != Clock.Kind.DECISION:
        turn(clock, "breached", ["breached"], order, actor=actor, now=now)
        return
    _at_rest(clock).meet()
    clock.band = final
    keep(clock, "sla.clock.met", order, actor=actor, now=now, after={"band": clock.band})


def call_off(clock: Clock, order: Order, *, actor: Actor, now: datetime) -> None:
    """Stop a clock because what it measured was called off; a breach stays a breach."""
    clock.stopped_at = now
    _at_rest(clock)
    if clock.state == Clock.State.BREACHED:
        save(clock, actor=actor, now=now, fields=AT_REST)
        _complete_breach(clock, actor, now)
        return
    clock.cancel()
    clock.paused_at, clock.pause_reason = None, ""
    keep(clock, "sla.clock.cancelled", order, actor=actor, now=now)


def turn(clock: Clock, band: rules.Band, passed: Sequence[str], order: Order, *, actor: Actor, now: datetime) -> None:
    """A clock comes into another band: one entry, a breach where it is one, and whoever must be told of `passed`."""
    item, rungs = escalation.item_behind(clock, order), escalation.ladder_of(clock, order, now)
    calls = escalation.calls_for(clock, passed, item, rungs, clock.next_check_at or now, now)
    before, clock.band = clock.band, band
    _climb(clock, calls, rungs, now)
    if band == "breached" and clock.kind != Clock.Kind.DECISION:
        _breach(clock, before, item, order, actor, now)
    else:
        after = {"band": band}
        keep(clock, "sla.clock.turned", order, actor=actor, now=now, before={"band": before}, after=after)
    if clock.kind == Clock.Kind.DECISION:  # before it is given to the role above, which may sign what presses
        _set_item_times(clock, *_pressing_most(clock, order))
    for call in calls:
        escalation.tell(clock, call, item, order, actor=actor, now=now)


def escalate(clock: Clock, order: Order, *, actor: Actor, now: datetime) -> bool:
    """The interval of the tier told last has passed: tell the next one, unless somebody acted; returns whether."""
    item, rungs = escalation.item_behind(clock, order), escalation.ladder_of(clock, order, now)
    call = escalation.call_after_interval(clock, item, rungs, now)
    if call:
        _climb(clock, [call], rungs, now)
        escalation.tell(clock, call, item, order, actor=actor, now=now)
    else:
        look_again(clock)
    save(clock, actor=actor, now=now, fields=["escalation_tier", "escalates_at", "next_check_at"])
    return call is not None


def look_again(clock: Clock, *, not_before: datetime | None = None) -> None:
    """Set when the clock is looked at next: at the next band, or when a tier's interval passes, whichever is first."""
    band = rules.next_check(window_of(clock), clock.band)  # type: ignore[arg-type]
    moments = [moment for moment in (band, clock.escalates_at) if moment]
    first = min(moments, default=None)
    clock.next_check_at = max(first, not_before) if first and not_before else first


def _climb(clock: Clock, calls: Sequence[escalation.Call], rungs: Ladder | DecisionLadder, now: datetime) -> None:
    for call in calls:
        if call.row.tier > clock.escalation_tier:
            clock.escalation_tier = call.row.tier
            clock.escalates_at = escalation.next_moment(clock, call, rungs, now)
    if clock.stopped_at:
        _at_rest(clock)
    else:
        look_again(clock)


def _at_rest(clock: Clock) -> Clock:
    clock.next_check_at = clock.escalates_at = None
    return clock


def _breach(clock: Clock, before: str, item: WorkItem | None, order: Order, actor: Actor, now: datetime) -> None:
    """The due instant passed: keep the breach, which asks for its root cause."""
    clock.breach()
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


def running_of(order: Order) -> list[Clock]:
    """The clocks of a (locked) order and its items that ran when the action read them first, and those begun since."""
    return at_hand(f"sla.clocks:{order.ledger_ref}", partial(_read_running, order))


def _read_running(order: Order) -> list[Clock]:
    clocks = _running(order.pk)
    for clock in clocks:
        clock.order = order
    return clocks


@prepared
def _running(order_id: int) -> QuerySet[Clock]:
    running = Clock.objects.filter(order_id=order_id, stopped_at=None, state__in=RUNNING)
    return running.select_related("work_item__holder", "work_item__queue").order_by("pk")


def set_times(order: Order, *, actor: Actor, now: datetime) -> None:
    """Have due time, band and promise written at the action's end onto the order and its items, where pages read them.

    The earliest due time governs (seed decision 11); the promise is the service clock's. Clocks that stopped in this
    action give their thing its last band.
    """
    settle(f"sla.times:{order.ledger_ref}", partial(_write_times, order, actor, now))


def _write_times(order: Order, actor: Actor, now: datetime) -> None:
    clocks = [clock for clock in running_of(order) if clock.state != Clock.State.CANCELLED]
    whole = [clock for clock in clocks if clock.work_item_id is None]
    own: dict[int, list[Clock]] = {}
    for clock in clocks:
        if clock.work_item_id is not None and clock.kind != Clock.Kind.DECISION:
            own.setdefault(clock.work_item_id, []).append(clock)
    deciding = [each for each in clocks if each.kind == Clock.Kind.DECISION and each.work_item_id not in own]
    if whole:
        covered = [*own, *(clock.work_item_id for clock in deciding if clock.work_item_id)]
        _set_order_times(order, whole, covered, actor, now)
    for its in own.values():
        _set_item_times(its[0], *_governing(its))
    for clock in deciding:
        _set_item_times(clock, *_pressing_most(clock, order))


def _set_order_times(order: Order, whole: Sequence[Clock], covered: list[int], actor: Actor, now: datetime) -> None:
    service = next((clock for clock in whole if clock.kind == Clock.Kind.SERVICE), whole[0])
    due_at, band = _governing(whole)
    if (order.due_at, order.band) != (due_at, band):
        follow_order(order.pk, due_at=due_at, band=band, except_items=covered)
    keep_order_times(order, due_at=due_at, band=band, promised_at=service.due_at, actor=actor, now=now)


def _governing(clocks: Sequence[Clock]) -> tuple[datetime, str]:
    """Of the clocks of one thing the earliest due time and the worst band. Source: seed decision 11."""
    return min(clock.due_at for clock in clocks), min(map(shown_band, clocks), key=WORST_FIRST.index)


def _pressing_most(clock: Clock, order: Order) -> tuple[datetime, str]:
    """A decision is due when its manager would be told, or with its order where that is earlier or in a worse band."""
    bands = [clock.band, *([order.band] if order.band in WORST_FIRST else [])]
    moments = [clock.red_at, *([order.due_at] if order.due_at else [])]
    return min(moments), min(bands, key=WORST_FIRST.index)


def _set_item_times(clock: Clock, due_at: datetime, band: str) -> None:
    item = clock.work_item
    if item is not None and (item.due_at, item.band) != (due_at, band):
        item.due_at, item.band = due_at, band
        keep_item_times(item, due_at=due_at, band=band)
