"""What waits for a decision, the decision itself, and the supervisory log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import push_url

from accounts.words import ROLES
from approvals import actions
from approvals.evidence import given_in
from approvals.models import Tier
from approvals.queries import Package, may_sign_logs, package, unsigned_logs, waiting_for
from approvals.review import review, wants_review
from audit.refusals import Invalid, NotAllowed, NotFound, Refusal
from calendars.queries import calendar
from portal_staff.access import ANY_STAFF, actor, is_approver, requires, said_at
from portal_staff.checklist import checklist
from portal_staff.doing import verbs_of_decision
from portal_staff.listing import beside
from portal_staff.request_lines import request_line
from portal_staff.review import review_parts
from portal_staff.rows import client_name, rows
from portal_staff.rule_lines import fact_in_words, rule_line, rules_of, units_of
from portal_staff.views.items import around_order, step_names
from portal_staff.vocabulary import Vocabulary
from portal_staff.words import BARRED, time_left, timing, word
from ui.zones import shows
from work.models import WorkItem
from work.queries import PAGE, advice_on, item_for
from work.refusals import NoSuchItem

CHOICES = ("approve", "more_information", "reject")
FIRST_TICK = len(CHOICES) + 1  # the key of the first row to attest


@require_safe
@requires(*ANY_STAFF)
def approvals(request: HttpRequest) -> HttpResponse:
    """Decisions that wait for the reader, the most urgent first."""
    expect_approver(request)
    now = timezone.now()
    items = list(waiting_for(request.user, now).select_related("order__branch")[:PAGE])
    shown = [
        {**line, "alone": not item.approval_tier.request.in_bulk}
        for item, line in zip(items, rows(items, request.user, now))
    ]
    pickable = not all(line["alone"] for line in shown)
    return render(request, "portal_staff/approvals.html", {"items": shown, "pickable": pickable})


def expect_approver(request: HttpRequest) -> None:
    """Raises NotAllowed."""
    _expect(is_approver(request.user), _("approver"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*ANY_STAFF)
def decision(request: HttpRequest, item: UUID) -> HttpResponse:
    """The review package and the decision on it."""
    found = item_for(request.user, item, timezone.now())
    if found.kind != WorkItem.Kind.APPROVAL:
        raise NoSuchItem()
    if request.method != "POST":
        return render(request, "portal_staff/decision.html", _context(request, found, found.draft))
    given: dict[str, Any] = {
        "choice": request.POST.get("decision", ""),
        "reason": request.POST.get("reason", ""),
        "evidence": given_in(request.POST, found.approval_tier.request.evidence),
        "attested": request.POST.getlist("attested"),
        "to": request.POST.get("to", ""),
    }
    if given["choice"] not in CHOICES:
        errors = {"decision": _("Choose one of the three.")}
        return render(request, "portal_staff/decision.html", _context(request, found, given, errors), status=422)
    following = beside(found, waiting_for(request.user, timezone.now()), "staff:decision")["following"]
    try:
        actions.decide(item, **given, actor=actor(request), now=timezone.now())
    except Invalid as refusal:
        errors = refusal.fields or {"reason": refusal.sentence}
        return render(request, "portal_staff/decision.html", _context(request, found, given, errors), status=422)
    except NotFound:
        raise
    except Refusal as refusal:
        found = item_for(request.user, item, timezone.now())
        context = _context(request, found, given, {}) | {"refusal": refusal}
        return render(request, "portal_staff/decision.html", context, status=refusal.status)
    messages.success(request, _("%(number)s: your decision is recorded.") % {"number": found.order_number})
    return redirect(following or "staff:approvals")


@require_safe
@requires(*ANY_STAFF)
def supervisory_log(request: HttpRequest) -> HttpResponse:
    """Self-reviewed orders that wait for an acknowledgement."""
    _expect(may_sign_logs(request.user), _("supervisor"))
    return render(request, "portal_staff/supervisory_log.html", {"logs": _unsigned(request)})


@require_POST
@requires(*ANY_STAFF)
def sign(request: HttpRequest, log: int) -> HttpResponse:
    """Acknowledge one entry of the supervisory log; a comment that is refused comes back."""
    typed = request.POST.get("comment", "")
    try:
        actions.sign_log(log, comment=typed, actor=actor(request), now=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        logs = _unsigned(request, typed={log: (typed, said_at(refusal, "comment"))})
        waits = any(line["log"].pk == log for line in logs)
        context = {"logs": logs, "refusal": None if waits else refusal, "kept": [] if waits or not typed else [typed]}
        response = render(request, "portal_staff/supervisory_log.html", context, status=refusal.status)
        return push_url(response, reverse("staff:supervisory_log"))
    messages.success(request, _("Acknowledged."))
    return redirect("staff:supervisory_log")


def _unsigned(request: HttpRequest, typed: Mapping[int, tuple[str, str]] | None = None) -> list[dict[str, Any]]:
    """The entries that wait. typed: by entry the comment that was refused, and why."""
    now, lines = timezone.now(), []
    for log in unsigned_logs(request.user).select_related("order__branch")[:PAGE]:
        shows(log.order.branch.timezone)
        comment, error = (typed or {}).get(log.pk, ("", ""))
        left = time_left("green", log.due_at, now, calendar(log.order.branch.calendar))
        client = client_name(log.order.client)
        lines.append({"log": log, "client": client, "left": left, "comment": comment, "error": error})
    return lines


def _context(
    request: HttpRequest,
    found: WorkItem,
    given: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    user, now = request.user, timezone.now()
    parcel = package(found, user, now)
    words = Vocabulary.of_table(parcel.request.table_version.body)
    given = {"choice": "", "reason": "", "evidence": {}, "attested": [], "to": "", **(given or {})}
    levels = {tier.number for tier in parcel.tiers if tier.removed_at is None}
    return {
        "item": found,
        "order": found.order,
        "beside": beside(found, waiting_for(user, now), "staff:decision"),
        "client": client_name(found.client),
        "left": timing(found, now, calendar(found.order.branch.calendar)),
        "package": parcel,
        "line": request_line(parcel.request),
        "rules": [rule_line(rule, parcel.request, words) for rule in parcel.rules],
        "review": review_parts(review(found.order, user, now), found.order) if wants_review(found.order) else None,
        "to_attest": _to_attest(parcel, words, given["attested"]) if parcel.can_decide else [],
        "ways_back": _ways_back(parcel, given["to"]) if parcel.can_decide else [],
        "levels": len(levels),
        "verbs": verbs_of_decision(found, parcel, user),
        "advice": advice_on(found),
        "facts_asked": _facts(parcel, words),
        "checklist": checklist(parcel, given["evidence"], errors or {}, words, now),
        "barred": _barred(parcel),
        "for_whom": parcel.for_whom.display_name if parcel.for_whom and not parcel.barred else "",
        "role": word(ROLES, parcel.tier.role),
        "choices": _choices(parcel),
        "given": given,
        "kept": [text for text in (given["reason"], *map(str, given["evidence"].values())) if text],
        "errors": errors or {},
        "can_decide": parcel.can_decide,
        **around_order(found.order, user, now),
    }


def _barred(parcel: Package) -> str:
    if not parcel.item.is_open:  # there is nothing left to be barred from
        return ""
    names = {"name": parcel.for_whom.display_name} if parcel.for_whom else {}
    return word(BARRED, parcel.barred) % names if parcel.barred else ""


def _choices(parcel: Package) -> list[dict[str, str]]:
    asked = [tier for tier in parcel.tiers if tier.removed_at is None]
    others = [tier for tier in asked if tier.pk != parcel.tier.pk and not _is_signed(tier)]
    step = _("%(number)s of %(count)s.") % {"number": len(asked) - len(others), "count": len(asked)}
    approved = _("The order goes on at once.") if not others else _("The next tier is asked.")
    if any(tier.stage == parcel.tier.stage for tier in others):
        approved = _("Others are asked at the same time.")
    back = _("Back to who prepared it, with what is missing.")
    no = _("Ends the request. The client is told the outcome, not your reason.")
    if parcel.request.asked_from_id is not None:
        approved = approved if others else _("The step that asked goes on.")
        back = _("Back to who asked, with what is missing. They ask again.")
        no = _("Back to who asked, who sees your reason, or back to an earlier step.")
    return [
        {
            "value": "approve",
            "label": _("Approve"),
            "hint": f"{step} {approved}",
            "then": "attest-1" if parcel.tier.rules else "reason",
        },
        {
            "value": "more_information",
            "label": _("Ask for more information"),
            "hint": back,
        },
        {
            "value": "reject",
            "label": _("Reject"),
            "hint": no,
        },
    ]


def _is_signed(tier: Tier) -> bool:
    return tier.carried is not None or getattr(tier, "decision", None) is not None


def _to_attest(parcel: Package, words: Vocabulary, attested: Collection[str]) -> list[dict[str, Any]]:
    """The rows of the tier, each to be attested by itself: with the sentence that stands beside it in the matrix."""
    rows = rules_of(parcel.tier, parcel.request, words)
    return [{**row, "checked": row["id"] in attested, "key": FIRST_TICK + place} for place, row in enumerate(rows)]


def _ways_back(parcel: Package, chosen: str) -> list[dict[str, Any]]:
    """The steps to which a rejection can lead back, the last one first."""
    names = step_names(parcel.request.order)
    ways = [{"node": node, "name": names.get(node, node), "chosen": node == chosen} for node in parcel.ways_back]
    return ways[::-1]


def _facts(parcel: Package, words: Vocabulary) -> list[dict[str, str]]:
    """What the matrix looked at."""
    units = units_of(parcel.request)
    return [
        {"label": words.label(name), "value": fact_in_words(name, value, units.get(name, ""), words)}
        for name, value in parcel.facts.items()
        if value is not None
    ]


def _expect(allowed: bool, role: str) -> None:
    if not allowed:
        raise NotAllowed(_("Expected this role, but you do not hold it: %(role)s.") % {"role": role})
