"""The roles in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROLES: dict[str, Promise] = {
    "operations_analyst": _("Operations analyst"),
    "team_lead": _("Team lead"),
    "operations_manager": _("Operations manager"),
    "compliance": _("Compliance"),
    "treasurer": _("Treasurer"),
    "credit_officer": _("Credit officer"),
    "chief_compliance_officer": _("Chief compliance officer"),
    "head_of_operations": _("Head of operations"),
    "administrator": _("Administrator"),
    "examiner": _("Examiner"),
    "advisor": _("Advisor"),
    "client": _("Client"),
}


def role_word(role: str) -> str:
    """A role's name in the active language; a firm's own role is shown by its code."""
    return str(ROLES.get(role, role))
