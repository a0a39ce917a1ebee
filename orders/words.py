"""The states of an order in words, and what is said when a state does not allow a step."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES: dict[str, Promise] = {
    "draft": pgettext_lazy("order", "Draft"),
    "submitted": pgettext_lazy("order", "Submitted"),
    "in_progress": pgettext_lazy("order", "In progress"),
    "waiting_on_client": pgettext_lazy("order", "Waiting for the client"),
    "completed": pgettext_lazy("order", "Completed"),
    "rejected": pgettext_lazy("order", "Rejected"),
    "cancelled": pgettext_lazy("order", "Cancelled"),
    "exception": pgettext_lazy("order", "On the exception desk"),
}
NOT_NOW: dict[str, Promise] = {
    "sent": _("Expected an order that can be sent, but it is “%(state)s”."),
    "changed": _("Expected an order that can be changed, but it is “%(state)s”."),
    "discarded": _("Expected an order that can be discarded, but it is “%(state)s”."),
    "added to": _("Expected an order that can be added to, but it is “%(state)s”."),
    "cancelled": _("Expected an order that can be cancelled, but it is “%(state)s”."),
    "urged": _("Expected an order that we are working on, but it is “%(state)s”."),
    "rated": _("Expected a completed order, but it is “%(state)s”."),
    "repaired": _("Expected an order that can be repaired, but it is “%(state)s”."),
}


def not_now(state: str, verb: str) -> str:
    """Why an order in this state cannot be `verb` (a key of NOT_NOW), in the active language."""
    return str(NOT_NOW[verb]) % {"state": STATES[state]}
