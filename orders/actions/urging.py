"""Asking to hurry."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from audit.actions import record, save
from audit.actors import Actor
from audit.context import action
from calendars.queries import calendar
from orders import rules
from orders.access import expect_part
from orders.models import Order, Urge
from orders.queries import locked
from orders.refusals import AskedAlready, WrongMoment
from orders.urging import asked_already, can_be_urged, place_of


@action
def urge_order(order: UUID, *, actor: Actor, now: datetime) -> Urge:
    """Ask to hurry. The first time the order moves up; each time its people are told; the target stays.

    A client or advisor may ask once per place in the process and working day, staff at any time.
    Raises AskedAlready (with when one may again), WrongMoment, NotAllowed, NoSuchOrder.
    Source: order-mode seed, 催单; seed decision 16.
    """
    row = locked(actor, order)
    expect_part(row, actor)
    if not can_be_urged(row):
        raise WrongMoment(row.state, "urged")
    from_client = actor.user.is_client_side
    before = asked_already(row, now) if from_client else None
    if before:
        raise AskedAlready(before.again_at)
    urge = Urge.objects.create(
        order=row,
        by=actor.user,
        from_client=from_client,
        nodes=place_of(row),
        working_day=rules.day_begun(calendar(row.branch.calendar), now),
        urged_at=now,
    )
    _put_on_record(row, urge, actor, now)
    return urge


def _put_on_record(row: Order, urge: Urge, actor: Actor, now: datetime) -> None:
    count, priority = row.urges.count(), row.priority
    if count == 1:
        row.priority = rules.moved_up(priority)
        row.version += 1
        save(row, actor=actor, now=now, fields=["priority", "version"])
    record(
        "orders.order.urged",
        subject=row.subject,
        order=row,
        actor=actor,
        now=now,
        before={"priority": priority},
        after={"priority": row.priority},
        data={"from_client": urge.from_client, "count": count},
    )
