"""Clients, advisors and colleagues begin orders: draft, papers, submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Client, User
from audit.actors import Actor
from catalog.models import Product
from catalog.queries import open_slots
from demo.history.answers import Filling, fill
from demo.history.arrivals import Arrival
from demo.history.draws import Draws
from demo.history.hours import after
from demo.history.papers import paper
from demo.history.scene import HEAD_OFFICE, Scene
from orders import actions as orders
from orders.models import Order
from orders.refusals import NoPlaceLeft

BANK = "nanjing"
BRANCHES = {**dict.fromkeys(("maintenance", "transfer", "payment", "brokerage"), HEAD_OFFICE), "opening": BANK}
TEAMS = {
    "maintenance": "client_services",
    "transfer": "transfers",
    "payment": "transfers",
    "opening": "corporate",
    "brokerage": "client_services",
}
HOUSE_TEAM = "transfers"  # works on what the firm orders itself
NEVER_SENT = 0.02  # share of drafts that are left lying
SLOT_NOTICE = timedelta(hours=20)  # nobody books an appointment for the next hour


class Ordering:
    """Turns arrivals into orders."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.submitted = 0
        self.products = {product.code: product for product in scene.products.values()}
        self._by_branch = {
            (branch, audience): self._clients(branch, audience)
            for branch in set(BRANCHES.values())
            for audience in ("person", "company", "any")
        }

    def expect(self, arrival: Arrival) -> None:
        """Put an arrival down; what a colleague enters comes in during work."""
        draws = self.scene.draws("order", arrival.number)
        channel = draws.choice(self.scene.plan["arrivals"]["channel"])
        channel = self.scene.plan["arrivals"]["only_by"].get(arrival.product, channel)
        at = arrival.at
        if channel in ("staff", "counter"):
            at = after(self.scene.calendars[BRANCHES[arrival.family]], at, draws.between(0, 3600))
        self.scene.timeline.at(at, partial(self._begin, arrival, channel, draws))

    def begin_draft(self, product: str, client: Client, number: int, now: datetime) -> Order:
        """A draft that the client leaves half filled."""
        draws = self.scene.draws("draft", number)
        actor = self.scene.actor(self.scene.speakers[client.pk])
        whole = fill(self.products[product].form, self._filling(product, client, draws, now, lambda _field: None))
        answers = dict(list(whole.items())[: max(2, len(whole) // 2)])
        return self._save(product, client, "web", answers, f"draft-{number}", actor, now)

    def place(
        self, product: str, client: Client, key: str, given: dict[str, Any], actor: Actor, now: datetime
    ) -> Order:
        """An order of the ending: filled in like any other but for what is given, and sent at once."""
        order = self._save(product, client, "web", {}, key, actor, now)
        self.scene.staged.add(order.pk)
        about = self._filling(product, client, self.scene.draws(key), now, lambda _field: None)
        about.shares = {**about.shares, **{name: {value: 1.0} for name, value in given.items()}}
        answers = {**fill(self.products[product].form, about), **given}
        self.submitted += 1
        return orders.submit_order(order.public_id, answers=answers, actor=actor, now=now)

    def _clients(self, branch: str, audience: str) -> tuple[list[Client], list[float]]:
        tiers = self.scene.plan["arrivals"]["tier_weight"]
        there = [c for c in self.scene.clients.values() if c.branch.code == branch and c.kind != Client.Kind.HOUSE]
        found = [client for client in there if audience in (client.kind, "any")]
        return found, [tiers[client.tier] for client in found]

    def _begin(self, arrival: Arrival, channel: str, draws: Draws, now: datetime) -> None:
        product = self.products[arrival.product]
        clients, weights = self._by_branch[BRANCHES[arrival.family], product.audience]
        client = draws.random.choices(clients, weights=weights)[0]
        actor = self.scene.actor(self._who(arrival, channel, client, draws, now))
        order = self._save(product.code, client, channel, {}, f"demo-{arrival.number}", actor, now)
        self.scene.begins(order, arrival.number)
        if not draws.chance(NEVER_SENT):
            later = now + timedelta(seconds=draws.between(90, 1500))
            self.scene.timeline.at(later, partial(self._submit, order.public_id, product, client, actor, draws))

    def _who(self, arrival: Arrival, channel: str, client: Client, draws: Draws, now: datetime) -> User:
        if channel in ("staff", "counter"):
            team = TEAMS[arrival.family]
            colleagues = [u for u in self.scene.holders("analyst") if u.team and u.team.code == team]
            return draws.pick([user for user in colleagues if not self.scene.is_away(user, now)] or colleagues)
        shares = {who: share for who, share in self.scene.plan["arrivals"]["placed_by"].items() if who != "staff"}
        # Whoever places a fee adjustment cannot approve it, and only the client's own advisor may.
        if arrival.product != "fee_schedule_adjustment" and client.advisor and draws.choice(shares) == "advisor":
            return client.advisor
        return self.scene.speakers[client.pk]

    def _save(
        self, product: str, client: Client, channel: str, answers: dict, key: str, actor: Actor, now: datetime
    ) -> Order:
        return orders.save_draft(
            product=self.products[product],
            client=client,
            channel=channel,
            answers=answers,
            idempotency_key=key,
            actor=actor,
            now=now,
        )

    def _submit(self, draft: UUID, product: Product, client: Client, actor: Actor, draws: Draws, now: datetime) -> None:
        upload = partial(self._send_paper, draft, actor, draws, now)
        answers = fill(product.form, self._filling(product.code, client, draws, now, upload))
        try:
            orders.submit_order(draft, answers=answers, actor=actor, now=now)
        except NoPlaceLeft:  # the appointment went to somebody else, or there was none
            self.scene.timeline.at(now + timedelta(days=1), partial(self._submit, draft, product, client, actor, draws))
            return
        self.submitted += 1

    def _send_paper(self, draft: UUID, actor: Actor, draws: Draws, now: datetime, field: str) -> str | None:
        if not draws.chance(self.scene.plan["answers"]["sends_document_with_order"]):
            return None
        upload = paper(field, f"{field.replace('_', ' ').capitalize()}, sent {now:%Y-%m-%d}")
        return str(orders.add_document(draft, upload=upload, field=field, actor=actor, now=now).public_id)

    def _filling(
        self, product: str, client: Client, draws: Draws, now: datetime, upload: Callable[[str], str | None]
    ) -> Filling:
        return replace(filling(self.scene, product, client, draws, now), upload=upload)


def team_of(plan: Mapping[str, Any], product: str) -> str:
    """The team that works on the orders of a product."""
    return next((TEAMS[family] for family, shares in plan["shares"].items() if product in shares), HOUSE_TEAM)


def filling(scene: Scene, product: str, client: Client, draws: Draws, now: datetime) -> Filling:
    """What is known while a form about a client's order is filled; papers are added by who sends them."""
    return Filling(
        draws=draws,
        today=now.astimezone(ZoneInfo(client.branch.timezone)).date(),
        plan=scene.plan,
        shares=_shares(scene.plan, product),
        client=_about(scene, client),
        amount=partial(_amount, scene.plan, product, draws),
        upload=lambda _field: None,
        slot=partial(_slot, scene, product, client, draws, now),
    )


def _shares(plan: Mapping[str, Any], product: str) -> dict[str, Mapping[Any, float]]:
    shares = {name: given for name, given in plan["answers"].items() if isinstance(given, Mapping)}
    return {**shares, **plan["outcomes"].get(product, {})}


def _about(scene: Scene, client: Client) -> dict[str, str]:
    speaker = scene.speakers.get(client.pk)
    if speaker is None:  # the firm itself
        return {"name": client.name}
    words = client.name.split(" ")
    chinese = bool(client.native_name) and client.kind == Client.Kind.PERSON
    return {
        "account_number": client.account,
        "custodian": client.custodian,
        "name": client.native_name or client.name,
        "given_name": speaker.first_name or words[0],
        "family_name": words[0] if chinese else words[-1],
        "contact": speaker.display_name,
    }


def _amount(plan: Mapping[str, Any], product: str, draws: Draws) -> str:
    shape = plan["amounts"].get(product)
    if shape is None:
        return f"{draws.between(2_000, 900_000)}.{draws.between(0, 99):02d}"
    exact = plan["amounts"]["exact"]
    if product in exact and draws.chance(exact["share"]):
        return f"{draws.pick(exact[product])}.00"
    return draws.amount(shape)


def _slot(scene: Scene, product: str, client: Client, draws: Draws, now: datetime) -> str | None:
    row = next(each for each in scene.products.values() if each.code == product)
    soon = list(open_slots(row, client.branch, now + SLOT_NOTICE)[:40])
    return draws.pick(soon).starts_at.isoformat() if soon else None
