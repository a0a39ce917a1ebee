"""Who is away when; entering it, with what it would hold up shown before; calling it off."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.absences import absences_seen
from accounts.being_away import call_off_absence, enter_absence, expect_entered, expect_fit, may_enter_for
from accounts.models import Absence
from approvals.stalls import stalls_without
from audit.refusals import Refusal
from portal_staff.absence_form import AbsenceForm, DaysAwayForm
from portal_staff.access import ANY_STAFF, actor, requires
from portal_staff.forms_said import say
from portal_staff.stall_words import stalls_shown

MOST_SHOWN = 200


@require_safe
@requires(*ANY_STAFF)
def absences(request: HttpRequest) -> HttpResponse:
    """The reader's absences, those of the people whom they lead, and those of their branches."""
    now = timezone.now()
    lines = [_line(row, request.user, now) for row in absences_seen(request.user)[:MOST_SHOWN]]
    return render(request, "portal_staff/absences.html", {"lines": lines})


@require_safe
@requires(*ANY_STAFF)
def look_ahead(request: HttpRequest) -> HttpResponse:
    """If this person is away from … to …, which orders stall?"""
    now = timezone.now()
    form = DaysAwayForm(request.user, now, request.GET if "first_day" in request.GET else None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        context |= _ahead(request, form, now)
    return render(request, "portal_staff/absence_ahead.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*ANY_STAFF)
def new_absence(request: HttpRequest) -> HttpResponse:
    """Enter an absence: first what it holds up is shown, then it is kept."""
    now = timezone.now()
    is_sent = request.method == "POST"
    initial = {name: request.GET[name] for name in AbsenceForm.base_fields if name in request.GET}
    form = AbsenceForm(request.user, now, request.POST if is_sent else None, initial=initial)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            if request.POST.get("do") == "enter":
                return _enter(request, form, now)
            given = form.entered()
            person = form.cleaned_data["person"]
            expect_fit(person, given["begins_at"], given["ends_at"], given["kind"], now)
            context |= _ahead(request, form, now)
        except Refusal as refusal:
            say(form, refusal)
    return render(request, "portal_staff/absence_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*ANY_STAFF)
def call_off(request: HttpRequest, absence: UUID) -> HttpResponse:
    """The person is there after all."""
    now = timezone.now()
    row = expect_entered(absence, actor=actor(request), now=now)
    if request.method != "POST":
        return render(request, "portal_staff/absence_call_off.html", {"row": row})
    call_off_absence(absence, actor=actor(request), now=now)
    messages.success(request, _("%(name)s is there, and is given work again.") % {"name": row.person.display_name})
    return redirect("staff:absences")


def _enter(request: HttpRequest, form: AbsenceForm, now: datetime) -> HttpResponse:
    made = enter_absence(**form.entered(), actor=actor(request), now=now)
    said = _("%(name)s is given no work on these days. What they hold stays with them until somebody gives it on.")
    messages.success(request, said % {"name": made.person.display_name})
    return redirect("staff:absences")


def _ahead(request: HttpRequest, form: DaysAwayForm, now: datetime) -> dict[str, Any]:
    begins_at, ends_at = form.window()
    given = form.cleaned_data
    if ends_at <= now:
        form.add_error("ends_at", _("Expected an end that is to come, but it has passed."))
        return {}
    found = stalls_without(given["person"], begins_at, ends_at, reader=request.user, now=now)
    days = {name: given[name].isoformat() for name in ("first_day", "ends_at")}
    shown = {"first": given["first_day"], "last": given["ends_at"], "days": days}
    return {"ahead": {**stalls_shown(found, request.user, days), **shown}}


def _line(row: Absence, user: Any, now: datetime) -> dict[str, Any]:
    """One absence in words."""
    state, style = _state(row, now)
    stands = row.is_standing(now) and may_enter_for(user, row.person)
    return {"row": row, "kind": row.get_kind_display(), "state": state, "style": style, "may_call_off": stands}


def _state(row: Absence, now: datetime) -> tuple[str, str]:
    if row.cancelled_at is not None:
        return _("Called off"), "hold"
    if row.ends_at <= now:
        return _("Over"), "hold"
    return (_("Away"), "warn") if row.begins_at <= now else (_("To come"), "info")
