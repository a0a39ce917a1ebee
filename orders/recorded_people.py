"""People, clients and rights that a file of recorded applications needs: made on the way, through the accounts actions.

A log names resources by number. Each becomes somebody of the queue's team who cannot log in until a password is set.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts import actions as accounts
from accounts.authority import forget, holds
from accounts.models import Branch, Client, Team, User
from audit.actors import Actor
from audit.context import action

NOBODY = "unrecorded"
RIGHTS = ("order_for_client", "view_client")


class RecordedPeople:
    """The people of one team by the names under which a file knows them."""

    def __init__(self, team: str, via: Actor) -> None:
        self.team = Team.objects.select_related("branch").get(code=team)
        self.via = via
        self._known: dict[str, User] = {}

    def actor(self, resource: str | None, now: datetime) -> Actor:
        """Who acts for a resource; None = the log does not say who it was."""
        name = resource or NOBODY
        if name not in self._known:
            self._known[name] = self._found(name, now)
        return Actor.of(self._known[name], via="command")

    def client(self, about: dict[str, Any], now: datetime) -> Client:
        """The client whom the file's orders belong to; the team may order for them.

        about: ref, kind, name, tier and branch (code).
        """
        known = Client.objects.filter(ref=about["ref"]).first()
        if known is None:
            fields = {**about, "branch": Branch.objects.get(code=about["branch"])}
            known = accounts.add_client(**fields, actor=self.via, now=now)
        self._may_order_for(known, now)
        return known

    @action
    def _found(self, name: str, now: datetime) -> User:
        username = f"{self.team.code}-{name}"
        user = User.objects.filter(username=username).first()
        if user is None:
            user = accounts.add_user(
                username=username,
                display_name=f"{self.team.name['en']} {name}",
                first_name=self.team.name["en"],
                timezone=self.team.branch.timezone,
                roles=["analyst"],
                team=self.team,
                actor=self.via,
                now=now,
            )
        if not user.groups.filter(name=self._group().name).exists():
            accounts.join(user, self._group(), actor=self.via, now=now)
        return user

    @action
    def _may_order_for(self, client: Client, now: datetime) -> None:
        intake = self.actor("intake", now).user
        missing = [right for right in RIGHTS if not holds(intake, right, client.pk)]
        for right in missing:
            accounts.grant(self._group(), right, client, actor=self.via, now=now)
        for user in self._known.values():
            forget(user)

    def _group(self) -> Any:
        return accounts.group(f"team:{self.team.code}")
