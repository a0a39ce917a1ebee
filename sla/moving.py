"""Open clocks follow a target or a calendar that comes into force; closed ones, and breaches, keep what was true then.

Part of `sla.actions`. Source: seed decision 14.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max, QuerySet

from audit.actors import Actor
from audit.models import Entry
from calendars.models import CalendarVersion
from calendars.queries import calendar
from calendars.rules import business_seconds
from orders.models import Order
from rulebook.models import TableVersion
from sla import clocks, rules
from sla.models import Clock
from sla.targets import ORDER, TARGETS, TargetRow, target_for

FROM_THE_TABLE = (Clock.Kind.SERVICE, Clock.Kind.REGULATORY)
STILL_TO_COME = (Clock.State.RUNNING, Clock.State.PAUSED)


def to_reckon(now: datetime) -> QuerySet[Clock]:
    """Open clocks that were last reckoned before a table of targets or a calendar came into force, the oldest first.

    Two statements, and that of the clocks. Its cost follows them, not what is open.
    """
    changed = [
        versions.filter(in_force_at__lte=now).aggregate(last=Max("in_force_at"))["last"]
        for versions in (TableVersion.objects.filter(table__key=TARGETS), CalendarVersion.objects.all())
    ]
    last = max((moment for moment in changed if moment), default=None)
    if last is None:
        return Clock.objects.none()
    open_ones = Clock.objects.filter(stopped_at=None, reckoned_at__lt=last)
    return open_ones.filter(kind__in=FROM_THE_TABLE, state__in=STILL_TO_COME).order_by("reckoned_at", "pk")


def reckon(clock: Clock, order: Order, *, actor: Actor, now: datetime) -> bool:
    """Set the window that today's target and calendar give from the moment the clock started, without its pauses.

    A clock that is later now than it was comes into its band by the next sweep, which tells whoever must be told; one
    that has more time gets the milder band at once. Returns whether anything moved.
    """
    Clock.objects.filter(pk=clock.pk).update(reckoned_at=now)  # says nothing of the clock but that it was looked at
    clock.reckoned_at = now
    target = target_for(order.product.code, clock.work_item.node if clock.work_item else ORDER, order.client.tier, now)
    span = _span(clock, target)
    if target is None or not span:  # the table says nothing of it any more: what was promised stays
        return False
    cal, pauses = calendar(target.calendar), _pauses(clock)
    window = rules.due_time(cal, clock.started_at, span, target.cutoff, pauses)
    before, after = _said(clock), _said_of(window, span, target)
    if before == after:
        return False
    clock.target, clock.calendar, clock.cadence = span, target.calendar, target.cadence
    clock.due_at, clock.yellow_at, clock.red_at = window.due, window.yellow, window.red
    clock.window_seconds = window.window_seconds
    clock.paused_seconds = sum(business_seconds(cal, begin, end) for begin, end in pauses)
    clock.band = _milder(clock.band, rules.band(window, clock.paused_at or now))
    if clock.state == Clock.State.RUNNING:
        clocks.look_again(clock, not_before=now)
    changed = {"due_at": clock.due_at, "band": clock.band}
    told = {"due_at": before["due_at"]}
    clocks.keep(clock, "sla.clock.moved", order, actor=actor, now=now, before=told, after=changed)
    return True


def _span(clock: Clock, target: TargetRow | None) -> str:
    if target is None or clock.kind == Clock.Kind.SERVICE:
        return target.target if target else ""
    return (target.limit or target.target) if target.regulatory else ""


def _said(clock: Clock) -> dict[str, object]:
    names = ("target", "calendar", "due_at", "yellow_at", "red_at", "window_seconds")
    return {name: getattr(clock, name) for name in names}


def _said_of(window: rules.Window, span: str, target: TargetRow) -> dict[str, object]:
    said = {"target": span, "calendar": target.calendar, "window_seconds": window.window_seconds}
    return {**said, "due_at": window.due, "yellow_at": window.yellow, "red_at": window.red}


def _milder(one: str, other: str) -> str:
    return max(one, other, key=clocks.WORST_FIRST.index)


def _pauses(clock: Clock) -> Sequence[tuple[datetime, datetime]]:
    """The pauses that are over, from the ledger: one statement."""
    facts = ("sla.clock.paused", "sla.clock.resumed")
    entries = Entry.objects.filter(subject=clock.subject, fact__in=facts).order_by("pk")
    begins: datetime | None = None
    pauses = []
    for fact, at in entries.values_list("fact", "happened_at"):
        if fact == facts[0]:
            begins = at
        elif begins is not None:
            pauses.append((begins, at))
            begins = None
    return pauses
