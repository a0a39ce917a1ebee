"""Lending the authority to sign, and taking it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.authority import holds, roles
from accounts.delegates import branches_seen, may_sign_for_others
from accounts.hierarchy import SIGNING
from accounts.models import Delegation, User
from accounts.refusals import (
    CircularDelegation,
    DelegationOver,
    DelegationReasonMissing,
    NoSuchDelegation,
    NothingToLend,
    NotYoursToLend,
    UnknownMatrix,
    WrongDelegate,
    WrongLimit,
    WrongTimes,
)
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.reactions import wiring
from audit.texts import is_readable

LONGEST = timedelta(days=366)
LONGEST_REASON = 500


@action
def delegate_authority(
    *,
    delegator: int,
    delegate: int,
    begins_at: datetime,
    ends_at: datetime,
    reason: str,
    matrix: str = "",
    most: tuple[int, str] | None = None,
    actor: Actor,
    now: datetime,
) -> Delegation:
    """Let somebody sign for somebody else for a time; it ends by itself.

    delegator, delegate: keys of users; the delegate works or decides, and sees a branch that the delegator sees.
    ends_at is excluded; what begins in the past begins now. matrix: the key of the only approval matrix, "" for all.
    most: the largest amount in minor units, with its currency.
    Raises NotYoursToLend, NothingToLend, WrongDelegate, CircularDelegation, WrongTimes, WrongLimit, UnknownMatrix,
    DelegationReasonMissing. Source: core concept 3 of the seed, delegation of authority.
    """
    _one_after_the_other()
    people = {user.pk: user for user in lock(User.objects.filter(pk__in=[delegator, delegate]).order_by("pk"))}
    giver = people.get(delegator)
    if giver is None or not may_lend_for(actor.user, giver):
        raise NotYoursToLend()
    taker = _fit_delegate(giver, people.get(delegate), actor)
    begins_at = max(begins_at, now)
    _expect_times(begins_at, ends_at, now)
    if most is not None and (most[0] <= 0 or len(most[1]) != 3 or not most[1].isupper()):
        raise WrongLimit()
    if matrix and not import_string(wiring().LENT_FOR)(matrix):
        raise UnknownMatrix(matrix)
    _expect_no_circle(giver, taker, begins_at, ends_at)
    row = Delegation(
        delegator=giver,
        delegate=taker,
        begins_at=begins_at,
        ends_at=ends_at,
        matrix=matrix,
        most_minor=most[0] if most else None,
        currency=most[1] if most else "",
        reason=_given(reason),
        given_by=actor.user,
        given_at=now,
    )
    save(row, actor=actor, now=now)
    limits = {"matrix": matrix, "most_minor": row.most_minor, "currency": row.currency}
    after = {"begins_at": begins_at, "ends_at": ends_at, **{name: value for name, value in limits.items() if value}}
    _record("accounts.delegation.given", row, row.reason, after, actor, now)
    return row


@action
def revoke_delegation(delegation: UUID, *, reason: str, actor: Actor, now: datetime) -> Delegation:
    """Take lent authority back before it ends by itself.

    Raises NoSuchDelegation, NotYoursToLend, DelegationOver, DelegationReasonMissing.
    """
    expect_lent(delegation, actor=actor, now=now)
    row = lock(Delegation.objects.filter(public_id=delegation).select_related("delegator", "delegate")).get()
    _expect_standing(row, now)
    reason = _given(reason)
    row.revoked_by, row.revoked_at = actor.user, now
    save(row, actor=actor, now=now, fields=["revoked_by", "revoked_at"])
    _record("accounts.delegation.revoked", row, reason, {"revoked_at": now}, actor, now)
    return row


def expect_lent(delegation: UUID, *, actor: Actor, now: datetime) -> Delegation:
    """What the actor may revoke now. Raises NoSuchDelegation, NotYoursToLend, DelegationOver."""
    seen = Delegation.objects.visible_to(actor.user).select_related("delegator__team", "delegate")
    row = seen.filter(public_id=delegation).first()
    if row is None:
        raise NoSuchDelegation()
    if not may_lend_for(actor.user, row.delegator):
        raise NotYoursToLend()
    _expect_standing(row, now)
    return row


def may_lend_for(user: User | None, delegator: User) -> bool:
    """One's own authority, or as an administrator of the branch of who holds it."""
    if user is None:
        return False
    branch = delegator.team.branch_id if delegator.team else 0
    return user.pk == delegator.pk or holds(user, "administer_branch", branch)


def _expect_standing(row: Delegation, now: datetime) -> None:
    if row.over_at <= now:
        raise DelegationOver(row.delegator.display_name, revoked=row.revoked_at is not None)


def _fit_delegate(giver: User, taker: User | None, actor: Actor) -> User:
    if not (giver.is_active and SIGNING & roles(giver)):
        raise NothingToLend(giver.display_name)
    if taker is None:
        raise WrongDelegate(_("Expected somebody of the staff, but there is nobody like that."))
    if taker.pk == giver.pk:
        raise WrongDelegate(_("Expected somebody else, but this is the approver."))
    if taker.is_client_side or not taker.is_active:
        sentence = _("Expected somebody of the staff who works here, but %(name)s does not.")
        raise WrongDelegate(sentence % {"name": taker.display_name})
    if actor.user is not None and taker.pk == actor.user.pk:
        raise WrongDelegate(_("Expected somebody else, but nobody gives authority to themselves."))
    if not may_sign_for_others(taker):
        sentence = _("Expected somebody who works or decides here, but %(name)s only reads or administers.")
        raise WrongDelegate(sentence % {"name": taker.display_name})
    if not branches_seen(giver) & branches_seen(taker):
        sentence = _("Expected somebody who sees the orders of the same branch, but %(name)s does not.")
        raise WrongDelegate(sentence % {"name": taker.display_name})
    return taker


def _expect_times(begins_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= now:
        raise WrongTimes(_("Expected an end that is to come, but it has passed."))
    if ends_at <= begins_at:
        raise WrongTimes(_("Expected an end after the beginning, but it is before."))
    if ends_at - begins_at > LONGEST:
        raise WrongTimes(_("Expected at most a year, but it is longer."))


def _one_after_the_other() -> None:
    """Lending waits for lending: a circle may close through people whom neither of two lendings names."""
    lock(ContentType.objects.filter(pk=ContentType.objects.get_for_model(Delegation).pk)).get()


def _expect_no_circle(giver: User, taker: User, begins_at: datetime, ends_at: datetime) -> None:
    """At no instant does the delegate lend on, through however many people, to who lends to them."""
    standing = Delegation.objects.filter(revoked_at=None, begins_at__lt=ends_at, ends_at__gt=begins_at)
    given: dict[int, list[Delegation]] = {}
    for row in standing.select_related("delegator"):
        given.setdefault(row.delegator_id, []).append(row)
    ways, seen = [(taker.pk, begins_at, ends_at)], set()
    while ways:
        way = ways.pop()
        if way in seen:
            continue
        seen.add(way)
        who, begins, ends = way
        for row in given.get(who, []):
            first, last = max(begins, row.begins_at), min(ends, row.ends_at)
            if first < last and row.delegate_id == giver.pk:
                raise CircularDelegation(taker.display_name, row.delegator.display_name)
            if first < last:
                ways.append((row.delegate_id, first, last))


def _given(reason: str) -> str:
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON or not is_readable(text):
        raise DelegationReasonMissing()
    return text


def _record(fact: str, row: Delegation, reason: str, after: dict, actor: Actor, now: datetime) -> None:
    data = {"delegator": row.delegator_id, "to": row.delegate_id}
    record(fact, subject=row.subject, actor=actor, now=now, reason=reason, after=after, data=data)
