"""The list of queues, a queue's page, and what changed on it since."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.authority import holds
from calendars.queries import calendar
from portal_staff.access import WORK, actor, is_fragment, requires
from portal_staff.listing import asked, chosen_view, filters_of
from portal_staff.navigation import shown_count
from portal_staff.rows import rows, url_of
from portal_staff.words import TimeLeft, time_left
from ui.bands import BANDS
from work import actions
from work.changes import changes
from work.line import BY_PRIORITY, line_of
from work.models import Queue
from work.queries import (
    PAGE,
    VIEWS,
    counts,
    counts_of,
    narrowed,
    next_due,
    products_in,
    queue_for,
    queue_page,
    queues_for,
    workers,
)
from work.refusals import NothingToTake


@require_safe
@requires(*WORK)
def queues(request: HttpRequest) -> HttpResponse:
    """The queues that the reader may see, with how many items are open, unassigned and breached."""
    found = list(queues_for(request.user))
    numbers = counts_of(found, request.user, ("open", "unassigned", "breached"))
    lines = [_line(queue, numbers[queue.pk]) for queue in found]
    return render(request, "portal_staff/queues.html", {"lines": lines})


@require_safe
@vary_on_headers("HX-Request")
@requires(*WORK)
def queue(request: HttpRequest, code: str) -> HttpResponse:
    """A view of a queue's items; asked by htmx it is the table only."""
    found = queue_for(request.user, code)
    context = listing(request, found)
    if is_fragment(request):
        return render(request, "portal_staff/queue.html#narrowed", context)
    numbers = counts(found, request.user)
    context |= {
        "views": views_of(found, numbers, context["view"]),
        "numbers": {view: shown_count(number) or "0" for view, number in numbers.items()},
        "products": list(products_in(request.user)),
        "bands": [(key, look.word) for key, look in BANDS.items()],
        "people": workers(found, role=found.role, at=timezone.now()) if context["leads"] else [],
    }
    return render(request, "portal_staff/queue.html", context)


@require_safe
@requires(*WORK)
def queue_changes(request: HttpRequest, code: str) -> HttpResponse:
    """How many rows of a page changed since it was shown; nothing when that has been said already.

    The page asks with the mark of each row that it shows (`shown`) and with what it says so far (`said`).
    """
    found = queue_for(request.user, code)
    view = chosen_view(request)
    items = narrowed(found, view, request.user, filters_of(request))
    count = changes(found, items, _shown(request), line=line_of(view), after=request.GET.get("after", ""))
    said = request.GET.get("said", "")
    if str(count or "") == said:
        return HttpResponse(status=204)
    context = {"count": count, "first": not said, "here": _here(request, found)}
    return render(request, "portal_staff/_changes.html", context)


def listing(request: HttpRequest, found: Queue) -> dict[str, Any]:
    """What the table of a queue shows: one page of its view, narrowed by the filters."""
    user, view, now = request.user, chosen_view(request), timezone.now()
    filters, after = filters_of(request), request.GET.get("after", "")
    page = queue_page(found, view, user, filters=filters, after=after)
    own = asked(request)
    return {
        "queue": found,
        "view": view,
        "by_priority": line_of(view) is BY_PRIORITY,
        "filters": filters,
        "items": rows(page.items, user, now, own or f"?view={view}"),
        "first_url": own or "?" if after else "",
        "next_url": asked(request, page.after) if page.after else "",
        "pickable": holds(user, "lead_queue", found.pk),
        "leads": holds(user, "lead_queue", found.pk),
        "works": holds(user, "work_queue", found.pk) and not found.role,
        "here": _here(request, found),
        "changes_url": reverse("staff:queue_changes", args=[found.code]) + asked(request, after),
        "next_left": _next_left(found, now) if view == "breached" and not page.items else None,
    }


def views_of(found: Queue, numbers: dict[str, int], view: str) -> list[dict[str, Any]]:
    """The views as tabs with their capped counts."""
    labels = {
        "open": _("All open"),
        "next": pgettext("queue view", "Next up"),
        "unassigned": _("Unassigned"),
        "breached": _("Breached"),
        "mine": _("Mine"),
        "waiting": _("With client"),
    }
    address = reverse("staff:queue", args=[found.code])
    return [
        {
            "label": labels[key],
            "url": f"{address}?view={key}",
            "count": shown_count(numbers[key]) or "0",
            "current": key == view,
            "key": f"g {place}",
        }
        for place, key in enumerate(VIEWS, start=1)
    ]


@require_POST
@requires("work_queue")
def take_next(request: HttpRequest, code: str) -> HttpResponse:
    """Claim the first of those that fit, and open it."""
    queue_for(request.user, code)
    try:
        item = actions.take_next(code, actor=actor(request), now=timezone.now())
    except NothingToTake as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("staff:queue", code)
    return redirect(url_of(item))


def _shown(request: HttpRequest) -> dict[UUID, str]:
    """The marks that a page sent of its rows: item, a dot, its mark."""
    marks: dict[UUID, str] = {}
    for text in request.GET.getlist("shown")[: 2 * PAGE]:
        item, _dot, mark = text.partition(".")
        try:
            marks[UUID(item)] = mark
        except ValueError:
            continue
    return marks


def _here(request: HttpRequest, found: Queue) -> str:
    return reverse("staff:queue", args=[found.code]) + asked(request, request.GET.get("after", ""))


def _next_left(found: Queue, now: datetime) -> TimeLeft | None:
    due = next_due(found, now)
    return time_left("green", due, now, calendar(found.branch.calendar)) if due else None


def _line(queue: Queue, numbers: dict[str, int]) -> dict[str, Any]:
    shown = {view: shown_count(number) or "0" for view, number in numbers.items()}
    return {"queue": queue, "url": reverse("staff:queue", args=[queue.code]), **shown}
