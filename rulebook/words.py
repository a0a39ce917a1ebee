"""The states of a version under change control in words, and what is said when a state does not allow a step."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES: dict[str, Promise] = {
    "draft": pgettext_lazy("version", "Draft"),
    "proposed": pgettext_lazy("version", "Proposed"),
    "approved": pgettext_lazy("version", "Approved"),
    "in_force": pgettext_lazy("version", "In force"),
    "superseded": pgettext_lazy("version", "Superseded"),
    "rejected": pgettext_lazy("version", "Rejected"),
    "withdrawn": pgettext_lazy("version", "Withdrawn"),
}
NOT_NOW: dict[str, Promise] = {
    "edited": _("Expected a version that can be edited, but it is “%(state)s”."),
    "proposed": _("Expected a version that can be proposed, but it is “%(state)s”."),
    "approved": _("Expected a version that can be approved, but it is “%(state)s”."),
    "rejected": _("Expected a version that can be rejected, but it is “%(state)s”."),
    "withdrawn": _("Expected a version that can be withdrawn, but it is “%(state)s”."),
    "rolled back to": _("Expected a version that governed before, but it is “%(state)s”."),
    "put in force": _("Expected a version that can be put in force, but it is “%(state)s”."),
}


def not_now(state: str, verb: str) -> str:
    """Why a version in this state cannot be `verb` (a key of NOT_NOW), in the active language."""
    return str(NOT_NOW[verb]) % {"state": STATES[state]}
