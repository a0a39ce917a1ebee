"""Work items as the rows that `ui/queue_row.html` draws."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Client
from calendars.queries import calendar
from portal_staff.words import TimeLeft, timing
from ui.words import is_chinese, pick_text
from ui.zones import shows
from work.changes import mark_of
from work.models import WorkItem
from work.queries import can_work


def row(item: WorkItem, user: Any, now: datetime, query: str = "") -> dict[str, Any]:
    """One row. The item comes with client, product, holder, order and its branch; query: the list it stands in."""
    shows(item.order.branch.timezone)
    language = get_language()
    left = timing(item, now, calendar(item.order.branch.calendar)) or TimeLeft("paused", _("No target"))
    return {
        "id": item.public_id,
        "mark": mark_of(item),
        "url": url_of(item) + query,
        "preview_url": reverse("staff:item_part", args=[item.public_id]) + query,
        "band": left.band,
        "text": left.text,
        "until": left.until,
        "left": left.left,
        "stops": left.stops,
        "reference": item.order_number,
        "title": pick_text(item.product.name, language),
        "client": client_name(item.client),
        "client_lang": "",
        "step": pick_text(item.name, language),
        "priority": item.priority,
        "owner": item.holder.display_name if item.holder else "",
        "release_url": reverse("staff:release", args=[item.public_id]) + query if item.holder_id == user.pk else "",
        "due": item.order.promised_at,
        "can_claim": item.holder_id is None and item.is_open and can_work(user, item),
        "claim_url": reverse("staff:claim", args=[item.public_id]) + query,
        "item": item,
    }


def rows(items: Iterable[WorkItem], user: Any, now: datetime, query: str = "") -> list[dict[str, Any]]:
    """Rows of a page."""
    return [row(item, user, now, query) for item in items]


def url_of(item: WorkItem) -> str:
    """The page on which an item is done: its decision, or its step."""
    page = "staff:decision" if item.kind == WorkItem.Kind.APPROVAL else "staff:item"
    return reverse(page, args=[item.public_id])


def client_name(client: Client) -> str:
    """The client's name as the reader's language writes it."""
    return (client.native_name or client.name) if is_chinese(get_language()) else client.name
