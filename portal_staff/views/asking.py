"""Asking for a decision in the middle of a step, by a matrix that the holder names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.asking import LONGEST_QUESTION, ask_for_decision
from approvals.queries import matrices
from audit.refusals import Invalid
from portal_staff.access import WORKERS, actor, requires
from portal_staff.rows import url_of
from ui.words import pick_text
from work.access import expect_holder, expect_open
from work.models import WorkItem
from work.queries import item_for
from work.refusals import DecisionNeeded


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*WORKERS)
def ask(request: HttpRequest, item: UUID) -> HttpResponse:
    """The form that asks by which matrix and what; then the decision waits for who has to sign."""
    now = timezone.now()
    found = item_for(request.user, item, now)
    if request.method != "POST":
        expect_open(found)
        expect_holder(found, actor(request))
        if found.kind != WorkItem.Kind.WORK:
            raise DecisionNeeded()
        return _page(request, found)
    given = {"matrix": request.POST.get("matrix", ""), "question": request.POST.get("question", "")}
    try:
        ask_for_decision(item, **given, actor=actor(request), now=now)
    except Invalid as refusal:
        return _page(request, found, given, refusal.fields or {"": refusal.sentence}, status=422)
    messages.success(request, _("%(number)s: the decision is asked for.") % {"number": found.order_number})
    return redirect(url_of(found))


def _page(
    request: HttpRequest,
    found: WorkItem,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    offered = [(each.key, pick_text(each.name, get_language())) for each in matrices(timezone.now())]
    context: dict[str, Any] = {
        "item": found,
        "matrices": offered,
        "given": given or {},
        "errors": errors or {},
        "longest": LONGEST_QUESTION,
    }
    return render(request, "portal_staff/ask_decision.html", context, status=status)
