"""What is done to several items at once: one action an item; each one done or refused is reported by its number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from accounts.models import User
from audit.refusals import Invalid, Refusal
from portal_staff.access import WORKERS, actor, back, requires
from portal_staff.undo import Step, with_undo
from work import actions
from work.models import Queue, WorkItem
from work.queries import PAGE, items_by_id, queue_for

MOST_AT_ONCE = PAGE


@dataclass
class Outcome:
    """What became of each item: done, or refused for a reason. refused: numbers by the sentence that refused them."""

    done: list[WorkItem] = field(default_factory=list)
    refused: dict[str, list[str]] = field(default_factory=dict)

    @property
    def refusals(self) -> int:
        return sum(map(len, self.refused.values()))


@require_POST
@requires("lead_queue")
def assign_many(request: HttpRequest, code: str) -> HttpResponse:
    """Give the chosen items to one person; what cannot be given is named."""
    found, person, chosen = queue_for(request.user, code), _person(request), _chosen(request)
    before = items_by_id(request.user, chosen)
    by: dict[str, Any] = {"actor": actor(request), "now": timezone.now()}
    outcome = _each(request, chosen, lambda item, version: actions.assign(item, to=person, version=version, **by))
    said = ngettext("%(count)s item assigned to %(name)s.", "%(count)s items assigned to %(name)s.", len(outcome.done))
    said = said % {"count": len(outcome.done), "name": person.display_name}
    if outcome.done:
        steps = [Step.of(item, before[item.public_id].holder) for item in outcome.done]
        said = with_undo(request, said, found, steps, _return_to(request, found))
    return _report(request, found, outcome, said)


@require_POST
@requires("lead_queue")
def prioritise_many(request: HttpRequest, code: str) -> HttpResponse:
    """Give the chosen items one priority, with a reason; asked for neither, it asks for both."""
    found, chosen = queue_for(request.user, code), _chosen(request)
    wanted, reason = request.POST.get("priority", ""), request.POST.get("reason", "")
    if wanted not in tuple("12345") or not reason.strip():
        return _ask_priority(request, found, chosen, wanted, reason)
    by: dict[str, Any] = {"priority": int(wanted), "reason": reason, "actor": actor(request), "now": timezone.now()}
    outcome = _each(request, chosen, lambda item, version: actions.set_priority(item, version=version, **by))
    said = ngettext("%(count)s item set to P%(priority)s.", "%(count)s items set to P%(priority)s.", len(outcome.done))
    return _report(request, found, outcome, said % {"count": len(outcome.done), "priority": wanted})


@require_POST
@requires(*WORKERS)
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take back a claim or an assignment: each item goes to who had it before, or to its queue.

    What has moved on since is left as it is and named.
    """
    found = queue_for(request.user, code)
    steps = {step.item: step for step in map(Step.read, request.POST.getlist("step")) if step}
    people = {str(person.public_id): person for person in User.objects.filter(public_id__in=_before(steps.values()))}
    by: dict[str, Any] = {"reason": _("Taken back at once."), "actor": actor(request), "now": timezone.now()}

    def put_back(item: UUID, version: int | None) -> WorkItem:
        person = people.get(steps[item].before)
        if person:
            return actions.assign(item, to=person, version=version, **by)
        return actions.release(item, version=version, **by)

    outcome = _each(request, {step.item: step.version for step in steps.values()}, put_back)
    said = ngettext("%(count)s item is as it was.", "%(count)s items are as they were.", len(outcome.done))
    return _report(request, found, outcome, said % {"count": len(outcome.done)})


def _each(request: HttpRequest, chosen: dict[UUID, int | None], act: Callable[[UUID, int | None], WorkItem]) -> Outcome:
    if not chosen:
        raise Invalid(_("Expected at least one item, but none was chosen."))
    if len(chosen) > MOST_AT_ONCE:
        said = _("Expected at most %(most)s items at once, but %(count)s were chosen.")
        raise Invalid(said % {"most": MOST_AT_ONCE, "count": len(chosen)})
    outcome, known = Outcome(), items_by_id(request.user, chosen)
    for item, version in chosen.items():
        try:
            outcome.done.append(act(item, version))
        except Refusal as refusal:
            outcome.refused.setdefault(refusal.sentence, []).append(known[item].order_number if item in known else "–")
    return outcome


def _report(request: HttpRequest, found: Queue, outcome: Outcome, said: str) -> HttpResponse:
    if outcome.refused:
        comma, colon = pgettext("between the words of a list", ", "), pgettext("before what a name stands for", ": ")
        why = " ".join(comma.join(numbers) + colon + sentence for sentence, numbers in outcome.refused.items())
        numbers = {"done": len(outcome.done), "refused": outcome.refusals, "why": why}
        messages.error(request, _("%(done)s done, %(refused)s refused. %(why)s") % numbers)
    if outcome.done:
        messages.success(request, said)
    return back(request, "staff:queue", found.code)


def _ask_priority(
    request: HttpRequest, found: Queue, chosen: dict[UUID, int | None], wanted: str, reason: str
) -> HttpResponse:
    asked = bool(wanted or reason.strip())
    context = {
        "queue": found,
        "numbers": [item.order_number for item in items_by_id(request.user, chosen).values()],
        "items": request.POST.getlist("item"),
        "shown": request.POST.getlist("shown"),
        "wanted": wanted,
        "reason": reason,
        "error": _("Choose a priority from 1 to 5, and say why.") if asked else "",
        "next_url": _return_to(request, found),
    }
    return render(request, "portal_staff/prioritise.html", context, status=422 if asked else 200)


def _return_to(request: HttpRequest, found: Queue) -> str:
    return request.POST.get("next", "") or reverse("staff:queue", args=[found.code])


def _person(request: HttpRequest) -> User:
    wanted = _uuid(request.POST.get("to", ""))
    person = User.objects.filter(public_id=wanted, is_active=True).first() if wanted else None
    if person is None:
        raise Invalid(_("Expected a person to assign to, but none was chosen."), fields={"to": _("Choose a person.")})
    return person


def _chosen(request: HttpRequest) -> dict[UUID, int | None]:
    """The chosen items, each with the version that its row showed."""
    versions: dict[UUID, int | None] = {}
    for text in request.POST.getlist("shown"):
        item, _dot, mark = text.partition(".")
        version = mark.partition(".")[0]
        if (found := _uuid(item)) and version.isdecimal() and len(version) < 10:
            versions[found] = int(version)
    return {found: versions.get(found) for found in map(_uuid, request.POST.getlist("item")) if found}


def _before(steps: Iterable[Step]) -> list[str]:
    return [step.before for step in steps if step.before]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
