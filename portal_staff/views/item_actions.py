"""What can be done with a work item: each verb is one form that posts here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import push_url

from accounts.authority import holds
from accounts.refusals import PersonAway
from audit.actors import Actor
from audit.refusals import Invalid, NotFound, Refusal
from orders.schemas import clean
from portal_staff.access import WORKERS, actor, back, is_fragment, requires, said_at
from portal_staff.conflict import BEATEN, conflict
from portal_staff.listing import asked, chosen_view, here, listing_of
from portal_staff.rows import row, url_of
from portal_staff.undo import Step, with_undo
from portal_staff.views.items import item_context
from portal_staff.views.queues import views_of
from sla.models import Clock
from sla.queries import states_around
from ui.conflict import beaten, version_of
from ui.typed import ALL, judges
from work import actions
from work.access import expect_led, expect_pendable, expect_releasable
from work.models import WorkItem
from work.queries import VIEWS, counts, item_for, people_for
from work.refusals import NothingToTake

GET_AND_POST = ["GET", "HEAD", "POST"]


@require_POST
@requires(*WORKERS)
def claim(request: HttpRequest, item: UUID) -> HttpResponse:
    """Take an item; from a row of a list the row comes back, with the counts of the queue where they are shown."""
    free = item_for(request.user, item, timezone.now()).holder_id is None
    said, style, status = _("Claimed."), "success", 200
    try:
        done = actions.claim(item, actor=actor(request), now=timezone.now())
    except BEATEN as refusal:
        said, style, status = f"{refusal.sentence} {refusal.next_step}".strip(), "warning", 409
    found = item_for(request.user, item, timezone.now())
    if status == 200 and free:
        back_to = request.POST.get("next") or here(request, found)
        said = with_undo(request, said, found.queue, [Step.of(done, None)], back_to)
    if not is_fragment(request):
        messages.add_message(request, messages.SUCCESS if status == 200 else messages.WARNING, said)
        return back(request, here(request, found)) if status == 200 else redirect(here(request, found))
    context = {"said": said, "style": style, **_row_of(request, found)}
    return render(request, "portal_staff/claimed_row.html", context, status=status)


def _row_of(request: HttpRequest, found: WorkItem) -> dict[str, Any]:
    """An item's row as its list shows it; of a queue also the views with their counts."""
    shown = {"item": row(found, request.user, timezone.now(), asked(request))}
    if request.GET.get("view") not in VIEWS:
        return shown
    views = views_of(found.queue, counts(found.queue, request.user), chosen_view(request))
    return {**shown, "pickable": holds(request.user, "lead_queue", found.queue_id), "views": views}


@require_POST
@requires(*WORKERS)
def start(request: HttpRequest, item: UUID) -> HttpResponse:
    """Begin what was assigned."""
    actions.start(item, actor=actor(request), now=timezone.now())
    return _to_item(request, item, _("Started."))


@require_POST
@requires(*WORKERS)
def resume(request: HttpRequest, item: UUID) -> HttpResponse:
    """Go on with what was pended."""
    actions.resume(item, actor=actor(request), now=timezone.now())
    return _to_item(request, item, _("Resumed."))


@judges("reason")
@require_http_methods(GET_AND_POST)
@requires(*WORKERS)
def release(request: HttpRequest, item: UUID) -> HttpResponse:
    """Give an item back, with a reason."""
    act = partial(actions.release, version=version_of(request))
    title, said = _("Release the item"), _("Released. What you typed is kept.")
    return _with_reason(request, item, act, expect_releasable, title, said)


@judges("reason")
@require_http_methods(GET_AND_POST)
@requires(*WORKERS)
def pend(request: HttpRequest, item: UUID) -> HttpResponse:
    """Park an item while waiting for somebody else, with a reason."""
    act = partial(actions.pend, version=version_of(request))
    return _with_reason(request, item, act, expect_pendable, _("Pend the item"), _pended)


def _pended(done: WorkItem) -> str:
    own, of_order = states_around(done)
    if Clock.State.PAUSED in own:
        return _("Pended. Its clock is paused.")
    if of_order & {Clock.State.RUNNING, Clock.State.BREACHED}:
        return _("Pended. The order's clock goes on.")
    return _("Pended.")


@judges("reason")
@require_http_methods(GET_AND_POST)
@requires("lead_queue")
def assign(request: HttpRequest, item: UUID) -> HttpResponse:
    """Give an item to somebody."""
    found = item_for(request.user, item, timezone.now())
    people = people_for(found, timezone.now())
    wanted, reason = request.POST.get("to", ""), request.POST.get("reason", "")
    context = {
        "item": found,
        "people": people,
        "wanted": wanted,
        "reason": reason,
        "next_url": _next_url(request, found),
    }
    if request.method != "POST":
        expect_led(found, actor(request))
        return render(request, "portal_staff/assign.html", context)
    person = next((each for each in people if str(each.public_id) == wanted), None)
    if person is None:
        errors = {"to": _("Choose a person.")}
        return render(request, "portal_staff/assign.html", {**context, "errors": errors}, status=422)
    by: dict[str, Any] = {"actor": actor(request), "now": timezone.now()}
    try:
        done = actions.assign(item, to=person, reason=reason, version=version_of(request), **by)
    except BEATEN as refusal:
        return beaten(request, "portal_staff/assign.html", context | conflict(request, found, refusal))
    except NotFound:
        raise
    except Refusal as refusal:
        field = "to" if isinstance(refusal, PersonAway) else "reason"
        errors = {field: said_at(refusal, field)}
        return render(request, "portal_staff/assign.html", {**context, "errors": errors}, status=refusal.status)
    said = _("Assigned to %(name)s.") % {"name": person.display_name}
    back_to = _next_url(request, found) or url_of(found)
    return _to_item(request, item, with_undo(request, said, found.queue, [Step.of(done, found.holder)], back_to))


@judges("reason")
@require_http_methods(GET_AND_POST)
@requires("lead_queue")
def priority(request: HttpRequest, item: UUID) -> HttpResponse:
    """Put an item first or last, with a reason."""
    wanted = request.POST.get("priority", "")
    level = int(wanted) if wanted.isdecimal() and len(wanted) < 9 else 0

    def act(public_id: UUID, *, reason: str, **when: Any) -> Any:
        return actions.set_priority(public_id, priority=level, reason=reason, version=version_of(request), **when)

    title, said = _("Change the priority"), _("Priority changed.")
    return _with_reason(request, item, act, expect_led, title, said, asks_priority=True)


@judges(ALL)
@require_POST
@requires(*WORKERS)
def keep_draft(request: HttpRequest, item: UUID) -> HttpResponse:
    """Keep what was typed so far, quietly."""
    found = item_for(request.user, item, timezone.now())
    answers = clean(found.form, request.POST)
    by: dict[str, Any] = {"actor": actor(request), "now": timezone.now()}
    try:
        actions.keep_draft(item, answers=answers, version=version_of(request) or 0, **by)
    except BEATEN as refusal:
        return _beaten_step(request, found, answers, refusal)
    except Refusal as refusal:
        return _refused_step(request, found, answers, refusal)
    if is_fragment(request):
        return render(request, "portal_staff/item.html#saved", {"saved_at": timezone.now()})
    return _to_item(request, item, _("Your draft is saved."))


@judges(ALL)
@require_POST
@requires(*WORKERS)
def complete(request: HttpRequest, item: UUID) -> HttpResponse:
    """Complete an item; on request go on with the next one of the queue."""
    if request.POST.get("then") == "draft":
        return keep_draft(request, item)
    found = item_for(request.user, item, timezone.now())
    answers = clean(found.form, request.POST)
    by: dict[str, Any] = {"actor": actor(request), "now": timezone.now()}
    try:
        actions.complete(item, answers=answers, version=version_of(request) or 0, **by)
    except BEATEN as refusal:
        return _beaten_step(request, found, answers, refusal)
    except Refusal as refusal:
        return _refused_step(request, found, answers, refusal)
    messages.success(request, _("%(number)s: step completed.") % {"number": found.order_number})
    return _next(request, found) if request.POST.get("then") == "next" else redirect("staff:order", found.order_number)


def _next(request: HttpRequest, done: WorkItem) -> HttpResponse:
    try:
        following = actions.take_next(done.queue.code, actor=actor(request), now=timezone.now())
    except (NothingToTake, Refusal) as refusal:
        messages.info(request, refusal.sentence)
        return redirect("staff:queue", done.queue.code)
    return redirect(here(request, following))


def _beaten_step(request: HttpRequest, found: WorkItem, answers: dict[str, Any], refusal: Refusal) -> HttpResponse:
    """Who changed the step meanwhile; what was typed stays and, where that makes sense, can be sent on top."""
    context = item_context(request, found, typed=answers) | conflict(request, found, refusal)
    return beaten(request, "portal_staff/item.html", context, place="#step-form [data-conflict]")


def _refused_step(request: HttpRequest, found: WorkItem, answers: dict[str, Any], refusal: Refusal) -> HttpResponse:
    """What is wrong stands at its field, or above them; what was typed stays."""
    if isinstance(refusal, NotFound):
        raise refusal
    errors = refusal.fields if isinstance(refusal, Invalid) else {}
    context = item_context(request, found, typed=answers, errors=errors or {"": said_at(refusal, "")})
    return push_url(render(request, "portal_staff/item.html", context, status=refusal.status), False)


def _with_reason(
    request: HttpRequest,
    item: UUID,
    act: Callable[..., Any],
    expect: Callable[[WorkItem, Actor], None],
    title: str,
    said: str | Callable[[WorkItem], str],
    *,
    asks_priority: bool = False,
) -> HttpResponse:
    """A page that asks for the reason, or the deed itself.

    expect: refuses whom the deed would refuse. said: what is told afterwards, or who says it of the item.
    """
    found = item_for(request.user, item, timezone.now())
    reason = request.POST.get("reason", "")
    context = {
        "item": found,
        "title": title,
        "asks_priority": asks_priority,
        "wanted": request.POST.get("priority", ""),
        "reason": reason,
        "next_url": _next_url(request, found),
    }
    if request.method != "POST":
        expect(found, actor(request))
        return render(request, "portal_staff/reason.html", context)
    try:
        done = act(item, reason=reason, actor=actor(request), now=timezone.now())
    except BEATEN as refusal:
        return beaten(request, "portal_staff/reason.html", context | conflict(request, found, refusal))
    except NotFound:
        raise
    except Refusal as refusal:
        context |= {"error": said_at(refusal, "reason")}
        return render(request, "portal_staff/reason.html", context, status=refusal.status)
    return _to_item(request, item, said if isinstance(said, str) else said(done))


def _to_item(request: HttpRequest, item: UUID, said: str) -> HttpResponse:
    messages.success(request, said)
    return back(request, "staff:item", item)


def _next_url(request: HttpRequest, found: WorkItem) -> str:
    """Where to go on: what the form says, or the list whose row led here; nothing for the item's own page."""
    from_list = listing_of(request, found).url if request.GET.get("view") else ""
    return request.POST.get("next", "") or from_list
