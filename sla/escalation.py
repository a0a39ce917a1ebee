"""Telling the next person when a clock turns, exactly once per clock and tier. Part of `sla.actions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from accounts.models import User
from accounts.queries import team_chain
from audit.actions import record
from audit.actors import Actor
from calendars.queries import calendar
from calendars.rules import business_seconds
from orders.models import Order
from sla.models import Clock, Escalation
from sla.targets import EscalationRow, escalations_for
from work.models import WorkItem

TURNS = ("yellow", "red", "breached")
ACTIVE_SECONDS = 2 * 3600  # an action on the item within so much business time counts as worked on (seed decision 18)


def bands_passed(before: str, band: str) -> Sequence[str]:
    """The bands that a clock went through from `before` (excluded) to `band`: several after an outage."""
    first = TURNS.index(before) + 1 if before in TURNS else 0
    last = TURNS.index(band) + 1 if band in TURNS else 0
    return TURNS[first:last]


@dataclass(frozen=True)
class Call:
    """One person to tell: which row of the table asks for it, because of which band."""

    row: EscalationRow
    band: str


def calls_for(clock: Clock, bands: Sequence[str], item: WorkItem | None, order: Order, now: datetime) -> list[Call]:
    """Who must be told of these bands (the mildest first) and was not told yet of that tier, the lowest tier first.

    Where several bands name the same tier, the worst band says what is asked. Source: seed table `escalation_tiers`.
    """
    by_tier = {row.tier: Call(row, band) for band in bands for row in _rows(clock, band, item, order, now)}
    if not by_tier:
        return []
    told = set(Escalation.objects.filter(clock=clock).values_list("tier", flat=True))
    return [by_tier[tier] for tier in sorted(by_tier.keys() - told)]


def tell(clock: Clock, call: Call, item: WorkItem | None, order: Order, *, actor: Actor, now: datetime) -> None:
    """Keep that a tier was told; the message itself is a later reaction to the entry."""
    row, to = call.row, _person(call.row.to, item)
    raised = Escalation.objects.create(clock=clock, tier=row.tier, role=row.to, to=to, happened_at=now)
    record(
        "sla.escalation.raised",
        subject=f"sla.escalation:{raised.pk}",
        order=order,
        actor=actor,
        now=now,
        data={"tier": row.tier, "role": row.to, "to": raised.to_id, "band": call.band, "says": row.says},
    )


def item_behind(clock: Clock, order: Order) -> WorkItem | None:
    """The item that a clock measures; for a whole order the oldest open one, or else the one that ended last."""
    if clock.work_item is not None:
        return clock.work_item
    items = WorkItem.objects.filter(order=order).select_related("holder", "queue__team__lead", "queue__team__manager")
    return items.order_by(F("ended_at").desc(nulls_first=True), "pk").first()


def _rows(clock: Clock, band: str, item: WorkItem | None, order: Order, now: datetime) -> Sequence[EscalationRow]:
    return escalations_for(
        band,
        actively_worked=_actively_worked(item, clock, now),
        regulatory=clock.kind == Clock.Kind.REGULATORY,
        order=order,
        at=now,
    )


def _person(role: str, item: WorkItem | None) -> User | None:
    if role == "holder":
        return item.holder if item else None
    people = team_chain(item.queue.team if item else None, role)
    return people[0] if people else None


def _actively_worked(item: WorkItem | None, clock: Clock, now: datetime) -> bool:
    if item is None or item.holder_id is None or item.acted_at is None:
        return False
    return business_seconds(calendar(clock.calendar), item.acted_at, now) <= ACTIVE_SECONDS
