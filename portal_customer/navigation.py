"""The entries of the client's navigation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal_customer.decisions import count_waiting, is_advisor

PARTS = {
    "customer:home": ("customer:home", "customer:new_order"),
    "customer:orders": (
        "customer:orders", "customer:order", "customer:cancel", "customer:answer", "customer:message",
        "customer:urge", "customer:rate", "customer:explain_rating",
        "customer:draft", "customer:check", "customer:submit", "customer:discard",
    ),
    "customer:decisions": ("customer:decisions", "customer:decision"),
    "customer:preferences": ("customer:preferences",),
}  # fmt: skip


def navigation(user: Any, current_view_name: str) -> list[dict[str, Any]]:
    """One group of entries: label, address, icon, whether the reader is there, and how many things wait."""
    entries = [("customer:home", _("Home"), "home", 0), ("customer:orders", _("Orders"), "list", 0)]
    if is_advisor(user):
        entries.append(("customer:decisions", _("Decisions"), "shield", count_waiting(user)))
    entries.append(("customer:preferences", _("Preferences"), "settings", 0))
    items = [
        {
            "label": label,
            "url": reverse(name),
            "icon": icon,
            "current": current_view_name in PARTS[name],
            "count": count,
        }
        for name, label, icon, count in entries
    ]
    return [{"label": "", "items": items}]
