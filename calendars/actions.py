"""Calendars of the firm's own under change control: the only code that writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    return CALENDARS.begin(CalendarVersion(calendar=row, body=_read(text)), actor=actor, now=now)


@action
def draft_version(code: str, *, text: str, actor: Actor, now: datetime) -> CalendarVersion:
    """Begin a draft of a calendar from a text. Raises CalendarRefused, NotAllowed, NotFound."""
    row = lock(CalendarRow.objects.filter(code=code)).first()
    if row is None:
        raise NotFound(_("Expected a calendar of the firm's own, but there is none."))
    expect_right(actor, code)
    return CALENDARS.begin(CalendarVersion(calendar=row, body=_read(text)), actor=actor, now=now)


@action
def edit_version(version_id: int, *, text: str, revision: int, actor: Actor, now: datetime) -> CalendarVersion:
    """Save a draft. revision: the one that the page showed. Raises CalendarRefused, NotAllowed, VersionChanged."""
    version = CALENDARS.editable(version_id, revision, actor=actor)
    before, version.body = version.body, _read(text)
    version.revision, version.maker = revision + 1, actor.user or version.maker
    save(version, actor=actor, now=now)
    bodies = {"before": {"body": written(before)}, "after": {"body": written(version.body)}}
    CALENDARS.record("edited", version, actor, now, **bodies)
    return version


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


def _read(text: str) -> dict[str, Any]:
    try:
        return read_calendar(text)
    except CalendarWrong as wrong:
        raise CalendarRefused(wrong.problems) from None


def _again(old: CalendarVersion) -> CalendarVersion:
    """With the hours and holidays of another version. Raises CalendarRefused."""
    return CalendarVersion(calendar=old.calendar, body=_read(written(old.body)))


def _expect_approvable(version: CalendarVersion, actor: Actor, now: datetime) -> None:
    """Raises CalendarRefused."""
    _read(written(version.body))


CALENDARS = versions.Control(
    versions=CalendarVersion,
    facts="calendars.version",
    named=lambda version: {"calendar": version.calendar.code},
    missing=gettext_lazy("Expected a version of a calendar, but there is none."),
    edits=lambda actor, calendar: expect_right(actor, calendar.code),
    checks=lambda actor, calendar: expect_right(actor, calendar.code),
    again=_again,
    content=lambda version: {"body": written(version.body)},
    approvable=_expect_approvable,
)
roll_back, propose_version, approve_version = CALENDARS.roll_back, CALENDARS.propose, CALENDARS.approve
reject_version, withdraw_version, put_in_force = CALENDARS.reject, CALENDARS.withdraw, CALENDARS.put_in_force
