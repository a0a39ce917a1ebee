"""Authority to sign that people lend to each other: what is lent, lending it, and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.delegating import delegate_authority, expect_lent, may_lend_for, revoke_delegation
from accounts.models import Delegation
from accounts.queries import delegations_seen
from approvals.queries import matrices
from audit.refusals import NotAllowed, NotFound, Refusal
from orders.money import Money
from portal_staff.access import ANY_STAFF, actor, requires, said_at
from portal_staff.delegation_form import DelegationForm, may_lend
from portal_staff.forms_said import say
from ui.typed import judges
from ui.words import pick_text

MOST_SHOWN = 200
BEGINS_WITH = ("delegator", "delegate", "first_day", "ends_at")


@require_safe
@requires(*ANY_STAFF)
def delegations(request: HttpRequest) -> HttpResponse:
    """What the reader lent and was lent; administrators and examiners see what anybody of their branches lent."""
    now = timezone.now()
    names = {each.key: pick_text(each.name, get_language()) for each in matrices(now)}
    lines = [_line(row, request.user, names, now) for row in delegations_seen(request.user)[:MOST_SHOWN]]
    context = {"lines": lines, "may_lend": may_lend(request.user)}
    return render(request, "portal_staff/delegations.html", context)


@judges("reason")
@require_http_methods(["GET", "HEAD", "POST"])
@requires(*ANY_STAFF)
def lend(request: HttpRequest) -> HttpResponse:
    """Lend one's own authority, or as an administrator somebody's. An address may fill in fields to begin with."""
    if not may_lend(request.user):
        raise NotAllowed(_("Expected somebody who signs by a role of their own, but you hold none."))
    typed = request.POST if request.method == "POST" else None
    initial = {name: request.GET[name] for name in BEGINS_WITH if name in request.GET}
    form = DelegationForm(request.user, timezone.now(), typed, initial=initial)
    if form.is_valid():
        try:
            made = delegate_authority(**form.lent(), actor=actor(request), now=timezone.now())
        except Refusal as refusal:
            say(form, refusal)
        else:
            names = {"delegate": made.delegate.display_name, "delegator": made.delegator.display_name}
            messages.success(request, _("%(delegate)s signs for %(delegator)s in these days.") % names)
            return redirect("staff:delegations")
    status = 422 if form.errors else 200
    return render(request, "portal_staff/delegation_new.html", {"form": form}, status=status)


@judges("reason")
@require_http_methods(["GET", "HEAD", "POST"])
@requires(*ANY_STAFF)
def revoke(request: HttpRequest, delegation: UUID) -> HttpResponse:
    """Take lent authority back before its time, with a reason."""
    row, now = expect_lent(delegation, actor=actor(request), now=timezone.now()), timezone.now()
    reason = request.POST.get("reason", "")
    context: dict[str, Any] = {"row": row, "reason": reason, "conflict": None}
    if request.method != "POST":
        return render(request, "portal_staff/delegation_revoke.html", context)
    try:
        revoke_delegation(delegation, reason=reason, actor=actor(request), now=now)
    except NotFound:
        raise
    except Refusal as refusal:
        context["error"] = said_at(refusal, "reason")
        return render(request, "portal_staff/delegation_revoke.html", context, status=refusal.status)
    messages.success(
        request, _("Revoked. %(name)s signs no more for others here.") % {"name": row.delegate.display_name}
    )
    return redirect("staff:delegations")


def _line(row: Delegation, user: Any, names: dict[str, str], now: datetime) -> dict[str, Any]:
    """One delegation in words."""
    state, style = _state(row, now)
    return {
        "row": row,
        "state": state,
        "style": style,
        "matrix": names.get(row.matrix, row.matrix) if row.matrix else _("Every matrix"),
        "most": str(Money(row.most_minor, row.currency)) if row.most_minor is not None else "",
        "revokes": row.over_at > now and may_lend_for(user, row.delegator),
    }


def _state(row: Delegation, now: datetime) -> tuple[str, str]:
    if row.revoked_at is not None:
        return _("Revoked"), "hold"
    if row.ends_at <= now:
        return _("Expired"), "hold"
    return (_("In force"), "ok") if row.begins_at <= now else (_("To come"), "info")
