"""Somebody was quicker: who changed what and when, and the ways on. What was typed stays in the form that was sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django_htmx.http import push_url, reswap, retarget

from audit.models import Entry
from audit.refusals import Refusal
from portal_staff.activity import Opener, event, people_of
from portal_staff.listing import here
from ui.words import pick_text
from work.models import WorkItem
from work.refusals import AlreadyClaimed, AlreadyClosed, ChangedMeanwhile, NotYours, WrongStep

BEATEN = (ChangedMeanwhile, AlreadyClaimed, AlreadyClosed, NotYours, WrongStep)


def conflict(request: HttpRequest, found: WorkItem, refusal: Refusal) -> dict[str, Any]:
    """What `ui/conflict.html` shows; only over a change that left the item where it was can one's own be put."""
    last = Entry.objects.filter(subject=found.subject).order_by("-id").first()
    names = {**people_of([last]), found.node: pick_text(found.name, get_language())} if last else {}
    return {
        "conflict": refusal,
        "event": event(last, names, Opener(request.user)) if last else None,
        "on_top": refusal.facts.get("version", ""),
        "then": request.POST.get("then", ""),
        "theirs_url": here(request, found),
    }


def beaten(
    request: HttpRequest, template: str, context: dict[str, Any], *, place: str = "find [data-conflict]"
) -> HttpResponse:
    """409: the conflict alone, into the form's place for it, when htmx asks; otherwise the whole page."""
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, template, context, status=409)
    response = render(request, "ui/conflict.html", context, status=409)
    return retarget(reswap(push_url(response, False), "innerHTML"), place)
