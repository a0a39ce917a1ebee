"""Calendars of the firm's own under change control: the only code that writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.authority import held
from accounts.models import Branch
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import Invalid, NotAllowed, NotFound
from calendars import shipped
from calendars.checking import CalendarWrong, read_calendar, written
from calendars.models import CalendarRow, CalendarVersion
from calendars.refusals import CalendarRefused
from rulebook import versions
from rulebook.change_control import State
from rulebook.refusals import VersionChanged, WrongState

RIGHT = "administer_branch"


@action
def open_calendar(*, code: str, name: dict, text: str, actor: Actor, now: datetime) -> CalendarVersion:
    """Open a calendar under a code of its own, with its first draft. Raises CalendarRefused, Invalid, NotAllowed."""
    expect_right(actor, code)
    if code in shipped.codes():
        problem = _("Expected a code that no shipped calendar has.")
        raise Invalid(_("Expected a free code and a name in both languages."), fields={"code": problem})
    row = CalendarRow(code=code, name=name)
    try:
        row.full_clean()
    except ValidationError as wrong:
        fields = {field: " ".join(said) for field, said in wrong.message_dict.items()}
        raise Invalid(_("Expected a free code and a name in both languages."), fields=fields) from None
    save(row, actor=actor, now=now)
    subject = f"calendars.calendar:{row.pk}"
    record("calendars.calendar.opened", subject=subject, actor=actor, now=now, after={"code": code})
    return _drafted(row, text, actor, now)


@action
def draft_version(code: str, *, text: str, actor: Actor, now: datetime) -> CalendarVersion:
    """Begin a draft of a calendar from a text. Raises CalendarRefused, NotAllowed, NotFound."""
    row = lock(CalendarRow.objects.filter(code=code)).first()
    if row is None:
        raise NotFound(_("Expected a calendar of the firm's own, but there is none."))
    expect_right(actor, code)
    return _drafted(row, text, actor, now)


@action
def roll_back(version_id: int, *, justification: str, actor: Actor, now: datetime) -> CalendarVersion:
    """Begin a draft with the hours and holidays of a version that governed before.

    justification: what the form to propose it begins with. Raises CalendarRefused, NotAllowed, NotFound, WrongState.
    """
    old = _locked(version_id, actor)
    if old.state != State.SUPERSEDED:
        raise WrongState(old.state, "rolled back to")
    row = lock(CalendarRow.objects.filter(pk=old.calendar_id)).get()
    about = {"back_to": old.number}
    return _drafted(row, written(old.body), actor, now, justification=justification, about=about)


@action
def edit_version(version_id: int, *, text: str, revision: int, actor: Actor, now: datetime) -> CalendarVersion:
    """Save a draft. revision: the one that the page showed. Raises CalendarRefused, NotAllowed, VersionChanged."""
    version = _locked(version_id, actor)
    if version.state != State.DRAFT:
        raise WrongState(version.state, "edited")
    if version.revision != revision:
        raise VersionChanged(version.maker.display_name if version.maker else "", version.revision)
    before, version.body = version.body, _read(text)
    version.revision, version.maker = revision + 1, actor.user or version.maker
    save(version, actor=actor, now=now)
    _record("edited", version, actor, now, before={"body": written(before)}, after={"body": written(version.body)})
    return version


@action
def propose_version(
    version_id: int, *, justification: str, effective_at: datetime, actor: Actor, now: datetime
) -> CalendarVersion:
    """Propose a draft; from then on it cannot be edited."""
    version = _locked(version_id, actor)
    about: dict[str, Any] = {"justification": justification, "effective_at": effective_at}
    versions.propose(version, "calendars.version.proposed", of=_of(version), **about, actor=actor, now=now)
    return version


@action
def approve_version(version_id: int, *, actor: Actor, now: datetime) -> CalendarVersion:
    """Approve somebody else's proposal; it comes into force on its date. Raises CalendarRefused as well."""
    version = _locked(version_id, actor)
    _read(written(version.body))
    versions.approve(version, "calendars.version.approved", of=_of(version), actor=actor, now=now)
    return version


@action
def reject_version(version_id: int, *, reason: str, actor: Actor, now: datetime) -> CalendarVersion:
    """Send somebody else's proposal back for good, with a reason."""
    version = _locked(version_id, actor)
    versions.reject(version, "calendars.version.rejected", of=_of(version), reason=reason, actor=actor, now=now)
    return version


@action
def withdraw_version(version_id: int, *, actor: Actor, now: datetime) -> CalendarVersion:
    """Take a version of one's own back that governs nothing yet."""
    version = _locked(version_id, actor)
    versions.withdraw(version, "calendars.version.withdrawn", of=_of(version), actor=actor, now=now)
    return version


@action
def put_in_force(*, actor: Actor, now: datetime) -> int:
    """Put every approved version in force whose date has come; returns how many."""
    due = lock(CalendarVersion.objects.filter(state=State.APPROVED, effective_at__lte=now)).order_by("effective_at")
    for version in (ready := list(due.select_related("calendar"))):
        siblings = lock(CalendarVersion.objects.filter(calendar=version.calendar_id))
        versions.put_in_force(version, siblings, "calendars.version.in_force", of=_of(version), actor=actor, now=now)
    return len(ready)


def may_change(user: Any, code: str) -> bool:
    """Whether the user administers every branch that goes by the calendar; where none does, any branch."""
    mine = held(user, RIGHT)
    return bool(mine) and set(Branch.objects.filter(calendar=code).values_list("pk", flat=True)) <= set(mine)


def expect_right(actor: Actor, code: str) -> None:
    """Raises NotAllowed; machines may do all."""
    if actor.user is not None and not may_change(actor.user, code):
        raise NotAllowed(
            _("Expected somebody who administers every branch that goes by this calendar, but you do not."),
            next_step=_("Ask an administrator of those branches."),
        )


def _drafted(
    row: CalendarRow,
    text: str,
    actor: Actor,
    now: datetime,
    *,
    justification: str = "",
    about: Mapping[str, Any] | None = None,
) -> CalendarVersion:
    body = _read(text)
    last = row.versions.order_by("-number").first()
    number = last.number + 1 if last else 1
    version = CalendarVersion(
        calendar=row, number=number, body=body, justification=justification, maker=actor.user, created_at=now
    )
    save(version, actor=actor, now=now)
    _record("drafted", version, actor, now, after={"number": number, "body": written(body)}, about=about)
    return version


def _read(text: str) -> dict[str, Any]:
    try:
        return read_calendar(text)
    except CalendarWrong as wrong:
        raise CalendarRefused(wrong.problems) from None


def _locked(version_id: int, actor: Actor) -> CalendarVersion:
    version = lock(CalendarVersion.objects.filter(pk=version_id)).select_related("calendar", "maker").first()
    if version is None:
        raise NotFound(_("Expected a version of a calendar, but there is none."))
    expect_right(actor, version.calendar.code)
    return version


def _of(version: CalendarVersion) -> dict[str, str]:
    return {"calendar": version.calendar.code}


def _record(
    step: str,
    version: CalendarVersion,
    actor: Actor,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    about: Mapping[str, Any] | None = None,
) -> None:
    data = {**_of(version), "number": version.number, **(about or {})}
    subject = f"calendars.version:{version.pk}"
    record(f"calendars.version.{step}", subject=subject, actor=actor, now=now, before=before, after=after, data=data)
