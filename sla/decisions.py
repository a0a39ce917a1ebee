"""How long a decision may wait: a reminder, then the manager, then somebody else is asked. Part of `sla.actions`.

A clock of its own kind measures it, so that the sweep, the bands and the escalations are those of every other clock; it
is no promise, so it never pauses, and passing it is no breach. Source: core concept 3 and worked example 1 of the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.absences import there
from accounts.models import User
from accounts.queries import holders
from calendars.queries import calendar
from calendars.rules import Calendar
from orders.models import Order
from sla.models import Clock
from sla.rules import due_time
from sla.targets import EscalationRow
from work.models import WorkItem

REMIND, ESCALATE, REASSIGN = "remind", "intervene", "reassign"
MANAGER, ALTERNATE = "manager", "alternate"
STEPS = {
    "yellow": EscalationRow(1, "holder", REMIND, ""),
    "red": EscalationRow(2, MANAGER, ESCALATE, ""),
    "breached": EscalationRow(3, ALTERNATE, REASSIGN, ""),
}
OFFICER = {"compliance": "chief_compliance_officer"}  # whom a review near its deadline reaches


@dataclass(frozen=True)
class DecisionLadder:
    """Who is told of a decision that waits: as `sla.targets.Ladder`, the same for every firm."""

    def rows(self, band: str, *, actively_worked: bool) -> list[EscalationRow]:
        """Who is told when the clock turns into a band; a decision is never "being worked on" by being held."""
        return [STEPS[band]] if band in STEPS else []

    def next_above(self, tier: int, band: str) -> EscalationRow | None:
        """Nobody by an interval: each step has its own moment."""
        return None

    def interval_of(self, tier: int, band: str) -> str:
        return ""


def decision_clock(order: Order, item: WorkItem, remind_after: str, escalate_after: str, now: datetime) -> Clock:
    """A clock for a tier, on the business calendar of the order's branch. remind_after, escalate_after: `4h` or `1bd`.

    Somebody else is asked when as much time again has passed.
    """
    cal = calendar(order.branch.calendar)
    remind, escalate = (_after(cal, now, span) for span in (remind_after, escalate_after))
    return Clock(
        order=order,
        work_item=item,
        kind=Clock.Kind.DECISION,
        target=_target(escalate_after),
        calendar=order.branch.calendar,
        started_at=now,
        yellow_at=min(remind, escalate),
        red_at=escalate,
        due_at=_after(cal, escalate, escalate_after),
        window_seconds=due_time(cal, now, _target(escalate_after)).window_seconds,
        next_check_at=min(remind, escalate),
        reckoned_at=now,
    )


def person_to_tell(role: str, item: WorkItem | None, now: datetime) -> User | None:
    """Who a step tells: the holder, the approver's manager; of a compliance review its officer. None: all who could.

    Whoever is away is told only where nobody else would be.
    """
    if item is None or role == ALTERNATE:
        return None
    if role != MANAGER:
        return item.holder
    if item.role in OFFICER:
        officers = list(holders(OFFICER[item.role]))
        return next(iter(there(officers, now) or officers), None)
    team = item.holder.team if item.holder and item.holder.team else item.queue.team
    above = [person for person in (team.manager, item.queue.team.manager) if person and person.pk != item.holder_id]
    return next(iter(there(above, now) or above), None)


def _after(cal: Calendar, at: datetime, span: str) -> datetime:
    return due_time(cal, at, _target(span)).due


def _target(span: str) -> str:
    """`4h` as targets are written."""
    return f"PT{span[:-1]}H" if span.endswith("h") else span
