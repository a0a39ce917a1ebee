"""What waits for a decision, the decision itself, and the supervisory log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.words import ROLES
from approvals import actions
from approvals.queries import Package, may_sign_logs, package, unsigned_logs, waiting_for
from audit.refusals import Invalid, NotAllowed, Refusal
from calendars.queries import calendar
from portal_staff.access import ANY_STAFF, WORK, actor, is_approver, requires
from portal_staff.rows import client_name, rows
from portal_staff.templatetags.rules import readable
from portal_staff.views.items import around_order
from portal_staff.views.orders import request_line
from portal_staff.words import BARRED, EVIDENCE, FACTS, time_left, word
from ui.words import pick_text
from work.models import WorkItem
from work.queries import PAGE, can_work, item_for
from work.refusals import NoSuchItem

CHOICES = ("approve", "more_information", "reject")


@require_safe
@requires(*ANY_STAFF)
def approvals(request: HttpRequest) -> HttpResponse:
    """Decisions that wait for the reader, the most urgent first."""
    _expect(is_approver(request.user), _("approver"))
    items = list(waiting_for(request.user).select_related("order__branch")[:PAGE])
    return render(request, "portal_staff/approvals.html", {"items": rows(items, request.user, timezone.now())})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*WORK)
def decision(request: HttpRequest, item: UUID) -> HttpResponse:
    """The review package and the decision on it."""
    found = item_for(request.user, item)
    if found.kind != WorkItem.Kind.APPROVAL:
        raise NoSuchItem()
    if request.method != "POST":
        return render(request, "portal_staff/decision.html", _context(request, found))
    given: dict[str, Any] = {
        "choice": request.POST.get("decision", ""),
        "reason": request.POST.get("reason", ""),
        "evidence": _evidence(request),
    }
    if given["choice"] not in CHOICES:
        errors = {"decision": _("Choose one of the three.")}
        return render(request, "portal_staff/decision.html", _context(request, found, given, errors), status=422)
    try:
        actions.decide(item, **given, actor=actor(request), now=timezone.now())
    except Invalid as refusal:
        errors = refusal.fields or {"reason": refusal.sentence}
        return render(request, "portal_staff/decision.html", _context(request, found, given, errors), status=422)
    except NotAllowed:
        raise
    except Refusal as refusal:
        found = item_for(request.user, item)
        context = _context(request, found, given, {}) | {"refusal": refusal}
        return render(request, "portal_staff/decision.html", context, status=refusal.status)
    messages.success(request, _("%(number)s: your decision is recorded.") % {"number": found.order_number})
    return redirect("staff:approvals")


@require_safe
@requires(*ANY_STAFF)
def supervisory_log(request: HttpRequest) -> HttpResponse:
    """Self-reviewed orders that wait for an acknowledgement."""
    _expect(may_sign_logs(request.user), _("supervisor"))
    now = timezone.now()
    logs = [
        {
            "log": log,
            "client": client_name(log.order.client),
            "left": time_left("green", log.due_at, now, calendar(log.order.branch.calendar)),
        }
        for log in unsigned_logs(request.user).select_related("order__branch")[:PAGE]
    ]
    return render(request, "portal_staff/supervisory_log.html", {"logs": logs})


@require_POST
@requires(*ANY_STAFF)
def sign(request: HttpRequest, log: int) -> HttpResponse:
    """Acknowledge one entry of the supervisory log."""
    actions.sign_log(log, comment=request.POST.get("comment", ""), actor=actor(request), now=timezone.now())
    messages.success(request, _("Acknowledged."))
    return redirect("staff:supervisory_log")


def _context(
    request: HttpRequest,
    found: WorkItem,
    given: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    user, now = request.user, timezone.now()
    parcel = package(found, user)
    given = given or {"choice": "", "reason": "", "evidence": {}}
    return {
        "item": found,
        "order": found.order,
        "client": client_name(found.client),
        "left": time_left(found.band, found.due_at, now, calendar(found.order.branch.calendar)),
        "package": parcel,
        "line": request_line(parcel.request),
        "rules": [_rule(rule, _labels(parcel)) for rule in parcel.rules],
        "facts_asked": _facts(parcel),
        "evidence": _asked(parcel, given["evidence"], errors or {}),
        "barred": word(BARRED, parcel.barred) if parcel.barred else "",
        "role": word(ROLES, parcel.tier.role),
        "choices": _choices(parcel),
        "given": given,
        "errors": errors or {},
        "can_decide": found.is_open
        and not parcel.barred
        and found.holder_id in (None, user.pk)
        and can_work(user, found),
        **around_order(found.order, user, now),
    }


def _choices(parcel: Package) -> list[dict[str, str]]:
    last = parcel.tier.number == len(parcel.tiers)
    step = _("%(number)s of %(count)s.") % {"number": parcel.tier.number, "count": len(parcel.tiers)}
    approved = _("The order goes on at once.") if last else _("The next tier is asked.")
    return [
        {"value": "approve", "label": _("Approve"), "hint": f"{step} {approved}"},
        {
            "value": "more_information",
            "label": _("Ask for more information"),
            "hint": _("Back to who prepared it, with what is missing."),
        },
        {
            "value": "reject",
            "label": _("Reject"),
            "hint": _("Ends the request. The client is told the outcome, not your reason."),
        },
    ]


def _rule(rule: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    cells = [f"{labels.get(name) or word(FACTS, name)} {readable(cell)}" for name, cell in rule.get("when", {}).items()]
    said = pgettext("between the words of a list", ", ").join(cells)
    return {"id": rule["id"], "note": pick_text(rule.get("note"), get_language()), "when": said}


def _labels(parcel: Package) -> dict[str, str]:
    """The words of the matrix for the facts that it asks for."""
    inputs = parcel.request.table_version.body.get("inputs", [])
    return {column["name"]: pick_text(column.get("label"), get_language()) for column in inputs}


def _facts(parcel: Package) -> list[dict[str, str]]:
    body = parcel.request.table_version.body
    labels = _labels(parcel)
    units = {column["name"]: column.get("unit", "") for column in body.get("inputs", [])}
    return [
        {
            "label": labels.get(name) or word(FACTS, name),
            "value": f"{value} {units.get(name, '')}".strip(),
        }
        for name, value in parcel.facts.items()
        if value is not None
    ]


def _asked(parcel: Package, given: Mapping[str, str], errors: Mapping[str, str]) -> list[dict[str, Any]]:
    recorded = {
        name: text
        for tier in parcel.tiers
        if (made := getattr(tier, "decision", None))
        for name, text in made.evidence.items()
        if text
    }
    return [
        {
            "name": f"evidence_{name}",
            "label": word(EVIDENCE, name),
            "value": given.get(name, ""),
            "recorded": recorded.get(name, ""),
            "error": errors.get(f"evidence_{name}", ""),
        }
        for name in parcel.evidence
    ]


def _evidence(request: HttpRequest) -> dict[str, str]:
    prefix = "evidence_"
    return {
        name.removeprefix(prefix): str(text)[:500] for name, text in request.POST.items() if name.startswith(prefix)
    }


def _expect(allowed: bool, role: str) -> None:
    if not allowed:
        raise NotAllowed(_("Expected this role, but you do not hold it: %(role)s.") % {"role": role})
