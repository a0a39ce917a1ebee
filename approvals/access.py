"""Who may sign: nobody who had a part in what is signed, nor who signs for somebody who had."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Delegation, User
from accounts.refusals import DelegationOver
from approvals.models import Request, Tier
from approvals.parts import took_part
from approvals.refusals import AskedByName, FourEyes
from audit.actors import Actor
from audit.claims import lock
from work.access import decides, expect_worker
from work.lent import delegation_over, delegations_for
from work.models import State, WorkItem


def expect_other_eyes(item: WorkItem, user: Any, actor: Actor, now: datetime) -> None:
    """Before an approval item is taken, or given to somebody. Raises FourEyes, RightMissing."""
    request = Request.objects.select_related("order").get(tiers__work_item=item)
    authority_of(item, request, user, actor, now)


def authority_of(item: WorkItem, request: Request, user: Any, actor: Actor, now: datetime) -> Delegation | None:
    """By whose authority the user may sign an item: their own (None) before what is lent to them, the oldest first.

    Where somebody was asked by name, only theirs counts. Raises FourEyes, AskedByName, RightMissing, DelegationOver.
    Source: core concept 3 of the seed, four eyes and delegation.
    """
    parts = took_part(request)
    _expect_no_part(parts, user, actor)
    tier = item.approval_tier
    if decides(item, user) and is_asked(tier, user):
        return None
    lent = [each for each in delegations_for(item, user, now) if is_asked(tier, each.delegator)]
    if not lent:
        _expect_not_over(item, user, now)
        expect_worker(item, user, now)
        raise AskedByName(tier.asked.display_name if tier.asked else "")
    free = [delegation for delegation in lent if delegation.delegator_id not in parts]
    if not free:
        delegator = lent[0].delegator
        raise FourEyes(_of_another(parts[delegator.pk], delegator))
    return free[0]


def is_asked(tier: Tier, person: Any) -> bool:
    """Whether a tier may be signed by the person's authority, as far as somebody was asked by name."""
    return tier.asked_id in (None, person.pk)


def is_with_another(item: WorkItem, tier: Tier, user: Any) -> bool:
    """Whether somebody else has the item. What was only given to one who was asked by name is also for their delegates.

    Once they began, it is theirs alone.
    """
    is_given = tier.asked_id is not None and tier.asked_id == item.holder_id and item.state == State.ASSIGNED
    return item.holder_id not in (None, user.pk) and not is_given


def held_firmly(delegation: Delegation, now: datetime) -> User:
    """Lock a delegation that is about to be used; who lent it. Raises DelegationOver: it was revoked meanwhile."""
    row = lock(Delegation.objects.filter(pk=delegation.pk)).get()
    if not row.is_in_force(now):
        raise DelegationOver(delegation.delegator.display_name, revoked=row.revoked_at is not None)
    return delegation.delegator


def expect_no_part(request: Request, user: Any, actor: Actor) -> None:
    """The user neither placed, prepared nor signed what the request asks about. Raises FourEyes."""
    _expect_no_part(took_part(request), user, actor)


def _expect_no_part(parts: dict[int, str], user: Any, actor: Actor) -> None:
    part = parts.get(user.pk)
    if part is None:
        return
    if actor.user is None or user.pk != actor.user.pk:
        raise FourEyes(_of_another(part, user))
    yours = {
        "prepared": _("you prepared it"),
        "signed": _("you signed another tier"),
        "lent": _("somebody signed another tier for you"),
        "placed": _("you placed the order"),
        "advised": _("you were asked for advice on it"),
    }
    raise FourEyes(yours[part])


def _of_another(part: str, user: Any) -> str:
    theirs = {
        "prepared": _("%(name)s prepared it"),
        "signed": _("%(name)s signed another tier"),
        "lent": _("somebody signed another tier for %(name)s"),
        "placed": _("%(name)s placed the order"),
        "advised": _("%(name)s was asked for advice on it"),
    }
    return theirs[part] % {"name": user.display_name}


def _expect_not_over(item: WorkItem, user: Any, now: datetime) -> None:
    over = delegation_over(item, user, now)
    if over is not None:
        raise DelegationOver(over.delegator.display_name, revoked=over.revoked_at is not None)
