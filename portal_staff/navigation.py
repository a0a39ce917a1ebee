"""The entries of the rail, by what the reader may open, with counts that stop at a thousand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from approvals.queries import may_sign_logs, waiting_for
from insights.procedures import may_read
from notifications.models import Notice
from portal_staff.access import (
    ANY_STAFF,
    CALENDARS,
    EXAMINE,
    MANAGE,
    MODELS,
    ORDERS,
    PROCESSES,
    RULES,
    WATCH,
    WORK,
    is_approver,
    may,
)
from work.queries import MOST_COUNTED, capped, my_items, open_in_my_queues


@dataclass(frozen=True)
class Place:
    """A page of the rail: its view, the views that count as being there, its rights and its shortcut."""

    view: str
    label: str | Promise
    icon: str
    rights: tuple[str, ...] = ANY_STAFF
    key: str = ""
    also: tuple[str, ...] = ()


OF_ITEMS = ("item", "item_part", "decision")
LISTED = {"my-work": "my_work"}  # lists that are no queue's
RULE_PAGES = ("table", "version", "edit_version", "what_if", "table_cases", "import_rules")
OF_MODELS = ("model", "model_version", "upload_model", "model_change", "new_model", "model_cases")
OF_CALENDARS = ("calendar", "calendar_version", "edit_calendar", "new_calendar")
OF_PROCESSES = ("process", "process_version", "upload_process", "process_change", "new_process")
WORK_PLACES = (
    Place("my_work", _("My work"), "inbox", WORK, "g m", ("home",)),
    Place("queues", _("Queues"), "layers", WORK, "g q", ("queue", "item", "item_part")),
    Place("approvals", _("Approvals"), "shield", ANY_STAFF, "g a", ("decision",)),
    Place("supervisory_log", _("Supervisory log"), "list"),
    Place("delegations", _("Delegations"), "people", ANY_STAFF, "", ("lend", "revoke_delegation")),
    Place("absences", _("Absences"), "calendar", ANY_STAFF, "", ("look_ahead", "new_absence", "call_off_absence")),
)
INSIGHT_PLACES = (
    Place("board", _("Service levels"), "clock", MANAGE, "g s"),
    Place("breaches", _("Breaches"), "trend", MANAGE, "", ("breach",)),
    Place("waiting", _("What waits"), "pause", ORDERS + PROCESSES, "", ("instance", "called_instance")),
    Place("procedures", _("Written procedures"), "file", ANY_STAFF, "", ("procedures_file",)),
    Place("ledger", _("Ledger"), "lock", EXAMINE, "", ("entry", "verify")),
)
SETUP_PLACES = (
    Place("tables", _("Rulebook"), "grid", RULES, "", RULE_PAGES),
    Place("models", _("Decision models"), "connect", MODELS, "", OF_MODELS),
    Place("processes", _("Processes"), "process", PROCESSES, "", OF_PROCESSES),
    Place("calendars", _("Calendars"), "calendar", CALENDARS, "", OF_CALENDARS),
    Place("health", _("System health"), "activity", WATCH),
)
GROUPS = ((_("Work"), WORK_PLACES), (_("Insight"), INSIGHT_PLACES), (_("Set-up"), SETUP_PLACES))


def navigation(user: Any, current_view_name: str, listing: str = "") -> list[dict[str, Any]]:
    """The groups that hold something for the reader. listing: which list an item was opened from, as `?view=` says."""
    here = current_view_name.removeprefix("staff:") if current_view_name.startswith("staff:") else ""
    here = LISTED.get(listing, here) if here in OF_ITEMS else here
    shown = [(label, [place for place in places if _is_open(place, user)]) for label, places in GROUPS]
    return [
        {"label": label, "items": [_item(place, user, here) for place in places]} for label, places in shown if places
    ]


def around(user: Any) -> dict[str, Any]:
    """What the shell shows beside the rail: where to search, the inbox, and how much of it is unread."""
    unread = Notice.objects.filter(recipient=user, channel=Notice.Channel.INBOX, read_at=None)
    return {
        "search_url": reverse("staff:search"),
        "inbox_url": reverse("staff:notices"),
        "unread": shown_count(capped(unread)),
    }


def shown_count(count: int) -> str:
    """A capped count as it is shown: "999+" when there are more."""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or "")


def _is_open(place: Place, user: Any) -> bool:
    special = {"approvals": is_approver, "supervisory_log": may_sign_logs, "procedures": may_read}
    return special[place.view](user) if place.view in special else may(user, place.rights)


def _item(place: Place, user: Any, here: str) -> dict[str, Any]:
    return {
        "label": place.label,
        "url": reverse(f"staff:{place.view}"),
        "icon": place.icon,
        "key": place.key,
        "current": here == place.view or here in place.also,
        "count": _count(place, user),
    }


def _count(place: Place, user: Any) -> str:
    match place.view:
        case "my_work":
            return shown_count(capped(my_items(user)))
        case "queues":
            return shown_count(open_in_my_queues(user))
        case "approvals":
            return shown_count(capped(waiting_for(user, timezone.now())))
        case _:
            return ""
