"""The states of a work item in words, and what is said when a state does not allow a step."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES: dict[str, Promise] = {
    "queued": pgettext_lazy("work item", "Waiting"),
    "assigned": pgettext_lazy("work item", "Assigned"),
    "in_progress": pgettext_lazy("work item", "In progress"),
    "pending": pgettext_lazy("work item", "Pended"),
    "completed": pgettext_lazy("work item", "Completed"),
    "cancelled": pgettext_lazy("work item", "Called off"),
}
NOT_NOW: dict[str, Promise] = {
    "started": _("Expected a work item that can be started, but it is “%(state)s”."),
    "released": _("Expected a work item that can be released, but it is “%(state)s”."),
    "pended": _("Expected a work item that can be pended, but it is “%(state)s”."),
    "resumed": _("Expected a work item that can be resumed, but it is “%(state)s”."),
    "completed": _("Expected a work item that can be completed, but it is “%(state)s”."),
    "changed": _("Expected an open work item, but it is “%(state)s”."),
}


def not_now(state: str, verb: str) -> str:
    """Why an item in this state cannot be `verb` (a key of NOT_NOW), in the active language."""
    return str(NOT_NOW[verb]) % {"state": STATES[state]}
