"""Entering that somebody is away, and calling it off."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.authority import holds
from accounts.models import Absence, User
from accounts.refusals import AbsenceOver, AbsenceOverlaps, NoSuchAbsence, NotYoursToEnter, WrongAbsence
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from ui.words import full_text

LONGEST = timedelta(days=366)
FURTHEST = timedelta(days=2 * 366)  # ahead and back


@action
def enter_absence(
    *, person: int, begins_at: datetime, ends_at: datetime, kind: str, actor: Actor, now: datetime
) -> Absence:
    """Somebody is away for a time: they are given no work, and whoever waits for them is told who else can.

    person: the key of a user. ends_at is excluded; what began in the past began then. kind: one of `Absence.Kind`.
    The person's row is held meanwhile, so that two absences entered at once do not overlap.
    Raises NotYoursToEnter, WrongAbsence, AbsenceOverlaps. Source: pitfall of the seed, the absent approver.
    """
    who = lock(User.objects.filter(pk=person)).select_related("team").first()
    if who is None or who.is_client_side or not may_enter_for(actor.user, who):
        raise NotYoursToEnter()
    expect_fit(who, begins_at, ends_at, kind, now)
    row = Absence(
        person=who, begins_at=begins_at, ends_at=ends_at, kind=kind, entered_by=actor.user or who, entered_at=now
    )
    save(row, actor=actor, now=now)
    after = {"begins_at": begins_at, "ends_at": ends_at, "kind": kind}
    data = {"to": who.pk}
    record("accounts.absence.entered", subject=row.subject, actor=actor, now=now, after=after, data=data)
    return row


@action
def call_off_absence(absence: UUID, *, actor: Actor, now: datetime) -> Absence:
    """The person is there after all, from now on. Raises NoSuchAbsence, NotYoursToEnter, AbsenceOver."""
    expect_entered(absence, actor=actor, now=now)
    row = lock(Absence.objects.filter(public_id=absence)).select_related("person").get()
    _expect_standing(row, now)
    row.cancelled_by, row.cancelled_at = actor.user or row.person, now
    save(row, actor=actor, now=now, fields=["cancelled_by", "cancelled_at"])
    after, data = {"cancelled_at": now}, {"to": row.person_id}
    record("accounts.absence.called_off", subject=row.subject, actor=actor, now=now, after=after, data=data)
    return row


def expect_entered(absence: UUID, *, actor: Actor, now: datetime) -> Absence:
    """What the actor may call off now. Raises NoSuchAbsence, NotYoursToEnter, AbsenceOver."""
    seen = Absence.objects.visible_to(actor.user).select_related("person__team")
    row = seen.filter(public_id=absence).first()
    if row is None:
        raise NoSuchAbsence()
    if not may_enter_for(actor.user, row.person):
        raise NotYoursToEnter()
    _expect_standing(row, now)
    return row


def may_enter_for(user: User | None, person: User) -> bool:
    """One's own absence, of those whom one leads or manages, or as an administrator of their branch."""
    if user is None:
        return False
    team = person.team
    if user.pk == person.pk or team is None:
        return user.pk == person.pk
    return user.pk in (team.lead_id, team.manager_id) or holds(user, "administer_branch", team.branch_id)


def expect_fit(person: User, begins_at: datetime, ends_at: datetime, kind: str, now: datetime) -> None:
    """The times are ones, and the person is not away yet in any part of them. Raises WrongAbsence, AbsenceOverlaps."""
    if kind not in Absence.Kind.values:
        raise WrongAbsence("kind", _("Choose one of the kinds listed."))
    if ends_at <= begins_at:
        raise WrongAbsence("ends_at", _("Expected an end after the beginning, but it is before."))
    if ends_at <= now:
        raise WrongAbsence("ends_at", _("Expected an end that is to come, but it has passed."))
    if ends_at - begins_at > LONGEST:
        raise WrongAbsence("ends_at", _("Expected at most a year, but it is longer."))
    if abs(begins_at - now) > FURTHEST:
        raise WrongAbsence("first_day", _("Expected a day within two years, but it is further away."))
    other = Absence.objects.touching(begins_at, ends_at).filter(person=person).order_by("begins_at").first()
    if other is not None:
        raise AbsenceOverlaps(_days(other))


def _days(row: Absence) -> str:
    zone = timezone.get_current_timezone()
    first, last = (full_text(at, get_language(), zone) for at in (row.begins_at, row.ends_at))
    return pgettext("from one moment to another", "%(first)s – %(last)s") % {"first": first, "last": last}


def _expect_standing(row: Absence, now: datetime) -> None:
    if not row.is_standing(now):
        raise AbsenceOver()
