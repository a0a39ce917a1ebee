"""Several decisions at once: one reason for all or one for each, one action and one entry for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from approvals import actions
from approvals.queries import waiting_for
from audit.refusals import Invalid, Refusal
from portal_staff.access import ANY_STAFF, actor, requires
from portal_staff.rows import client_name, url_of
from portal_staff.rule_lines import rules_of
from portal_staff.views.approvals import CHOICES, expect_approver
from work.models import WorkItem
from work.queries import PAGE

LONGEST_REASON = actions.LONGEST_REASON


@require_POST
@requires(*ANY_STAFF)
def decide_many(request: HttpRequest) -> HttpResponse:
    """Ask how the chosen items are decided and why; then decide each. What is refused stays, with its sentence."""
    expect_approver(request)
    items = _chosen(request)
    given = {"choice": request.POST.get("decision", ""), "reason": request.POST.get("reason", "")}
    own = {item.public_id: request.POST.get(f"reason-{item.public_id}", "") for item in items}
    if "decision" not in request.POST and "asked" not in request.POST:
        return _ask(request, items, given, own)
    errors = _wrong(items, given, own)
    if errors:
        return _ask(request, items, given, own, errors=errors, status=422)
    refused = _decide_each(request, items, given, own)
    done = len(items) - len(refused)
    if done:
        said = ngettext("%(count)s decision is recorded.", "%(count)s decisions are recorded.", done) % {"count": done}
        messages.success(request, said)
    if refused:
        left = [item for item in items if item.public_id in refused]
        return _ask(request, left, given, own, refused=refused, status=409)
    return redirect("staff:approvals")


def _decide_each(
    request: HttpRequest, items: list[WorkItem], given: Mapping[str, str], own: Mapping[UUID, str]
) -> dict[UUID, str]:
    """Why an item was not decided, for each that was not; the others are decided."""
    refused = {}
    for item in items:
        reason = own[item.public_id].strip() or given["reason"]
        try:
            actions.decide_in_bulk(
                item.public_id, choice=given["choice"], reason=reason, actor=actor(request), now=timezone.now()
            )
        except Refusal as refusal:
            refused[item.public_id] = refusal.sentence
    return refused


def _wrong(items: list[WorkItem], given: Mapping[str, str], own: Mapping[UUID, str]) -> dict[str, str]:
    errors = {}
    if given["choice"] not in CHOICES:
        errors["decision"] = _("Choose one of the three.")
    too_long = _("Say why, in at most %(count)s characters.") % {"count": LONGEST_REASON}
    if any(not own[item.public_id].strip() for item in items) and not given["reason"].strip():
        errors["reason"] = _("Say why, here for all, or beside each.")
    elif len(given["reason"].strip()) > LONGEST_REASON:
        errors["reason"] = too_long
    return errors | {f"reason-{key}": too_long for key, text in own.items() if len(text.strip()) > LONGEST_REASON}


def _chosen(request: HttpRequest) -> list[WorkItem]:
    """The chosen decisions that wait for the reader, in the order of their list. Raises Invalid: none, or too many."""
    wanted = {key for key in map(_uuid, request.POST.getlist("item")) if key}
    if not wanted:
        raise Invalid(_("Expected at least one item, but none was chosen."))
    if len(wanted) > PAGE:
        said = _("Expected at most %(most)s items at once, but %(count)s were chosen.")
        raise Invalid(said % {"most": PAGE, "count": len(wanted)})
    waiting = waiting_for(request.user, timezone.now()).filter(public_id__in=wanted)
    found = list(waiting.select_related("order__branch", "approval_tier__request__table_version"))
    gone = len(wanted) - len(found)
    if gone:
        said = ngettext(
            "%(count)s chosen item no longer waits for you.", "%(count)s chosen items no longer wait for you.", gone
        )
        messages.info(request, said % {"count": gone})
    return found


def _ask(
    request: HttpRequest,
    items: list[WorkItem],
    given: Mapping[str, str],
    own: Mapping[UUID, str],
    *,
    errors: Mapping[str, str] | None = None,
    refused: Mapping[UUID, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    if not items:
        return redirect("staff:approvals")
    lines = [_line(item, own, errors or {}, refused or {}) for item in items]
    context = {
        "lines": [line for line in lines if line["in_bulk"]],
        "alone": [line for line in lines if not line["in_bulk"]],
        "choices": _choices(),
        "given": given,
        "errors": errors or {},
        "longest": LONGEST_REASON,
    }
    return render(request, "portal_staff/decide_many.html", context, status=status)


def _line(
    item: WorkItem, own: Mapping[UUID, str], errors: Mapping[str, str], refused: Mapping[UUID, str]
) -> dict[str, Any]:
    tier, asked = item.approval_tier, item.approval_tier.request
    return {
        "item": item,
        "url": url_of(item),
        "client": client_name(item.client),
        "attests": rules_of(tier, asked),
        "in_bulk": asked.in_bulk,
        "field": f"reason-{item.public_id}",
        "own": own.get(item.public_id, ""),
        "error": errors.get(f"reason-{item.public_id}", ""),
        "refused": refused.get(item.public_id, ""),
    }


def _choices() -> list[dict[str, str]]:
    return [
        {"value": "approve", "label": _("Approve"), "hint": _("Each order goes on, or its next tier is asked.")},
        {
            "value": "more_information",
            "label": _("Ask for more information"),
            "hint": _("Each goes back to who prepared it."),
        },
        {
            "value": "reject",
            "label": _("Reject"),
            "hint": _("Ends each request. The clients are told the outcome only."),
        },
    ]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
