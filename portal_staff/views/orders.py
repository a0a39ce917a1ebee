"""An order's page for staff, its ledger, and what staff do with the order as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.actors import Actor
from audit.refusals import NotFound, Refusal
from calendars.queries import calendar
from orders import actions
from orders.access import expect_cancellable, expect_repairable, is_in_charge
from orders.models import Order, State
from orders.numbers import read_number
from orders.queries import order_for
from orders.urging import can_be_urged
from orders.words import STATES as ORDER_STATES
from portal_staff.access import DESK, ORDERS, WRITE, actor, back, is_fragment, requires, said_at
from portal_staff.activity import LATEST, entries_of, events, names_in
from portal_staff.request_lines import request_line, requests_of
from portal_staff.rows import client_name, url_of
from portal_staff.views.items import around_order
from portal_staff.vocabulary import Vocabulary
from portal_staff.words import ORDER_CHIPS, timing, word
from ui.typed import judges
from ui.words import pick_text
from ui.zones import shows
from work.access import sees
from work.queries import items_of
from work.words import STATES as ITEM_STATES

PARTS = {"message": "portal_staff/_thread.html", "note": "portal_staff/_notes.html"}


@require_safe
@requires(*ORDERS)
def order(request: HttpRequest, number: str) -> HttpResponse:
    """All about an order."""
    canonical = read_number(number)
    if canonical and canonical != number:
        return redirect("staff:order", canonical)
    return render(request, "portal_staff/order.html", order_context(request, order_for(request.user, number)))


def order_context(request: HttpRequest, found: Order) -> dict[str, Any]:
    """All that an order's page shows."""
    user, now = request.user, timezone.now()
    in_charge, around = is_in_charge(found, user), around_order(found, user, now)
    return {
        "order": found,
        "client": client_name(found.client),
        "state": word(ORDER_STATES, found.state),
        "chip": ORDER_CHIPS.get(found.state, "line"),
        "left": timing(found, now, calendar(found.branch.calendar)),
        "milestones": milestones(found),
        "items": [item_line(item, user) for item in items_of(found)],
        "requests": list(found.requests.select_related("answered_by").order_by("opened_at", "pk")),
        "approvals": [request_line(each) for each in requests_of(found)],
        "urges": found.urges.count(),
        "can_urge": can_be_urged(found) and around["writes"],
        "rating": getattr(found, "rating", None) if found.state == State.COMPLETED else None,
        "can_copy": around["writes"],
        "can_cancel": in_charge and found.is_open,
        "can_repair": in_charge and found.state == "exception",
        **around,
    }


@require_safe
@requires(*ORDERS)
def trail(request: HttpRequest, number: str) -> HttpResponse:
    """Every ledger entry of an order: who, what, when, why, before and after; newest first, page by page."""
    found = order_for(request.user, number)
    shows(found.branch.timezone)
    text = request.GET.get("before", "")
    before = int(text) if text.isdecimal() and len(text) < 10 else None
    entries = entries_of(found, before=before, size=LATEST + 1)
    shown = events(entries[:LATEST], names=names_in(found), user=request.user, words=Vocabulary.of_order(found))
    context = {
        "order": found,
        "events": shown,
        "next_url": f"?before={entries[LATEST - 1].order_seq}" if len(entries) > LATEST else "",
        "first_url": request.path if before else "",
    }
    return render(request, "portal_staff/trail.html", context)


@judges("body")
@require_POST
@requires(*WRITE)
def message(request: HttpRequest, number: str) -> HttpResponse:
    """Write to the client."""
    return _written(request, number, "message", actions.send_message, _("Your message is sent."))


@judges("body")
@require_POST
@requires(*WRITE)
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Write a note that only staff see."""
    return _written(request, number, "note", actions.add_note, _("Your note is added."))


@require_POST
@requires(*WRITE)
def urge(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the people who work on an order to hurry."""
    found = order_for(request.user, number)
    actions.urge_order(found.public_id, actor=actor(request), now=timezone.now())
    messages.success(request, _("Its people are told, and its work goes before others of its kind."))
    return redirect("staff:order", found.number)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*DESK)
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call an order off, with a reason."""
    asked = {
        "title": _("Cancel the order"),
        "hint": _("Open work, timers and calls are withdrawn. The client is told that the order is cancelled."),
    }
    return _with_reason(request, number, actions.cancel_order, expect_cancellable, _("The order is cancelled."), asked)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*DESK)
def repair(request: HttpRequest, number: str) -> HttpResponse:
    """Take the failed step again, saying what was repaired."""
    asked = {
        "title": _("Repair the order"),
        "hint": _("The failed step is tried again. Say what was wrong and what was done about it."),
    }
    return _with_reason(request, number, actions.repair_order, expect_repairable, _("The order goes on."), asked)


def milestones(found: Order) -> list[dict[str, Any]]:
    """The client's steps, with when each was reached."""
    language = get_language()
    steps = list(found.milestones.all())
    current = next((step.pk for step in steps if step.reached_at is None), None) if found.is_open else None
    return [
        {
            "label": pick_text(step.name, language),
            "at": step.reached_at,
            "state": "done" if step.reached_at else "now" if step.pk == current else "next",
        }
        for step in steps
    ]


def item_line(item: Any, user: Any) -> dict[str, Any]:
    """A work item in the order's list; it leads on for whom its page is."""
    by = item.completed_by or item.holder
    return {
        "item": item,
        "url": url_of(item) if sees(user, item) else "",
        "state": word(ITEM_STATES, item.state),
        "by": by.display_name if by else "",
    }


def _written(request: HttpRequest, number: str, what: str, write: Callable[..., Any], said: str) -> HttpResponse:
    """Write, and show the part of the page for htmx, or the page; what is refused comes back as it was typed."""
    found = order_for(request.user, number)
    body, key = request.POST.get("body", ""), request.POST.get("key", "")[:64] or uuid4().hex
    try:
        write(found.public_id, body=body, idempotency_key=key, actor=actor(request), now=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        typed = {"value": body, "error": said_at(refusal, "body"), "focus": True}
        if is_fragment(request):
            return _part(request, found, what, typed=typed, status=422)
        context = order_context(request, found) | {f"typed_{what}": typed, "next_url": _url(found)}
        response = render(request, "portal_staff/order.html", context, status=refusal.status)
        response["HX-Push-Url"] = _url(found)  # reloading finds the order
        return response
    if is_fragment(request):
        return _part(request, found, what, typed={"focus": True}, said=said)
    messages.success(request, said)
    return back(request, "staff:order", found.number)


def _part(
    request: HttpRequest, found: Order, what: str, *, typed: dict[str, Any], said: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **around_order(found, request.user, timezone.now()),
        "order": found,
        "part": PARTS[what],
        "next_url": request.POST.get("next", "") or _url(found),
        "said": said,
        f"typed_{what}": typed,
    }
    return render(request, "portal_staff/written.html", context, status=status)


def _url(found: Order) -> str:
    return reverse("staff:order", args=[found.number])


def _with_reason(
    request: HttpRequest,
    number: str,
    act: Callable[..., Any],
    expect: Callable[[Order, Actor], None],
    said: str,
    asked: dict[str, str],
) -> HttpResponse:
    """A page that asks for the reason, or the deed itself. expect: refuses whom the deed would refuse."""
    found = order_for(request.user, number)
    context = {"order": found, **asked, "reason": request.POST.get("reason", "")}
    if request.method != "POST":
        expect(found, actor(request))
        return render(request, "portal_staff/order_reason.html", context)
    try:
        act(found.public_id, reason=request.POST.get("reason", ""), actor=actor(request), now=timezone.now())
    except NotFound:
        raise
    except Refusal as refusal:
        context |= {"error": said_at(refusal, "reason")}
        return render(request, "portal_staff/order_reason.html", context, status=refusal.status)
    messages.success(request, said)
    return redirect("staff:order", found.number)
