"""Telling the next person when a clock turns or nobody acts, once per clock and tier. Part of `sla.actions`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from accounts.absences import there
from accounts.models import User
from accounts.queries import holders, team_chain
from audit.actions import record
from audit.actors import Actor
from audit.prepared import prepared
from calendars.queries import calendar
from orders.models import Order
from sla.decisions import DecisionLadder, person_to_tell
from sla.models import Clock, Escalation
from sla.rules import due_time
from sla.targets import TURNS, EscalationRow, Ladder, ladder
from work.models import WorkItem

USUAL_INTERVAL = "PT2H"  # where a tier names none: an action on the item within it counts as worked on


def bands_passed(before: str, band: str) -> Sequence[str]:
    """The bands that a clock went through from `before` (excluded) to `band`: several after an outage."""
    first = TURNS.index(before) + 1 if before in TURNS else 0
    last = TURNS.index(band) + 1 if band in TURNS else 0
    return TURNS[first:last]


@dataclass(frozen=True)
class Call:
    """One person to tell: which row of the table asks for it, because of which band, and since when it was due.

    waited: the interval that passed without anybody acting, "" where the clock turned into the band.
    """

    row: EscalationRow
    band: str
    due_at: datetime
    waited: str = ""


def ladder_of(clock: Clock, order: Order, now: datetime) -> Ladder | DecisionLadder:
    """The escalation table as it is for a clock; a decision has steps of its own."""
    if clock.kind == Clock.Kind.DECISION:
        return DecisionLadder()
    return ladder(order.client.tier, regulatory=clock.kind == Clock.Kind.REGULATORY, at=now)


def calls_for(
    clock: Clock,
    bands: Sequence[str],
    item: WorkItem | None,
    rungs: Ladder | DecisionLadder,
    due_at: datetime,
    now: datetime,
) -> list[Call]:
    """Who must be told of these bands (the mildest first) and was not told yet of that tier, the lowest tier first.

    Where several bands name the same tier, the worst band says what is asked. due_at: when the clock had to be looked
    at. Source: seed table `escalation_tiers`; seed decision 18.
    """
    calls = [call for band in bands for call in _calls(clock, band, item, rungs, due_at, now)]
    by_tier = {call.row.tier: call for call in calls}
    if not by_tier:
        return []
    told = set(Escalation.objects.filter(clock=clock).values_list("tier", flat=True))
    return [by_tier[tier] for tier in sorted(by_tier.keys() - told)]


def call_after_interval(
    clock: Clock, item: WorkItem | None, rungs: Ladder | DecisionLadder, now: datetime
) -> Call | None:
    """The next tier, since the interval of the one told last has passed; None at the top.

    While somebody holds the item, the interval counts from what they did last: then `clock.escalates_at` moves.
    Source: core concept 4, "If Tier 1 does not resolve the item within the interval, Tier 2 fires"; seed decision 18.
    """
    row = rungs.next_above(clock.escalation_tier, clock.band)
    waited = rungs.interval_of(clock.escalation_tier, clock.band)
    if row is None or not waited or clock.escalates_at is None:
        clock.escalates_at = None
        return None
    due_at = max([clock.escalates_at, *_acted(item, clock, waited)])
    if due_at > now:
        clock.escalates_at = due_at
        return None
    return Call(row, clock.band, due_at, waited)


def next_moment(clock: Clock, call: Call, rungs: Ladder | DecisionLadder, now: datetime) -> datetime | None:
    """When the tier above the one that is told now is told in its turn; None where there is none."""
    if not call.row.interval or rungs.next_above(call.row.tier, clock.band) is None:
        return None
    return after(clock, now, call.row.interval)


def after(clock: Clock, at: datetime, interval: str) -> datetime:
    """The instant at which an interval of the clock's business time has passed."""
    return due_time(calendar(clock.calendar), at, interval).due


def tell(clock: Clock, call: Call, item: WorkItem | None, order: Order, *, actor: Actor, now: datetime) -> None:
    """Keep that a tier was told; the message itself is a later reaction to the entry."""
    of_decision = clock.kind == Clock.Kind.DECISION and item is not None
    row = call.row
    to = person_to_tell(row.to, item, now) if of_decision else _person(row.to, item, now)
    raised = Escalation.objects.create(
        clock=clock, tier=row.tier, role=row.to, to=to, due_at=call.due_at, happened_at=now
    )
    more = {"waited": call.waited} if call.waited else {}
    more |= {"item": str(item.public_id)} if of_decision and item else {}
    record(
        "sla.escalation.raised",
        subject=f"sla.escalation:{raised.pk}",
        order=order,
        actor=actor,
        now=now,
        data={"tier": row.tier, "role": row.to, "to": raised.to_id, "band": call.band, "says": row.says, **more},
    )


def item_behind(clock: Clock, order: Order) -> WorkItem | None:
    """The item that a clock measures; for a whole order the oldest open one, or else the one that ended last."""
    if clock.work_item is not None:
        return clock.work_item
    return next(iter(_item_of(order.pk)), None)


@prepared
def _item_of(order_id: int) -> QuerySet[WorkItem]:
    items = WorkItem.objects.filter(order_id=order_id)
    people = items.select_related("holder", "queue__team__lead", "queue__team__manager")
    return people.order_by(F("ended_at").desc(nulls_first=True), "pk")[:1]


def _calls(
    clock: Clock, band: str, item: WorkItem | None, rungs: Ladder | DecisionLadder, due_at: datetime, now: datetime
) -> Iterator[Call]:
    rows = rungs.rows(band, actively_worked=True)
    interval = rows[-1].interval if rows else ""
    if not any(now <= moment for moment in _acted(item, clock, interval or USUAL_INTERVAL)):
        rows = rungs.rows(band, actively_worked=False)
    begins = {"yellow": clock.yellow_at, "red": clock.red_at, "breached": clock.due_at}[band]
    return (Call(row, band, max(due_at, begins)) for row in rows)


def _person(role: str, item: WorkItem | None, now: datetime) -> User | None:
    """Whoever is away is told only where nobody else has the role."""
    if role == "holder":
        return item.holder if item else None
    own = team_chain(item.queue.team if item else None, role)
    present = there(own, now) or there(holders(role), now) or own
    return present[0] if present else None


def _acted(item: WorkItem | None, clock: Clock, interval: str) -> list[datetime]:
    """Until when what its holder did last counts as working on it; nothing while nobody holds it."""
    if item is None or item.holder_id is None or item.acted_at is None:
        return []
    return [after(clock, item.acted_at, interval)]
