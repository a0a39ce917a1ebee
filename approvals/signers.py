"""The verbs of added signers: ask further people to sign beside a tier, and take one of them out again.

Source: 加签, 减签, 会签, 或签 of the seed decisions.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Max

from accounts.authority import holds
from accounts.models import User
from approvals.actions import expect_open, expect_signer, open_tier_of
from approvals.going_on import go_on, matter_of, note, remove, task_of
from approvals.handlers import open_tier, said_of
from approvals.models import Request, Tier
from approvals.queries import people_to_add, request_seen, seat_of
from approvals.refusals import NoSigner, NotYourSigner, RuleRequires
from approvals.rules import ESCALATE_AFTER, REMIND_AFTER
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from orders.queries import locked
from work.actions.moving import given
from work.models import WorkItem

MOST = 5  # people added at once


@action
def add_signers(
    item: UUID, *, people: Collection[int], any_of: bool, reason: str, actor: Actor, now: datetime
) -> list[Tier]:
    """Whoever may decide a tier asks further people to sign beside it, at the same stage.

    people: keys of `people_to_add`. any_of: one of them is enough, otherwise all must sign. reason: 1–500 characters.
    Raises NoSigner, ReasonMissing, and as deciding does.
    """
    row, tier, request = open_tier_of(item, actor, now)
    expect_signer(row, request, actor, now)
    chosen = _chosen(request, people, actor.user, now)
    reason = given(reason)
    number, needs = _next_number(request), 1 if any_of else len(chosen)
    about = {"number": number, "stage": tier.stage, "needs": needs, "any_of": any_of and len(chosen) > 1}
    return [_ask(request, each, row, actor, now, reason, seat=seat, **about) for seat, each in enumerate(chosen, 1)]


def _ask(
    request: Request, chosen: tuple[User, str], about: WorkItem, actor: Actor, now: datetime, reason: str, **seat: Any
) -> Tier:
    """Ask one person by name, and open their item. about: an item of the request, for what it is about."""
    person, role = chosen
    spans = {"remind_after": REMIND_AFTER, "escalate_after": ESCALATE_AFTER}
    new = Tier.objects.create(request=request, role=role, added_by=actor.user, asked=person, **spans, **seat)
    data = {**said_of(new), "to": person.pk, "enough": "one" if new.any_of else "all"}
    note("approvals.signer.added", request, actor, now, reason=reason, data=data)
    open_tier(new, task_of(request, actor, now), matter_of(about))
    return new


@action
def remove_signer(
    request: UUID, *, tier: int, seat: int, reason: str, instead: int | None = None, actor: Actor, now: datetime
) -> Tier:
    """Take an added signer out who has not signed yet; where nobody else is asked any more, the request goes on.

    tier, seat: which one, by its number. instead: the key of one of `people_to_add`, who is asked in their place.
    reason: 1–500 characters.
    Raises RuleRequires, NotYourSigner, NoSigner, ReasonMissing, AlreadyDecided, NotFound. Source: seed decision 19.
    """
    asked, row = _locked(request, tier, seat, actor)
    expect_removable(asked, row, actor)
    reason = given(reason)
    chosen = [] if instead is None else _chosen(asked.request, [instead], actor.user, now)
    remove(asked, actor, now, reason=reason)
    for each in chosen:
        _ask(asked.request, each, row, actor, now, reason, stage=asked.stage, any_of=asked.any_of, **_place(asked))
    go_on(asked.request, asked.stage, row, actor, now)
    return asked


def _place(asked: Tier) -> dict[str, int]:
    """Where somebody else is asked instead: among those of whom any one is enough, or by themselves."""
    if not asked.any_of:
        return {"number": _next_number(asked.request), "seat": 1}
    seats = asked.request.tiers.filter(number=asked.number).aggregate(last=Max("seat"))
    return {"number": asked.number, "seat": seats["last"] + 1}


def _next_number(request: Request) -> int:
    return int(request.tiers.aggregate(last=Max("number"))["last"] or 0) + 1


def expect_removable(tier: Tier, row: WorkItem, actor: Actor) -> None:
    """Whether the actor could take a signer out. Raises RuleRequires, NotYourSigner, AlreadyDecided."""
    if tier.added_by is None:
        raise RuleRequires()
    if tier.added_by != actor.user and not holds(actor.user, "lead_queue", row.queue_id):
        raise NotYourSigner(tier.added_by.display_name)
    expect_open(row, tier.request, tier)


def _locked(request: UUID, number: int, seat: int, actor: Actor) -> tuple[Tier, WorkItem]:
    """A tier that is asked, with its item; of an order that the actor sees, which need not be true of the item."""
    order = locked(actor, request_seen(actor.user, request).order.public_id)
    its = lock(Request.objects.filter(public_id=request)).get()
    its.order = order
    tier = seat_of(its, number, seat)
    return tier, cast(WorkItem, tier.work_item)


def _chosen(request: Request, people: Collection[int], asking: User, now: datetime) -> list[tuple[User, str]]:
    wanted = set(people)
    able = [(person, role) for person, role in people_to_add(request, asking, now) if person.pk in wanted]
    if not able or len(able) != len(wanted) or len(able) > MOST:
        raise NoSigner(MOST)
    return able
