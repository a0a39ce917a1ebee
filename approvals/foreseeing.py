"""That orders will stall while somebody is away is put on record, so that who manages them is told of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Absence, User
from approvals.stalls import stalls_without
from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.models import Entry

FORESEEN = "approvals.stall.foreseen"
_INSTANT = timedelta(microseconds=1)


@action
def foresee(absence: str, *, entered_by: str, actor: Actor, now: datetime) -> None:
    """Put on record, once, that an absence makes orders stall, with whoever is to be told: the person's manager.

    Nothing happens where nobody manages them, the manager entered it and saw it, it was called off, or all goes on.
    entered_by: as entries name an actor. Source: pitfall of the seed, the absent approver.
    """
    row = lock(Absence.objects.filter(public_id=absence)).select_related("person__team__branch").get()
    manager = row.person.team.manager if row.person.team else None
    if manager is None or entered_by == f"user:{manager.pk}" or not row.is_standing(now):
        return
    if Entry.objects.filter(subject=row.subject, fact=FORESEEN).exists() or not _stalls(row, manager, now):
        return
    record(FORESEEN, subject=row.subject, actor=actor, now=now, data={"to": manager.pk, **_asked(row)})


def _stalls(row: Absence, manager: User, now: datetime) -> bool:
    """As far as the manager may see it: what they are told, they find on the page."""
    found = stalls_without(row.person, row.begins_at, row.ends_at, reader=manager, now=now)
    return any(each.stalls for each in (*found.requests, *found.chains))


def _asked(row: Absence) -> dict[str, str]:
    """What the page of the look ahead is asked: the person, and days of their branch, the last one included."""
    zone = ZoneInfo(row.person.team.branch.timezone) if row.person.team else ZoneInfo("UTC")
    first, last = (at.astimezone(zone).date() for at in (row.begins_at, row.ends_at - _INSTANT))
    return {"person": str(row.person.public_id), "first_day": first.isoformat(), "ends_at": last.isoformat()}
