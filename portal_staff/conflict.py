"""Somebody was quicker: who changed what and when, and the ways on. What was typed stays in the form that was sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

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
