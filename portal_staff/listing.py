"""The list that a reader works through: a view of a queue with its filters, or what they hold. Addresses carry it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal_staff.navigation import shown_count
from portal_staff.rows import url_of
from ui.words import pick_text
from work.line import BY_DUE, Line, line_of
from work.models import WorkItem
from work.neighbours import neighbours
from work.queries import VIEWS, Filters, my_items, narrowed

MINE = "my-work"
PARTS = ("view", "product", "skill", "band", "text")


@dataclass(frozen=True)
class Listing:
    """rows: its items; line: in which order. url: back to it."""

    label: str
    url: str
    rows: QuerySet[WorkItem]
    line: Line = BY_DUE


def chosen_view(request: HttpRequest) -> str:
    """The view of a queue that the address names; all open without one."""
    view = request.GET.get("view", "")
    return view if view in VIEWS else "open"


def filters_of(request: HttpRequest) -> Filters:
    """The filters that the address names."""
    given = {name: request.GET.get(name, "").strip()[:80] for name in ("product", "skill", "band", "text")}
    return Filters(**given)


def asked(request: HttpRequest, after: str = "") -> str:
    """The list as an address carries it: `?view=mine`, or nothing. after: from which row on."""
    given = {name: request.GET[name] for name in PARTS if request.GET.get(name)} | ({"after": after} if after else {})
    return f"?{urlencode(given)}" if given else ""


def listing_of(request: HttpRequest, item: WorkItem) -> Listing:
    """The list from which somebody came to an item: what they hold, or else a view of the item's queue."""
    if request.GET.get("view") == MINE:
        return Listing(_("My work"), reverse("staff:my_work"), my_items(request.user))
    rows = narrowed(item.queue, chosen_view(request), request.user, filters_of(request))
    url = reverse("staff:queue", args=[item.queue.code]) + asked(request)
    return Listing(pick_text(item.queue.name, get_language()), url, rows, line_of(chosen_view(request)))


def beside(
    item: WorkItem, rows: QuerySet[WorkItem], page: str, query: str = "", *, line: Line = BY_DUE
) -> dict[str, Any]:
    """What `portal_staff/_beside.html` shows: the way to the items before and after one, and its place in the list."""
    found = neighbours(item, rows, line)
    return {
        "before": _address(page, found.before, query),
        "following": _address(page, found.following, query),
        "place": found.place,
        "count": shown_count(found.count),
    }


def here(request: HttpRequest, item: WorkItem) -> str:
    """The item's own page as it was come to."""
    return url_of(item) + asked(request)


def _address(page: str, item: Any, query: str) -> str:
    return reverse(page, args=[item]) + query if item else ""
