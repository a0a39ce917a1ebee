"""Who may sign for whom: reads of authority that was lent. A delegation is in force by its times alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.authority import read_ahead
from accounts.delegates import may_sign_for_others
from accounts.models import Delegation

MOST_AT_ONCE = 50  # delegations to one person at one time that are looked at


def window_of_days(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """From the first instant of a day to the last of another, as a zone counts its days. The end is excluded."""
    begins, ends = (datetime.combine(day, time.min, ZoneInfo(zone)) for day in (first, last + timedelta(days=1)))
    return begins, ends


def lent_to(user: Any, at: datetime) -> list[Delegation]:
    """What is lent to somebody at an instant, with the rights of who lends it, the oldest first.

    One statement a request, three where there is some; nothing to or from somebody who is not active, and nothing to
    somebody who may no longer sign for others.
    """
    if user is None or not user.is_active:
        return []
    read_at, rows = getattr(user, "_held_delegations", (None, []))
    if read_at is None or at < read_at:
        rows = _with_rights(Delegation.objects.not_over(at).filter(delegate=user.pk).order_by("pk"), user)
        user._held_delegations = (at, rows)
    return [delegation for delegation in rows if delegation.is_in_force(at)]


def over_for(user: Any, at: datetime) -> list[Delegation]:
    """What was lent to somebody and is over, the latest first, with the rights of who lent it."""
    ended = Delegation.objects.filter(delegate=user.pk, begins_at__lte=at)
    ended = ended.exclude(pk__in=Delegation.objects.not_over(at).values("pk"))
    return _with_rights(ended.order_by("-ends_at", "-pk"), user)


def stand_ins(delegators: Iterable[int], at: datetime) -> list[Delegation]:
    """Under which delegations others may sign for these people at an instant, the oldest first: one statement."""
    given = Delegation.objects.not_over(at).filter(
        begins_at__lte=at, delegator__in=delegators, delegate__is_active=True
    )
    return list(given.select_related("delegator", "delegate").order_by("pk"))


def delegations_covering(
    delegators: Iterable[int], begins_at: datetime, ends_at: datetime, *, matrix: str = ""
) -> list[Delegation]:
    """What these people lend for the whole of a time, without a limit: one statement.

    matrix: with a key, also what is lent for that matrix alone; else only what is lent for all.
    """
    standing = Delegation.objects.not_over(begins_at).filter(revoked_at=None, most_minor=None)
    whole = standing.filter(begins_at__lte=begins_at, ends_at__gte=ends_at, matrix__in=["", matrix])
    given = whole.filter(delegator__in=list(delegators), delegate__is_active=True)
    return list(given.select_related("delegator", "delegate").order_by("pk"))


def _with_rights(rows: QuerySet[Delegation], user: Any) -> list[Delegation]:
    active = rows.filter(delegator__is_active=True).select_related("delegator")
    found = list(active[:MOST_AT_ONCE])
    people = {each.delegator_id: each.delegator for each in found}
    for each in found:
        each.delegator, each.delegate = people[each.delegator_id], user
    if found:
        read_ahead([*people.values(), user])
    return found if found and may_sign_for_others(user) else []
