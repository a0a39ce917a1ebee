"""Which role stands above which: to whom a decision that presses is escalated, and who may then sign it as well."""

from __future__ import annotations

from typing import Any

from accounts.authority import roles

NEXT_HIGHER = {
    "team_lead": "operations_manager",
    "operations_manager": "head_of_operations",
    "compliance": "chief_compliance_officer",
}


SIGNING = frozenset(NEXT_HIGHER) | frozenset(NEXT_HIGHER.values())  # whose holders decide, and may lend that


def roles_below(user: Any) -> set[str]:
    """The roles above which somebody stands, their own left out."""
    own = roles(user)
    return {role for role, higher in NEXT_HIGHER.items() if higher in own and role not in own}
