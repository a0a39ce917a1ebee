"""Who else could decide an item that nobody decides: the absence of an approver never stops a chain.

Whoever is away is not asked, however they came to be among those who could be.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from accounts.absences import away_among
from accounts.delegations import stand_ins
from accounts.hierarchy import NEXT_HIGHER
from accounts.models import User
from approvals.access import authority_of
from approvals.models import Request
from audit.actors import Actor
from audit.refusals import Refusal
from work.models import WorkItem
from work.queries import workers


def alternate_for(item: WorkItem, request: Request, actor: Actor, now: datetime) -> User | None:
    """Who is asked instead of the holder; None where there is nobody.

    The first who is there and had no part in the request, of: those whom the holder, or others of the role, let sign
    for them; other holders of the role; the next higher role. Of one who was asked by name only the first of these.
    """
    tried: set[int] = {item.holder_id} if item.holder_id else set()
    candidates = list(_candidates(item, now))
    tried |= away_among({person.pk for person in candidates}, now)
    for person in candidates:
        if person.pk not in tried and _fits(item, request, person, actor, now):
            return person
        tried.add(person.pk)
    return None


def _candidates(item: WorkItem, now: datetime) -> Iterator[User]:
    peers = workers(item.queue, role=item.role)
    absent = [item.holder_id] if item.holder_id else [person.pk for person in peers]
    yield from (delegation.delegate for delegation in stand_ins(absent, now))
    yield from peers
    if item.role in NEXT_HIGHER:
        yield from workers(item.queue, role=NEXT_HIGHER[item.role])


def _fits(item: WorkItem, request: Request, person: Any, actor: Actor, now: datetime) -> bool:
    try:
        authority_of(item, request, person, actor, now)
    except Refusal:
        return False
    return True
