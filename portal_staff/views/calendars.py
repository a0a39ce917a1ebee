"""Calendars: the shipped ones, the firm's own, and the way of a version into force."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import ndiff
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.refusals import Invalid, NotFound, Refusal
from calendars import actions, shipped
from calendars.checking import CalendarProblem, written
from calendars.models import CalendarRow, CalendarVersion
from calendars.queries import versions_of
from calendars.refusals import CalendarRefused
from portal_staff.access import CALENDARS, actor, requires
from portal_staff.change_control import WAITING, Pages
from rulebook.change_control import State
from rulebook.refusals import VersionChanged
from rulebook.said import in_words
from rulebook.versions import body_at
from ui.schema_form import Problem

EDIT = ("administer_branch",)
FIRST = "US-OFFICE"
AROUND = 2  # lines shown before and after a changed one
Line = tuple[str, str]
GAP: Line = (" ", "…")


class NewCalendar(forms.Form):
    """The code and the names of a calendar that is opened."""

    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Letters, digits and hyphens. Branches and targets name the calendar by it."),
    )
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=100)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=100)


@require_safe
@requires(*CALENDARS)
def calendars(request: HttpRequest) -> HttpResponse:
    """The shipped calendars and the firm's own, with what is under way."""
    rows = CalendarRow.objects.prefetch_related("versions").order_by("code")
    context = {
        "shipped": [_shipped(code) for code in shipped.codes()],
        "own": [_line(row) for row in rows],
        "may_open": actions.may_change(request.user, ""),
    }
    return render(request, "portal_staff/calendars.html", context)


@require_safe
@requires(*CALENDARS)
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """A calendar of the firm's own: the version in force and all others."""
    row = _row(code)
    versions = list(versions_of(row))
    in_force = next((each for each in versions if each.state == State.IN_FORCE), None)
    context = {
        "calendar": row,
        "versions": versions,
        "in_force": in_force,
        "text": written(in_force.body) if in_force else "",
        "may_edit": actions.may_change(request.user, code),
    }
    return render(request, "portal_staff/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*EDIT)
def new_calendar(request: HttpRequest) -> HttpResponse:
    """Open a calendar under a code of its own, beginning from a shipped one."""
    actions.expect_right(actor(request), "")
    begin = request.GET.get("begin", FIRST)
    begin = begin if begin in shipped.codes() else FIRST
    text = request.POST.get("text") or written(shipped.document(begin)["calendar"])
    form = NewCalendar(request.POST if request.method == "POST" else None)
    wrong: tuple[CalendarProblem, ...] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        name = {"en": given["name_en"], "zh-Hans": given["name_zh"]}
        try:
            made = actions.open_calendar(
                code=given["code"], name=name, text=text, actor=actor(request), now=timezone.now()
            )
        except CalendarRefused as refused:
            wrong = refused.problems
        except Invalid as refused:
            for field, said in refused.fields.items():
                form.add_error(field if field in form.fields else None, said)
        else:
            messages.success(request, _("Version %(number)s is kept as a draft.") % {"number": made.number})
            return redirect("staff:calendar_version", given["code"], made.number)
    context = {
        "form": form,
        "starts": [(code, shipped.name(code)) for code in shipped.codes()],
        "from_code": begin,
        "text": text,
        "wrong": wrong,
        "problems": [*_form_problems(form), *_problems(wrong)],
    }
    return render(request, "portal_staff/calendar_new.html", context, status=422 if form.errors or wrong else 200)


@require_POST
@requires(*EDIT)
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a draft from the version in force."""
    base = versions_of(_row(code)).filter(state=State.IN_FORCE).first()
    if base is None:
        raise NotFound(_("Expected a version in force to begin from, but there is none."))
    made = actions.draft_version(code, text=written(base.body), actor=actor(request), now=timezone.now())
    return redirect("staff:edit_calendar", code, made.number)


@require_safe
@requires(*CALENDARS)
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A version with its changes marked, and what may be done with it."""
    return PAGES.show(request, _version(request.user, code, number))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*EDIT)
def edit(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Change a draft's text; what is wrong is named by line."""
    found = _version(request.user, code, number)
    actions.expect_right(actor(request), code)
    if request.method != "POST":
        if found.state != State.DRAFT:
            return redirect("staff:calendar_version", code, number)
        return _editor(request, found, written(found.body), found.revision)
    text, shown = request.POST.get("text", ""), request.POST.get("revision", "")
    revision = int(shown) if shown.isdecimal() and len(shown) < 9 else 0
    try:
        actions.edit_version(found.pk, text=text, revision=revision, actor=actor(request), now=timezone.now())
    except NotFound:
        raise
    except VersionChanged as refusal:
        return _editor(request, found, text, refusal.facts["revision"], refused=refusal, shown=revision)
    except Refusal as refusal:
        return _editor(request, found, text, revision, refused=refusal)
    messages.success(request, _("The draft is saved."))
    return redirect("staff:calendar_version", code, number)


def _about(request: HttpRequest, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a version shows of its hours. shown: the version and the one that it is compared with."""
    version, base, moved, before = (shown[name] for name in ("version", "base", "moved", "begun_from"))
    text = written(version.body)
    lines = _marked(written(base.body), text) if base else []
    since = _marked(written(before.body), written(moved.body)) if moved and before else []
    return {
        "calendar": version.calendar,
        "text": text,
        "lines": _near_changes(lines),
        "differs": sum(sign != " " for sign, _line in lines),
        "since": _near_changes(since),
    }


def _marked(before: str, after: str) -> list[Line]:
    """The lines of both texts, each with what became of it: + added, - removed, a blank for the same."""
    return [(line[0], line[2:]) for line in ndiff(before.splitlines(), after.splitlines()) if line[0] != "?"]


def _near_changes(lines: list[Line]) -> list[Line]:
    """The changed lines with a few around them; an ellipsis stands for what is left out."""
    changed = [place for place, (sign, _line) in enumerate(lines) if sign != " "]
    near = {place for at in changed for place in range(at - AROUND, at + AROUND + 1)}
    shown: list[Line] = []
    for place, line in enumerate(lines):
        if place in near:
            shown.append(line)
        elif changed and (not shown or shown[-1] != GAP):
            shown.append(GAP)
    return shown


def _editor(
    request: HttpRequest,
    found: CalendarVersion,
    text: str,
    revision: int,
    *,
    refused: Refusal | None = None,
    shown: int | None = None,
) -> HttpResponse:
    """shown: the revision that the reader began from, where somebody else saved since: what they changed is told."""
    theirs = _marked(written(body_at(found, shown)), written(found.body)) if shown is not None else []
    wrong = refused.problems if isinstance(refused, CalendarRefused) else ()
    other = [Problem(f"{refused.sentence} {refused.next_step}".strip())] if refused and not wrong else []
    context = {
        "calendar": found.calendar,
        "version": found,
        "text": text,
        "revision": revision,
        "theirs": _near_changes(theirs),
        "refused": refused,
        "wrong": wrong,
        "problems": [*other, *_problems(wrong)],
    }
    return render(request, "portal_staff/calendar_edit.html", context, status=refused.status if refused else 200)


def _problems(wrong: tuple[CalendarProblem, ...]) -> list[Problem]:
    label = _("Line %(number)s")
    return [Problem(in_words(each.message, _, get_language()), label % {"number": each.line}, "text") for each in wrong]


def _form_problems(form: forms.Form) -> list[Problem]:
    wrong = [(name, str(said)) for name, errors in form.errors.items() for said in errors]
    return [
        Problem(said, str(form.fields[name].label), f"id_{name}") if name in form.fields else Problem(said)
        for name, said in wrong
    ]


def _row(code: str) -> CalendarRow:
    row = CalendarRow.objects.filter(code=code).first()
    if row is None:
        raise NotFound(_("Expected a calendar of the firm's own, but there is none."))
    return row


def _version(user: Any, code: str, number: int) -> CalendarVersion:
    found = versions_of(_row(code)).filter(number=number).first()
    if found is None:
        raise NotFound(_("Expected a version of this calendar, but there is none."))
    return found


def _shipped(code: str) -> dict[str, Any]:
    covered = shipped.coverage(code)
    zone = shipped.load(code).timezone
    return {"code": code, "name": shipped.name(code), "zone": zone, "first": covered.first, "last": covered.last}


def _line(row: CalendarRow) -> dict[str, Any]:
    versions = sorted(row.versions.all(), key=lambda each: each.number)
    return {
        "row": row,
        "in_force": next((each for each in versions if each.state == State.IN_FORCE), None),
        "waiting": [each for each in versions if each.state in WAITING],
    }


PAGES = Pages(
    control=actions.CALENDARS,
    noun="calendar",
    page="staff:calendar_version",
    template="portal_staff/calendar_version.html",
    find=_version,
    about=_about,
    keeps=gettext_lazy("Somebody else has to approve it. Times that were promised stay as they are."),
    edit=EDIT,
    check=EDIT,
)
