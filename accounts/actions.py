"""Setting up people: users, clients, teams, who holds which role and which right."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import models
from guardian.shortcuts import assign_perm

from accounts.authority import ROLE, forget
from accounts.models import Branch, Client, Team, User
from audit.actions import record, save
from audit.actors import Actor
from audit.context import action


@action
def open_branch(*, code: str, name: dict, timezone: str, calendar: str, actor: Actor, now: datetime) -> Branch:
    """Open a branch."""
    branch = Branch(code=code, name=name, timezone=timezone, calendar=calendar)
    branch.full_clean()
    save(branch, actor=actor, now=now)
    record("accounts.branch.opened", subject=f"accounts.branch:{branch.pk}", actor=actor, now=now, after={"code": code})
    return branch


@action
def form_team(*, code: str, name: dict, branch: Branch, actor: Actor, now: datetime) -> Team:
    """Form a team of a branch."""
    team = Team(code=code, name=name, branch=branch)
    team.full_clean(exclude=["lead", "manager"])
    save(team, actor=actor, now=now)
    record("accounts.team.formed", subject=f"accounts.team:{team.pk}", actor=actor, now=now, after={"code": code})
    return team


@action
def appoint(team: Team, *, lead: User | None, manager: User | None, actor: Actor, now: datetime) -> None:
    """Name who leads a team and who manages it: the chain along which escalations climb."""
    before = {"lead": team.lead_id, "manager": team.manager_id}
    team.lead, team.manager = lead, manager
    save(team, actor=actor, now=now)
    after = {"lead": team.lead_id, "manager": team.manager_id}
    subject = f"accounts.team:{team.pk}"
    record("accounts.team.appointed", subject=subject, actor=actor, now=now, before=before, after=after)


@action
def add_user(
    *,
    username: str,
    display_name: str,
    roles: list[str],
    actor: Actor,
    now: datetime,
    hashed_password: str = "",
    **about: Any,
) -> User:
    """Add somebody who can log in and give them their roles.

    about: further fields of `User` (team, skills, language, is_client_side, first_name, email, title, timezone).
    hashed_password: as `make_password` gives it; without one the person cannot log in until one is set.
    """
    user = User(username=username, display_name=display_name, date_joined=now, **about)
    user.password = hashed_password or make_password(None)
    save(user, actor=actor, now=now)
    user.groups.set([role_group(role) for role in roles])
    after = {"roles": sorted(roles), "team": user.team.code if user.team else None, "skills": user.skills}
    record(
        "accounts.user.added",
        subject=f"accounts.user:{user.pk}",
        actor=actor,
        now=now,
        after=after,
        person=f"user:{user.pk}",
        personal={"username": username, "display_name": display_name},
    )
    return user


@action
def add_client(
    *, ref: str, kind: str, name: str, tier: str, branch: Branch, actor: Actor, now: datetime, **about: Any
) -> Client:
    """Take on a client. about: birth_date, advisor, advisor_since, language, email."""
    client = Client(ref=ref, kind=kind, name=name, tier=tier, branch=branch, **about)
    client.full_clean(exclude=["advisor"])
    save(client, actor=actor, now=now)
    birth_date: date | None = client.birth_date
    record(
        "accounts.client.added",
        subject=f"accounts.client:{client.pk}",
        actor=actor,
        now=now,
        after={"ref": ref, "kind": kind, "tier": tier, "branch": branch.code},
        person=client.person_key,
        personal={"name": name, "birth_date": birth_date, "email": client.email},
    )
    return client


@action
def grant(group: Group, right: str, thing: models.Model, *, actor: Actor, now: datetime) -> None:
    """Give a group a right on one object that carries authority (queue, client, product, branch, table)."""
    assign_perm(right, group, thing)
    record(
        "accounts.right.granted",
        subject=f"{thing._meta.label_lower}:{thing.pk}",
        actor=actor,
        now=now,
        after={"group": group.name, "right": right},
    )


@action
def join(user: User, group: Group, *, actor: Actor, now: datetime) -> None:
    """Put somebody into a group of rights."""
    user.groups.add(group)
    forget(user)
    record(
        "accounts.user.joined", subject=f"accounts.user:{user.pk}", actor=actor, now=now, after={"group": group.name}
    )


@action
def record_access(user: User, fact: str, *, now: datetime, data: dict | None = None) -> None:
    """Keep what somebody did at the log-in or to their way in; called by the adapters of the log-in libraries."""
    record(fact, subject=f"accounts.user:{user.pk}", actor=Actor.of(user), now=now, data=data)


@action
def set_preference(user: User, *, actor: Actor, now: datetime, **values: Any) -> None:
    """Change one's own language or single-key shortcuts."""
    for name, value in values.items():
        setattr(user, name, value)
    save(user, actor=actor, now=now, fields=values)
    record("accounts.user.preferred", subject=f"accounts.user:{user.pk}", actor=actor, now=now, after=dict(values))


def role_group(role: str) -> Group:
    """The group that stands for a role."""
    return Group.objects.get_or_create(name=f"{ROLE}{role}")[0]


def group(name: str) -> Group:
    """A group of rights by name, such as "team:maintenance" or "client:C-0001"."""
    return Group.objects.get_or_create(name=name)[0]
