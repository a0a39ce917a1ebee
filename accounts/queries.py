"""Reads about people that pages and other rooms ask for."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.authority import ROLE, held
from accounts.models import Client, Delegation, Team, User


def clients_visible_to(user: Any) -> QuerySet[Client]:
    """Clients that the user may see: granted one by one, or by their branch."""
    branches = held(user, "oversee_branch") | held(user, "examine_branch")
    return Client.objects.filter(Q(pk__in=held(user, "view_client")) | Q(branch_id__in=branches))


def clients_to_order_for(user: Any) -> QuerySet[Client]:
    """Clients for whom the user may place orders."""
    return Client.objects.filter(pk__in=held(user, "order_for_client"))


def delegations_seen(user: Any) -> QuerySet[Delegation]:
    """Delegations that the user may see, with the people, those that end last first: one statement."""
    rows = Delegation.objects.visible_to(user).select_related("delegator__team", "delegate", "given_by", "revoked_by")
    return rows.order_by("-ends_at", "-pk")


def holders(role: str) -> QuerySet[User]:
    """Active people who hold a role."""
    return User.objects.filter(groups__name=f"{ROLE}{role}", is_active=True).order_by("pk")


def team_chain(team: Team | None, role: str) -> list[User]:
    """Who answers for a role as seen from a team: its own lead or manager first, else everybody with the role."""
    if team and role == "team_lead" and team.lead:
        return [team.lead]
    if team and role == "operations_manager" and team.manager:
        return [team.manager]
    return list(holders(role))
