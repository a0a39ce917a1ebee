"""A table's columns and hit policy: those of a new table, and of a draft with what becomes of its cells."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from audit.reactions import wiring
from audit.refusals import Invalid, NotFound, Refusal
from portal_staff.access import actor, requires
from portal_staff.columns_form import NEW, form_context, plain, posted_shape, shape_of, stepped, wrong_about
from portal_staff.policy_words import KINDS
from portal_staff.rule_tables import version_seen
from portal_staff.shape_words import change_lines, gone_lines, orphan_lines
from portal_staff.vocabulary import Vocabulary
from rulebook import actions
from rulebook.columns import column_problems
from rulebook.models import AcceptanceCase, TableVersion
from rulebook.queries import broken_by
from rulebook.readers import SIDES, Reader, reader_of
from rulebook.refusals import VersionChanged
from rulebook.reshaping import Reshaped, reshape
from rulebook.shapes import shape_changes
from rulebook.tables import TableError
from rulebook.versions import body_at
from ui.schema_form import Problem

EDIT = ("edit_table",)


class NewTable(forms.Form):
    """The key and the names of a table that is opened."""

    key = forms.SlugField(
        label=gettext_lazy("Key"),
        max_length=50,
        help_text=gettext_lazy("Letters, digits and underscores. Drawings name the table by it; it never changes."),
    )
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=100)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=100)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*EDIT)
def new_table(request: HttpRequest) -> HttpResponse:
    """Open a table: who asks it, what it is called, its columns and its hit policy; the rules come next."""
    actions.expect_may_open(actor(request))
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    kind = asked if asked in wiring().OPENED else wiring().OPENED[0]
    if request.method != "POST":
        return _new(request, kind, NewTable(), _beginning(reader_of(kind)))
    shape, do = posted_shape(request.POST.dict(), {}), request.POST.get("do", "save")
    if do != "save":
        after, focus = stepped(shape, do)
        return _new(request, kind, NewTable(initial=request.POST.dict()), after, focus=focus)
    form, parts = NewTable(request.POST), plain(shape)[0]
    wrong = wrong_about(shape, is_needed=True) | column_problems(parts, reader=reader_of(kind))
    if form.is_valid() and not wrong:
        made = _opened(request, kind, form, parts)
        if made is not None:
            messages.success(request, _("The table is opened as a draft. Write its rules."))
            return redirect("staff:edit_version", made.table.key, made.number)
    return _new(request, kind, form, shape, wrong=wrong)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*EDIT)
def columns(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Change a draft's columns and hit policy; what becomes of its cells is said before anything is saved."""
    version = version_seen(request.user, key, number)
    actions.expect_right(actor(request), "edit_table", version.table)
    if request.method != "POST":
        if version.state != "draft":
            return redirect("staff:version", key, number)
        return _form(request, version, shape_of(version.body), version.revision)
    shown = _number(request.POST.get("revision", ""))
    shape, do = posted_shape(request.POST.dict(), version.body), request.POST.get("do", "save")
    if do != "save":
        after, focus = stepped(shape, do)
        return _form(request, version, after, shown, focus=focus)
    return _saved(request, version, shape, shown)


def _saved(request: HttpRequest, version: TableVersion, shape: dict[str, Any], shown: int) -> HttpResponse:
    parts, was = plain(shape)
    wrong = wrong_about(shape, is_needed=False)
    wrong |= column_problems({**version.body, **parts}, reader=reader_of(version.table.kind), known=version.body)
    if wrong:
        return _form(request, version, shape, shown, wrong=wrong, status=Invalid.status)
    made = reshape(version.body, parts, was)
    agreed = _mark(made, version)
    if shown == version.revision and not made.is_silent and request.POST.get("agreed") != agreed:
        return _form(request, version, shape, shown, notice=_notice(version, made, agreed))
    try:
        actions.edit_version(version.pk, body=made.body, revision=shown, actor=actor(request), now=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        fields = refusal.fields if isinstance(refusal, Invalid) else {}
        now = version.revision if isinstance(refusal, VersionChanged) else shown
        more = {"theirs": _theirs(version, shown)} if isinstance(refusal, VersionChanged) else {}
        return _form(request, version, shape, now, wrong=fields, refused=refusal, status=refusal.status, more=more)
    messages.success(request, _("Columns and hit policy are saved in the draft."))
    return redirect("staff:version", version.table.key, version.number)


def _mark(made: Reshaped, version: TableVersion) -> str:
    """What somebody agrees to: this body in place of that revision."""
    told = orjson.dumps([made.body, version.revision], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()


def _notice(version: TableVersion, made: Reshaped, agreed: str) -> dict[str, Any]:
    old, new = Vocabulary.of_table(version.body), Vocabulary.of_table(made.body)
    return {
        "changes": change_lines(made.changes, new),
        "gone": gone_lines(made, old, new),
        "orphans": orphan_lines(made, new),
        "kept": made.kept,
        "broken": _broken(version, made),
        "agreed": agreed,
    }


def _broken(version: TableVersion, made: Reshaped) -> list[tuple[AcceptanceCase, str]]:
    """The acceptance cases that the other columns break; none where either body cannot be read, which is told."""
    try:
        return broken_by(version, made.body)
    except TableError:
        return []


def _theirs(version: TableVersion, shown: int) -> list[str]:
    """What others changed of the columns since the page was shown."""
    changes = shape_changes(body_at(version, shown), version.body)
    return change_lines(changes, Vocabulary.of_table(version.body))


def _form(
    request: HttpRequest,
    version: TableVersion,
    shape: Mapping[str, Any],
    revision: int,
    *,
    wrong: Mapping[str, str] | None = None,
    notice: Mapping[str, Any] | None = None,
    refused: Refusal | None = None,
    focus: str = "",
    status: int = 200,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    shown = form_context(shape, reader_of(version.table.kind), wrong or {}, focus)
    context = {"version": version, "table": version.table, "revision": revision, "notice": notice, "refused": refused}
    context |= shown | dict(more or {})
    return render(request, "portal_staff/rulebook_columns.html", context, status=status)


def _new(
    request: HttpRequest,
    kind: str,
    form: NewTable,
    shape: Mapping[str, Any],
    *,
    wrong: Mapping[str, str] | None = None,
    focus: str = "",
) -> HttpResponse:
    context = form_context(shape, reader_of(kind), wrong or {}, focus)
    context["problems"] = [*_form_problems(form), *context["problems"]]
    kinds = [(code, *KINDS[code]) for code in wiring().OPENED]
    context |= {"form": form, "kind": kind, "kinds": kinds, "is_new": True}
    status = Invalid.status if context["problems"] else 200
    return render(request, "portal_staff/rulebook_new.html", context, status=status)


def _opened(request: HttpRequest, kind: str, form: NewTable, parts: Mapping[str, Any]) -> TableVersion | None:
    """The first draft of the new table; None where it is refused, with why in the form."""
    given = form.cleaned_data
    name = {"en": given["name_en"], "zh-Hans": given["name_zh"]}
    body, who = {**parts, "rules": []}, actor(request)
    try:
        return actions.open_table(key=given["key"], kind=kind, name=name, body=body, actor=who, now=timezone.now())
    except Invalid as refused:
        for field, said in refused.fields.items() or [("", refused.sentence)]:
            form.add_error(field if field in form.fields else None, said)
    return None


def _beginning(reader: Reader | None) -> dict[str, Any]:
    """Empty columns, and those without which the reader could not work."""
    sides = {side: [_needed(kept.name, kept.type) for kept in getattr(reader, side, ()) if kept.is_needed]
             for side in SIDES}  # fmt: skip
    sides = {side: columns or [{**NEW, "was": ""}] for side, columns in sides.items()}
    policy = "collect" if reader else "unique"
    return {**sides, "hit_policy": policy, "default": None, "about": {}}


def _needed(name: str, kind: str) -> dict[str, Any]:
    label = {"en": "Prepared and approved by", "zh-Hans": "经办与复核"} if name == "roles" else {}
    return {"name": name, "type": kind, "label": label, "was": ""}


def _form_problems(form: forms.Form) -> list[Problem]:
    wrong = [(name, str(said)) for name, errors in form.errors.items() for said in errors]
    return [
        Problem(said, str(form.fields[name].label), f"id_{name}") if name in form.fields else Problem(said)
        for name, said in wrong
    ]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0
