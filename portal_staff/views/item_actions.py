"""What can be done with a work item: each verb is one form that posts here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.models import Entry
from audit.refusals import Invalid, Refusal
from orders.schemas import clean
from portal_staff.access import actor, back, is_fragment, requires
from portal_staff.activity import Opener, event, people_of
from portal_staff.rows import row, url_of
from portal_staff.views.items import item_context
from portal_staff.views.queues import views_of
from work import actions
from work.models import WorkItem
from work.queries import item_for, people_for
from work.refusals import AlreadyClaimed, ChangedMeanwhile, NothingToTake

WORKERS = ("work_queue", "lead_queue")
GET_AND_POST = ["GET", "HEAD", "POST"]


@require_POST
@requires(*WORKERS)
def claim(request: HttpRequest, item: UUID) -> HttpResponse:
    """Take an item; from a queue's row the row comes back, with the counts."""
    said, status = _("Claimed."), 200
    try:
        actions.claim(item, actor=actor(request), now=timezone.now())
    except AlreadyClaimed as refusal:
        if not is_fragment(request):
            messages.warning(request, refusal.sentence)
            return redirect("staff:item", item)
        said, status = refusal.sentence, 409
    found = item_for(request.user, item)
    if not is_fragment(request):
        messages.success(request, said)
        return back(request, url_of(found))
    context = {
        "item": row(found, request.user, timezone.now()),
        "views": views_of(request, found.queue),
        "said": said,
        "style": "warning" if status == 409 else "success",
    }
    return render(request, "portal_staff/claimed_row.html", context, status=status)


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


@require_http_methods(GET_AND_POST)
@requires(*WORKERS)
def release(request: HttpRequest, item: UUID) -> HttpResponse:
    """Give an item back, with a reason."""
    return _with_reason(request, item, actions.release, _("Release the item"), _("Released. What you typed is kept."))


@require_http_methods(GET_AND_POST)
@requires(*WORKERS)
def pend(request: HttpRequest, item: UUID) -> HttpResponse:
    """Park an item while waiting for somebody else, with a reason."""
    return _with_reason(request, item, actions.pend, _("Pend the item"), _("Pended. Its clock is paused."))


@require_http_methods(GET_AND_POST)
@requires("lead_queue")
def assign(request: HttpRequest, item: UUID) -> HttpResponse:
    """Give an item to somebody."""
    found = item_for(request.user, item)
    people = people_for(found)
    if request.method != "POST":
        return render(request, "portal_staff/assign.html", {"item": found, "people": people})
    person = next((each for each in people if str(each.public_id) == request.POST.get("to")), None)
    if person is None:
        raise Invalid(_("Expected a person who works this queue and has the skill, but none was chosen."))
    reason = request.POST.get("reason", "").strip()[:500]
    actions.assign(item, to=person, reason=reason, actor=actor(request), now=timezone.now())
    return _to_item(request, item, _("Assigned to %(name)s.") % {"name": person.display_name})


@require_http_methods(GET_AND_POST)
@requires("lead_queue")
def priority(request: HttpRequest, item: UUID) -> HttpResponse:
    """Put an item first or last, with a reason."""
    wanted = request.POST.get("priority", "")
    level = int(wanted) if wanted.isdecimal() and len(wanted) < 9 else 0

    def act(public_id: UUID, *, reason: str, **when: Any) -> Any:
        return actions.set_priority(public_id, priority=level, reason=reason, **when)

    return _with_reason(request, item, act, _("Change the priority"), _("Priority changed."), asks_priority=True)


@require_POST
@requires(*WORKERS)
def keep_draft(request: HttpRequest, item: UUID) -> HttpResponse:
    """Keep what was typed so far, quietly."""
    found = item_for(request.user, item)
    answers = clean(found.form, request.POST)
    actions.keep_draft(item, answers=answers, version=_version(request), actor=actor(request), now=timezone.now())
    if is_fragment(request):
        return render(request, "portal_staff/item.html#saved", {"saved_at": timezone.now()})
    return _to_item(request, item, _("Your draft is saved."))


@require_POST
@requires(*WORKERS)
def complete(request: HttpRequest, item: UUID) -> HttpResponse:
    """Complete an item; on request go on with the next one of the queue."""
    if request.POST.get("then") == "draft":
        return keep_draft(request, item)
    found = item_for(request.user, item)
    answers = clean(found.form, request.POST)
    try:
        actions.complete(item, answers=answers, version=_version(request), actor=actor(request), now=timezone.now())
    except Invalid as refusal:
        context = item_context(request, found, typed=answers, errors=refusal.fields or {"": refusal.sentence})
        return render(request, "portal_staff/item.html", context, status=422)
    except ChangedMeanwhile as refusal:
        return _conflict(request, found, answers, refusal)
    messages.success(request, _("%(number)s: step completed.") % {"number": found.order_number})
    return _next(request, found) if request.POST.get("then") == "next" else redirect("staff:order", found.order_number)


def _next(request: HttpRequest, done: WorkItem) -> HttpResponse:
    try:
        following = actions.take_next(done.queue.code, actor=actor(request), now=timezone.now())
    except (NothingToTake, Refusal) as refusal:
        messages.info(request, refusal.sentence)
        return redirect("staff:queue", done.queue.code)
    return redirect(url_of(following))


def _conflict(
    request: HttpRequest, found: WorkItem, answers: dict[str, Any], refusal: ChangedMeanwhile
) -> HttpResponse:
    """Who changed what since the page was shown; what was typed stays and can be sent on top."""
    last = Entry.objects.filter(subject=found.subject).order_by("-id").first()
    shown = (
        event(last, {**people_of([last]), found.node: str(found.name.get("en"))}, Opener(request.user)) if last else {}
    )
    context = {
        **item_context(request, found, typed=answers),
        "conflict": {"sentence": refusal.sentence, "next_step": refusal.next_step, "event": shown},
        "version": refusal.facts.get("version", found.version),
    }
    return render(request, "portal_staff/item.html", context, status=409)


def _with_reason(
    request: HttpRequest, item: UUID, act: Callable[..., Any], title: str, said: str, *, asks_priority: bool = False
) -> HttpResponse:
    """A page that asks for the reason, or the deed itself."""
    found = item_for(request.user, item)
    context = {"item": found, "title": title, "asks_priority": asks_priority, "reason": request.POST.get("reason", "")}
    if request.method != "POST":
        return render(request, "portal_staff/reason.html", context)
    try:
        act(item, reason=request.POST.get("reason", ""), actor=actor(request), now=timezone.now())
    except Invalid as refusal:
        return render(request, "portal_staff/reason.html", {**context, "error": refusal.sentence}, status=422)
    return _to_item(request, item, said)


def _to_item(request: HttpRequest, item: UUID, said: str) -> HttpResponse:
    messages.success(request, said)
    return back(request, "staff:item", item)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
