"""Beginning, parking and taking up again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from audit.actors import Actor
from audit.context import action
from work.access import expect_holder, expect_pendable, fetch
from work.actions.moving import expect_version, given, keep, standing
from work.models import State, WorkItem
from work.refusals import WrongStep


@action
def start(item: UUID, *, actor: Actor, now: datetime) -> WorkItem:
    """Begin an item that was assigned to one. Raises NotYours, WrongStep, NoSuchItem."""
    row = fetch(item, actor, now)
    expect_holder(row, actor)
    if row.state != State.ASSIGNED:
        raise WrongStep(row.state, "started")
    before = standing(row)
    row.start()
    row.started_at = row.started_at or now
    return keep(row, "work.item.started", actor=actor, now=now, before=before)


@action
def pend(item: UUID, *, reason: str, version: int | None = None, actor: Actor, now: datetime) -> WorkItem:
    """Park an item while waiting for somebody else; a service clock of its own pauses, the order's goes on.

    version: the row's version that the page showed, when it came from a page.
    Raises NotYours, WrongStep, ChangedMeanwhile, ReasonMissing, AlreadyClosed, NoSuchItem.
    """
    row = fetch(item, actor, now)
    expect_version(row, version)
    expect_pendable(row, actor)
    reason = given(reason)
    before = standing(row)
    row.pend()
    row.pend_reason = reason
    return keep(row, "work.item.pended", actor=actor, now=now, before=before, reason=reason)


@action
def resume(item: UUID, *, actor: Actor, now: datetime) -> WorkItem:
    """Go on with a parked item. Raises NotYours, WrongStep, NoSuchItem."""
    row = fetch(item, actor, now)
    expect_holder(row, actor)
    if row.state != State.PENDING:
        raise WrongStep(row.state, "resumed")
    before = standing(row)
    row.resume()
    row.pend_reason = ""
    return keep(row, "work.item.resumed", actor=actor, now=now, before=before)
