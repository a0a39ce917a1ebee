"""The entries of the client's navigation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

PARTS = {
    "customer:home": ("customer:home", "customer:new_order"),
    "customer:orders": (
        "customer:orders", "customer:order", "customer:cancel", "customer:answer", "customer:message",
        "customer:draft", "customer:check", "customer:submit", "customer:discard",
    ),
    "customer:preferences": ("customer:preferences",),
}  # fmt: skip


def navigation(user: Any, current_view_name: str) -> list[dict[str, Any]]:
    """One group of entries: label, address, icon, and whether the reader is there."""
    entries = [
        ("customer:home", _("Home"), "home"),
        ("customer:orders", _("Orders"), "list"),
        ("customer:preferences", _("Preferences"), "settings"),
    ]
    items = [
        {"label": label, "url": reverse(name), "icon": icon, "current": current_view_name in PARTS[name]}
        for name, label, icon in entries
    ]
    return [{"label": "", "items": items}]
