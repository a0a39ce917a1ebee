"""What all simulated people share: the firm, the parameters, the time, and who is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from accounts.authority import roles
from accounts.models import Client, User
from audit.actors import Actor
from calendars.rules import Calendar
from catalog.models import Product
from demo import files
from demo.history.draws import Draws
from demo.history.hours import days_away, staff_calendar
from demo.history.timeline import Timeline
from demo.load import Firm
from orders.models import Order

HEAD_OFFICE = "new_york"


@dataclass
class Scene:
    """The stage on which the history is played. plan: `generated.yaml`."""

    firm: Firm
    seed: int
    timeline: Timeline
    plan: Mapping[str, Any] = field(default_factory=lambda: files.read_yaml("generated.yaml"))

    def __post_init__(self) -> None:
        # Read again: rights that were granted after a person was made are not in the loaded objects.
        self.people = {user.username: user for user in User.objects.select_related("team__branch").order_by("pk")}
        self.by_id = {user.pk: user for user in self.people.values()}
        self.products: dict[int, Product] = {row.pk: row for row in Product.objects.order_by("pk")}
        clients = Client.objects.select_related("branch", "advisor").order_by("pk")
        self.clients: dict[int, Client] = {client.pk: client for client in clients}
        self.numbers: dict[int, int] = {}  # order → number of its arrival: the name of its draws
        self.placed: dict[int, int | None] = {}  # order → who placed it
        self.asked: dict[int, int] = {}  # order → how often something was asked of its client
        self.staged: set[int] = set()  # orders of the ending's stories: nobody else touches them

    def draws(self, *names: object) -> Draws:
        """The draws of a thing by its name."""
        return Draws(self.seed, *names)

    def actor(self, user: User) -> Actor:
        """The person, acting."""
        return Actor.of(self.people[user.username], via="command")

    @cached_property
    def calendars(self) -> dict[str, Calendar]:
        """Working hours of the people of each branch."""
        return {code: self._calendar(branch.calendar) for code, branch in self.firm.branches.items()}

    @cached_property
    def away(self) -> dict[str, frozenset[date]]:
        """Who is away on which dates."""
        return days_away(self.plan["work"]["absences"], self.calendars[HEAD_OFFICE], self.timeline.until)

    @cached_property
    def speakers(self) -> dict[int, User]:
        """Who speaks for each client."""
        by_group = {group.name: user for user in self.people.values() for group in user.groups.all()}
        return {
            pk: by_group[f"client:{client.ref}"]
            for pk, client in self.clients.items()
            if client.kind != Client.Kind.HOUSE  # nobody speaks for the firm itself
        }

    def calendar_of(self, user: User) -> Calendar:
        """When a colleague works."""
        team = self.people[user.username].team
        return self.calendars[team.branch.code if team else HEAD_OFFICE]

    def is_away(self, user: User, now: datetime) -> bool:
        """Whether a colleague is absent today."""
        days = self.away.get(user.username)
        return bool(days) and now.astimezone(self.calendar_of(user).zone).date() in days  # type: ignore[operator]

    def holders(self, role: str) -> list[User]:
        """Who holds a role, in the order of the firm's file."""
        return [user for user in self.people.values() if role in roles(user)]

    def order_draws(self, order_id: int, *names: object) -> Draws:
        """Draws about one order, named by its arrival."""
        return self.draws("order", self.numbers.get(order_id, -order_id), *names)

    def begins(self, order: Order, number: int) -> None:
        """Remember an order that somebody began."""
        self.numbers[order.pk], self.placed[order.pk] = number, order.placed_by_id

    def _calendar(self, code: str) -> Calendar:
        return staff_calendar(code, self.plan["work"]["day"])
