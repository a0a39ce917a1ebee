"""Giving work to people, giving it back, and putting it first."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.absences import is_away
from accounts.refusals import PersonAway
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import Invalid, NotAllowed
from orders.models import Order
from orders.rules import moved_up
from work.access import expect_holder, expect_impartial, expect_lead, expect_releasable, expect_worker, fetch
from work.actions.moving import expect_version, given, keep, standing
from work.models import OPEN, WorkItem
from work.refusals import RightMissing, ToOneself


@action
def assign(
    item: UUID, *, to: Any, reason: str = "", version: int | None = None, actor: Actor, now: datetime
) -> WorkItem:
    """Give an item to somebody who works its queue, has the skill and is there.

    version: the row's version that the page showed, when it came from a page.
    reason: at most 500 characters. Raises RightMissing, ChangedMeanwhile, SkillMissing, ReasonMissing, NoSuchItem,
    PersonAway, and for an approval FourEyes.
    """
    row = fetch(item, actor)
    expect_lead(row, actor)
    expect_version(row, version)
    _expect_able(row, to, actor, now)
    reason = given(reason) if reason.strip() else ""
    return _give(row, to, "work.item.assigned", actor, now, reason)


@action
def hand_over(item: UUID, *, to: Any, reason: str, version: int | None = None, actor: Actor, now: datetime) -> WorkItem:
    """Its holder gives an item to a colleague who could take it as well: from then on it is theirs.

    version, reason: as for releasing. Raises NotYours, ChangedMeanwhile, SkillMissing, RightMissing, ReasonMissing,
    AlreadyClosed, NoSuchItem, and for an approval FourEyes. Source: 转办 of the seed decisions.
    """
    row = fetch(item, actor, now)
    expect_holder(row, actor)
    expect_version(row, version)
    if to.pk == actor.user.pk:
        raise ToOneself()
    _expect_able(row, to, actor, now)
    return _give(row, to, "work.item.handed_over", actor, now, given(reason))


@action
def give_by_name(row: WorkItem, to: Any, *, actor: Actor, now: datetime) -> None:
    """Give a (locked, free) item to whom it was opened for, also while they are away: nobody else could take it.

    It stays in its queue where they can no longer take it either.
    """
    try:
        _expect_fit(row, to, actor, now)
    except NotAllowed:
        return
    _give(row, to, "work.item.assigned", actor, now, "")


def _expect_able(row: WorkItem, to: Any, actor: Actor, now: datetime) -> None:
    _expect_fit(row, to, actor, now)
    if is_away(to, now):
        raise PersonAway(to.display_name)


def _expect_fit(row: WorkItem, to: Any, actor: Actor, now: datetime) -> None:
    expect_worker(row, to, now)
    if not WorkItem.objects.visible_to(to, now).filter(pk=row.pk).exists():  # another client's advisor
        raise RightMissing(row.role)
    expect_impartial(row, to, actor, now)


def _give(row: WorkItem, to: Any, fact: str, actor: Actor, now: datetime, reason: str) -> WorkItem:
    before = standing(row)
    row.assign()
    row.holder = to
    row.claimed_at = row.claimed_at or now
    return keep(row, fact, actor=actor, now=now, before=before, reason=reason, data={"to": to.pk})


@action
def release(item: UUID, *, reason: str, version: int | None = None, actor: Actor, now: datetime) -> WorkItem:
    """Give a claimed item back to its queue; what was typed stays as a draft.

    reason: 1–500 characters, shown to the team lead. version: as for assigning.
    Raises NoSuchItem, RightMissing, ChangedMeanwhile, AlreadyClosed, WrongStep, ReasonMissing.
    Source: order-mode seed, time-out reclaim and resource release.
    """
    row = fetch(item, actor, now)
    expect_version(row, version)
    expect_releasable(row, actor)
    reason = given(reason)
    before = standing(row)
    row.release()
    row.holder = None
    row.pend_reason = ""
    return keep(row, "work.item.released", actor=actor, now=now, before=before, reason=reason)


@action
def set_priority(
    item: UUID, *, priority: int, reason: str, version: int | None = None, actor: Actor, now: datetime
) -> WorkItem:
    """Put an item first or last. priority: 1 (highest) to 5. version: as for assigning.

    Raises RightMissing, ChangedMeanwhile, Invalid, NoSuchItem.
    """
    row = fetch(item, actor)
    expect_lead(row, actor)
    expect_version(row, version)
    reason = given(reason)
    if priority not in range(1, 6):
        sentence = _("Expected a priority from 1 to 5, but it is another.")
        raise Invalid(sentence, fields={"priority": _("Choose a priority from 1 to 5.")})
    before = {"priority": row.priority}
    row.priority = priority
    data = {"priority": priority}  # said also where it was the same before
    return keep(row, "work.item.prioritised", actor=actor, now=now, before=before, reason=reason, data=data)


@action
def move_up(order: Order, *, actor: Actor, now: datetime) -> None:
    """Put the open items of a (locked) order one step before others, because somebody asked to hurry."""
    for row in lock(WorkItem.objects.filter(order=order, state__in=OPEN).order_by("pk")):
        before, row.order = {"priority": row.priority}, order
        row.priority = moved_up(row.priority)
        if row.priority != before["priority"]:
            keep(row, "work.item.prioritised", actor=actor, now=now, before=before)
