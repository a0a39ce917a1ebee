"""The rulebook: tables, versions, drafts, and the way of a version into force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.authority import holds
from audit.refusals import Invalid, NotFound, Refusal, Stale
from portal_staff.access import RULES, actor, requires
from portal_staff.tables import columns, default_cells, findings, grid, problems_of, read_body, with_empty_row
from portal_staff.words import HIT_POLICIES, VERSION_CHIPS, VERSION_STATES, word
from rulebook import actions
from rulebook.models import Table, TableVersion
from rulebook.queries import differences, tables_visible_to, versions_of

EDIT, APPROVE = ("edit_table",), ("approve_table",)
STAGES = ("draft", "proposed", "approved", "in_force")


@require_safe
@requires(*RULES)
def tables(request: HttpRequest) -> HttpResponse:
    """The tables, each with the version in force and what is under way."""
    found = tables_visible_to(request.user).prefetch_related("versions").order_by("kind", "key")
    lines = []
    for table in found:
        versions = list(table.versions.all())
        current = next((each for each in versions if each.state == "in_force"), None)
        open_ones = sorted((each for each in versions if each.state in STAGES[:3]), key=lambda each: each.number)
        lines.append({"table": table, "current": current, "open": [_about(each) for each in open_ones]})
    return render(request, "portal_staff/tables.html", {"lines": lines})


@require_safe
@requires(*RULES)
def table(request: HttpRequest, key: str) -> HttpResponse:
    """To the version in force, or the newest."""
    found = _table(request, key)
    versions = list(versions_of(found))
    current = next((each for each in versions if each.state == "in_force"), versions[0] if versions else None)
    if current is None:
        raise NotFound(_("Expected a version of this table, but there is none."))
    return redirect("staff:version", key, current.number)


@require_POST
@requires(*EDIT)
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a draft from the version in force."""
    found = _table(request, key)
    base = next((each for each in versions_of(found) if each.state == "in_force"), None) or versions_of(found).first()
    if base is None:
        raise NotFound(_("Expected a version to begin from, but there is none."))
    made = actions.draft_version(found, body=base.body, base=base, actor=actor(request), now=timezone.now())
    return redirect("staff:edit_version", key, made.number)


@require_safe
@requires(*RULES)
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version with its changes marked, its checks, and what may be done with it."""
    return _show(request, _version(request, key, number))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*EDIT)
def edit(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Change a draft's cells; errors stand at the cell."""
    found = _version(request, key, number)
    if request.method != "POST":
        return _editor(request, found, found.body)
    body = read_body(found.body, request.POST.dict())
    if request.POST.get("then") == "row":
        return _editor(request, found, with_empty_row(body))
    revision = request.POST.get("revision", "")
    shown = int(revision) if revision.isdecimal() and len(revision) < 9 else 0
    try:
        actions.edit_version(found.pk, body=body, revision=shown, actor=actor(request), now=timezone.now())
    except (Invalid, Stale) as refusal:
        return _editor(request, _version(request, key, number), body, refusal=refusal)
    messages.success(request, _("The draft is saved."))
    return redirect("staff:edit_version" if request.POST.get("then") == "stay" else "staff:version", key, number)


@require_POST
@requires(*EDIT)
def propose(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Propose a draft: why, and from when."""
    text = request.POST.get("effective_at", "")
    given = {"justification": request.POST.get("justification", ""), "effective_at": _moment(text) or timezone.now()}
    return _move(
        request, key, number, actions.propose_version, _("Proposed. Somebody else has to approve it."), **given
    )


@require_POST
@requires(*APPROVE)
def approve(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Approve somebody else's proposal."""
    return _move(request, key, number, actions.approve_version, _("Approved. It takes effect on its date."))


@require_POST
@requires(*APPROVE)
def reject(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Reject somebody else's proposal, with a reason."""
    return _move(request, key, number, actions.reject_version, _("Rejected."), reason=request.POST.get("reason", ""))


@require_POST
@requires(*EDIT)
def withdraw(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Take a draft or a proposal back."""
    return _move(request, key, number, actions.withdraw_version, _("Withdrawn."))


def _show(
    request: HttpRequest, found: TableVersion, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    versions = list(versions_of(found.table))
    base = _compared_with(found, versions)
    changes = differences(base.body, found.body) if base else []
    _cells, _whole, report = problems_of(found.body)
    edits, approves = (holds(request.user, right, found.table_id) for right in ("edit_table", "approve_table"))
    context = {
        **_frame(found, versions),
        "base": base,
        "rows": grid(found.body, changes=changes),
        "removed": [each for each in changes if each.kind == "removed"],
        "changes": len(changes),
        "findings": findings(report),
        "defaults": default_cells(found.body) if found.body.get("default") else [],
        "can_draft": edits,
        "can_edit": edits and found.state == "draft",
        "can_withdraw": edits and found.state in ("draft", "proposed"),
        "can_approve": approves and found.state == "proposed" and found.maker_id != request.user.pk,
        "is_own": approves and found.state == "proposed" and found.maker_id == request.user.pk,
        "refusal": refusal,
        "given": request.POST,
    }
    return render(request, "portal_staff/version.html", context, status=status)


def _editor(
    request: HttpRequest, found: TableVersion, body: Mapping[str, Any], *, refusal: Refusal | None = None
) -> HttpResponse:
    if found.state != "draft":
        return redirect("staff:version", found.table.key, found.number)
    versions = list(versions_of(found.table))
    base = _compared_with(found, versions)
    at_cells, whole, report = problems_of(body)
    context = {
        **_frame(found, versions),
        "columns": columns(body),
        "rows": grid(body, changes=differences(base.body, body) if base else [], problems=at_cells),
        "whole": whole,
        "findings": findings(report),
        "refusal": refusal,
    }
    return render(request, "portal_staff/edit_version.html", context, status=refusal.status if refusal else 200)


def _frame(found: TableVersion, versions: list[TableVersion]) -> dict[str, Any]:
    return {
        "table": found.table,
        "version": found,
        "about": _about(found),
        "versions": [_about(each) for each in versions],
        "columns": columns(found.body),
        "policy": word(HIT_POLICIES, found.body.get("hit_policy")),
        "steps": _steps(found.state),
    }


def _about(found: TableVersion) -> dict[str, Any]:
    return {
        "version": found,
        "state": word(VERSION_STATES, found.state),
        "chip": VERSION_CHIPS.get(found.state, "hold"),
    }


def _steps(state: str) -> list[dict[str, str]]:
    labels = {
        "draft": pgettext("version", "Draft"),
        "proposed": pgettext("version", "Proposed"),
        "approved": _("Approved by a second person"),
        "in_force": pgettext("version", "In force"),
    }
    place = STAGES.index(state) if state in STAGES else len(STAGES) if state == "superseded" else -1
    return [
        {"label": labels[stage], "state": "done" if at < place else "now" if at == place else ""}
        for at, stage in enumerate(STAGES)
    ]


def _compared_with(found: TableVersion, versions: list[TableVersion]) -> TableVersion | None:
    """The version that this one changes: its base, or what is in force."""
    by_key = {each.pk: each for each in versions}
    current = next((each for each in versions if each.state == "in_force" and each.pk != found.pk), None)
    return by_key.get(found.base_id or 0) or (current if found.state in STAGES[:3] else None)


def _move(
    request: HttpRequest, key: str, number: int, act: Callable[..., Any], said: str, **given: Any
) -> HttpResponse:
    found = _version(request, key, number)
    try:
        act(found.pk, **given, actor=actor(request), now=timezone.now())
    except Invalid as refusal:
        return _show(request, found, refusal=refusal, status=422)
    messages.success(request, said)
    return redirect("staff:version", key, number)


def _table(request: HttpRequest, key: str) -> Table:
    found = tables_visible_to(request.user).filter(key=key).first()
    if found is None:
        raise NotFound(_("Expected a table that you may see, but there is none."))
    return found


def _version(request: HttpRequest, key: str, number: int) -> TableVersion:
    found = versions_of(_table(request, key)).filter(number=number).first()
    if found is None:
        raise NotFound(_("Expected a version of this table, but there is none."))
    return found


def _moment(text: str) -> datetime | None:
    try:
        read = parse_datetime(text)
    except ValueError:
        return None
    return timezone.make_aware(read) if read and timezone.is_naive(read) else read
