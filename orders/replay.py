"""Drives the applications of a recorded log through the real actions, at their recorded times, with their people.

All applications move in one common time. What the process or an action does not allow is refused and counted by kind.
Running it again goes on where it stopped: every move has a time of its own, and the ledger shows which are done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from django.utils.module_loading import import_string

from audit.actors import Actor
from audit.context import replaying
from audit.models import Entry
from audit.reactions import wiring
from audit.refusals import Refusal
from catalog.models import Product
from orders import actions
from orders.models import Order, State
from orders.recorded_people import RecordedPeople
from orders.replay_items import AUTOMATIC
from orders.replay_log import BadLog, read_applications, read_events
from orders.replay_moves import Move, Plan, plan
from orders.replay_simulation import Tally

PRODUCT, TEAM = "personal_loan", "lending"
STEP = timedelta(hours=6)  # how often timers, clocks and later reactions run in the replayed time
OUTCOMES = (State.COMPLETED, State.REJECTED, State.CANCELLED)
LEAD = "handle_lead"
REDIRECT = {"good": "complete_application", "suspicious": "examine_fraud", "bad": "declined"}


@dataclass
class Case:
    """One application on its way: its order once there is one, the moves done before, those refused."""

    plan: Plan
    order: Order | None = None
    done: set[datetime] = field(default_factory=set)
    last: datetime | None = None
    refused: list[tuple[Move, str]] = field(default_factory=list)


@dataclass
class Result:
    """What the replay reached, and what it cost."""

    tally: Tally
    seconds: float
    actions: int


class ReplayRefused(Exception):
    """The firm lacks what the log needs; one line."""


def read_plans(events: Path, applications: Path, limit: int | None = None) -> list[Plan]:
    """The plans of the first `limit` applications of the log. Raises BadLog."""
    known = read_applications(applications)
    return list(islice(_plans(events, known), limit))


def replay(plans: list[Plan], *, tell: Callable[[str], None] = lambda _: None) -> Result:
    """Make all moves that are not made yet. tell: gets a line of progress now and then. Raises ReplayRefused."""
    driver = _Driver(plans)
    began = monotonic()
    with replaying():
        driver.run(tell)
    return Result(driver.tally(), monotonic() - began, driver.actions)


def _plans(events: Path, known: dict[str, Any]) -> Iterator[Plan]:
    for number, recorded in read_events(events):
        if number not in known:
            raise BadLog(str(events), recorded[0].line, f"application {number} is not among the applications")
        yield plan(known[number], recorded)


class _Driver:
    """Holds the cases and moves the time."""

    def __init__(self, plans: list[Plan]) -> None:
        product = Product.objects.filter(code=PRODUCT).first()
        if product is None:
            raise ReplayRefused(f'Expected a firm with the product "{PRODUCT}", but there is none.')
        self.product = product
        self.people = RecordedPeople(TEAM, Actor.system("log replay"))
        self.cases = [Case(each) for each in plans]
        self.actions = 0
        self.now: datetime | None = None

    def run(self, tell: Callable[[str], None]) -> None:
        """Every move of every case in the order of time."""
        for case in self.cases:
            self._recall(case)
        moves = sorted(
            ((move.at, number, move) for number, case in enumerate(self.cases) for move in case.plan.moves),
            key=lambda each: each[:2],
        )
        for count, (at, number, move) in enumerate(moves, start=1):
            self._pass_time(at)
            self._make(self.cases[number], move)
            if count % 1000 == 0:
                tell(f"{count} of {len(moves)} moves, {at:%Y-%m-%d}")

    def tally(self) -> Tally:
        """What was reached, from the orders as they stand now."""
        found = Tally()
        for case in self.cases:
            state = Order.objects.values_list("state", flat=True).get(pk=case.order.pk) if case.order else ""
            found.add(case.plan, state if state in OUTCOMES else "open", case.refused)
        return found

    def _recall(self, case: Case) -> None:
        """What an import or an earlier run did of the case."""
        case.order = Order.objects.filter(idempotency_key=self._key(case)).first()
        if case.order:
            times = Entry.objects.filter(order_ref=case.order.ledger_ref).values_list("happened_at", flat=True)
            case.done = set(times)
            case.last = max(case.done & {move.at for move in case.plan.moves}, default=None)

    def _key(self, case: Case) -> str:
        return f"{PRODUCT}:{case.plan.application.number}"

    def _pass_time(self, at: datetime) -> None:
        if self.now is None:
            self.now = at
        while self.now + STEP <= at:
            self.now += STEP
            for name in wiring().DUE:
                import_string(name)(self.now)

    def _make(self, case: Case, move: Move) -> None:
        if move.kind != "submit" and move.at in case.done:
            return
        if move.kind != "submit" and case.last and move.at < case.last:
            case.refused.append((move, f"{move.kind} {move.node}: refused in an earlier run"))
            return
        try:
            why = self._submit(case, move) if move.kind == "submit" else self._work(case, move)
        except Refusal as refusal:
            why = refusal.code
        if why:
            case.refused.append((move, f"{move.kind} {move.node}: {why}".replace(" :", ":")))

    def _submit(self, case: Case, move: Move) -> str:
        actor = self.people.actor(move.person, move.at)
        if case.order is None or case.order.state == State.DRAFT:
            draft = case.order or self._draft(case, actor, move)
            case.order = actions.submit_order(draft.public_id, answers=_answers(case.plan), actor=actor, now=move.at)
            self.actions += 2
        self._redirect(case, move)
        return ""

    def _draft(self, case: Case, actor: Actor, move: Move) -> Order:
        about = self.product.parameters["import"]
        return actions.save_draft(
            product=self.product,
            client=self.people.client(about["client"], move.at),
            channel=about["channel"],
            answers=_answers(case.plan),
            idempotency_key=self._key(case),
            actor=actor,
            now=move.at,
        )

    def _redirect(self, case: Case, move: Move) -> None:
        """An imported order came without the credit bureau's word and became a lead: the bank's system sends it on."""
        after = REDIRECT.get(case.plan.credit_check)
        item = self._item(case, LEAD) if after else None
        if item is None:
            return
        system, at = self.people.actor(AUTOMATIC, move.at), move.at + timedelta(microseconds=1)
        verbs = wiring().REPLAY
        import_string(verbs["claim"])(item.public_id, actor=system, now=at)
        import_string(verbs["complete"])(item.public_id, answers={"next": after}, actor=system, now=at)
        self.actions += 2

    def _work(self, case: Case, move: Move) -> str:
        item = self._item(case, move.node)
        if item is None:
            return "is not open"
        actor, verbs = self.people.actor(move.person, move.at), wiring().REPLAY
        if move.kind == "start":
            import_string(verbs["claim"])(item.public_id, actor=actor, now=move.at)
        elif move.kind == "put_down":
            import_string(verbs["release"])(item.public_id, reason="Put down.", actor=actor, now=move.at)
        else:
            answers = {"next": move.next}
            import_string(verbs["complete"])(item.public_id, answers=answers, actor=actor, now=move.at)
        self.actions += 1
        return ""

    def _item(self, case: Case, node: str) -> Any:
        """The order's open item at a node. The room of work stands above this one: it is asked by the wiring."""
        if case.order is None:
            return None
        return next(iter(import_string(wiring().REPLAY["open_items"])(case.order.pk, node)), None)


def _answers(plan: Plan) -> dict[str, str]:
    return {"amount": f"{plan.application.amount}.00", "credit_check": plan.credit_check}
