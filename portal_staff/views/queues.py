"""The list of queues, a queue's page, and what is done to several items at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.authority import holds
from accounts.models import User
from audit.refusals import Invalid, Refusal
from portal_staff.access import WORK, actor, back, is_fragment, requires
from portal_staff.navigation import shown_count
from portal_staff.rows import rows, url_of
from ui.bands import BANDS
from work import actions
from work.models import Queue
from work.queries import (
    VIEWS,
    Filters,
    capped,
    counts,
    in_view,
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
    lines = [_line(queue, request.user) for queue in queues_for(request.user)]
    return render(request, "portal_staff/queues.html", {"lines": lines})


@require_safe
@vary_on_headers("HX-Request")
@requires(*WORK)
def queue(request: HttpRequest, code: str) -> HttpResponse:
    """A queue's items by due time; asked by htmx it is the table only."""
    found = queue_for(request.user, code)
    context = listing(request, found)
    if is_fragment(request):
        return render(request, "portal_staff/queue.html#listing", context)
    context |= {
        "views": views_of(request, found),
        "products": list(products_in(request.user)),
        "bands": [(key, look.word) for key, look in BANDS.items()],
        "people": workers(found, role=found.role) if context["leads"] else [],
    }
    return render(request, "portal_staff/queue.html", context)


def listing(request: HttpRequest, found: Queue) -> dict[str, Any]:
    """What the table of a queue shows: one page of its view, narrowed by the filters."""
    user, view = request.user, chosen_view(request)
    filters = filters_of(request)
    page = queue_page(found, view, user, filters=filters, after=request.GET.get("after", ""))
    asked = {name: value for name, value in request.GET.items() if name != "after"}
    return {
        "queue": found,
        "view": view,
        "filters": filters,
        "items": rows(page.items, user, timezone.now()),
        "first_url": f"?{urlencode(asked)}" if request.GET.get("after") else "",
        "next_url": f"?{urlencode({**asked, 'after': page.after})}" if page.after else "",
        "leads": holds(user, "lead_queue", found.pk),
        "works": holds(user, "work_queue", found.pk) and not found.role,
        "here": request.get_full_path(),
    }


def views_of(request: HttpRequest, found: Queue) -> list[dict[str, Any]]:
    """The views as tabs with their capped counts."""
    labels = {
        "open": _("All open"),
        "next": pgettext("queue view", "Next up"),
        "unassigned": _("Unassigned"),
        "breached": _("Breached"),
        "mine": _("Mine"),
        "waiting": _("With client"),
    }
    numbers, view = counts(found, request.user), chosen_view(request)
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


def chosen_view(request: HttpRequest) -> str:
    """The view that the address names; all open without one."""
    view = request.GET.get("view", "")
    return view if view in VIEWS else "open"


def filters_of(request: HttpRequest) -> Filters:
    """The filters that the address names."""
    given = {name: request.GET.get(name, "").strip()[:80] for name in ("product", "skill", "band", "text")}
    return Filters(**given)


@require_POST
@requires("work_queue")
def take_next(request: HttpRequest, code: str) -> HttpResponse:
    """Claim the item that is due first among those that fit, and open it."""
    queue_for(request.user, code)
    try:
        item = actions.take_next(code, actor=actor(request), now=timezone.now())
    except NothingToTake as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("staff:queue", code)
    return redirect(url_of(item))


@require_POST
@requires("lead_queue")
def assign_many(request: HttpRequest, code: str) -> HttpResponse:
    """Give the chosen items to one person; what cannot be given is named."""
    queue_for(request.user, code)
    person, chosen = _person(request), _chosen(request)
    done = 0
    for item in chosen:
        try:
            actions.assign(item, to=person, actor=actor(request), now=timezone.now())
            done += 1
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
    if done:
        said = ngettext("%(count)s item assigned to %(name)s.", "%(count)s items assigned to %(name)s.", done)
        messages.success(request, said % {"count": done, "name": person.display_name})
    return back(request, "staff:queue", code)


def _person(request: HttpRequest) -> User:
    wanted = _uuid(request.POST.get("to", ""))
    person = User.objects.filter(public_id=wanted, is_active=True).first() if wanted else None
    if person is None:
        raise Invalid(_("Expected a person to assign to, but none was chosen."), fields={"to": _("Choose a person.")})
    return person


def _chosen(request: HttpRequest) -> list[UUID]:
    chosen = [found for found in map(_uuid, request.POST.getlist("item")) if found]
    if not chosen:
        raise Invalid(_("Expected at least one item, but none was chosen."))
    return chosen


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _line(queue: Queue, user: Any) -> dict[str, Any]:
    shown = {
        view: shown_count(capped(in_view(queue, view, user))) or "0" for view in ("open", "unassigned", "breached")
    }
    return {"queue": queue, "url": reverse("staff:queue", args=[queue.code]), **shown}
