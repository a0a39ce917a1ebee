"""Taking work."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.authority import holds
from audit.actors import Actor
from audit.context import action
from work.access import expect_impartial, expect_worker, fetch
from work.actions.moving import keep, standing
from work.line import KEYS, line_of
from work.models import Queue, State, WorkItem
from work.queries import in_view
from work.refusals import AlreadyClaimed, AlreadyClosed, NothingToTake, RightMissing

CANDIDATES = 8  # how many of the best items are tried when several people take the next one at once


@action
def claim(item: UUID, *, actor: Actor, now: datetime) -> WorkItem:
    """Take an item that waits; exactly one person gets it.

    Raises AlreadyClaimed (with who has it), AlreadyClosed, SkillMissing, RightMissing, NoSuchItem, and for an
    approval FourEyes. One that the person holds already is returned as it is.
    """
    row = fetch(item, actor, now)
    if row.holder_id == actor.user.pk:
        return _begin(row, actor, now) if row.state == State.ASSIGNED else row
    if row.holder is not None:
        raise AlreadyClaimed(row.holder.display_name)
    expect_worker(row, actor.user, now)
    expect_impartial(row, actor.user, actor, now)
    before = standing(row)
    row.claim()
    row.holder = actor.user
    row.claimed_at = row.claimed_at or now
    row.started_at = row.started_at or now
    return keep(row, "work.item.claimed", actor=actor, now=now, before=before)


def _begin(row: WorkItem, actor: Actor, now: datetime) -> WorkItem:
    before = standing(row)
    row.start()
    row.started_at = row.started_at or now
    return keep(row, "work.item.started", actor=actor, now=now, before=before)


@action
def take_next(queue: str, *, actor: Actor, now: datetime) -> WorkItem:
    """Take the first item of a queue's view "next": by priority, then by due time. Raises NothingToTake."""
    row = Queue.objects.filter(code=queue).first()
    if row is None or not holds(actor.user, "work_queue", row.pk):
        raise RightMissing("operations_analyst")
    waiting = in_view(row, "next", actor.user).only("public_id", *KEYS)
    for item in line_of("next").page(waiting, None, CANDIDATES):
        try:
            return claim(item.public_id, actor=actor, now=now)
        except (AlreadyClaimed, AlreadyClosed):  # somebody was faster: try the next one
            continue
    raise NothingToTake()
