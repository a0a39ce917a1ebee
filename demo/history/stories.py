"""A story of `ending.yaml`: one order, step by step, each step a real action of the person who is named."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any
from unittest import mock

from approvals import actions as approvals
from approvals.models import Tier
from approvals.signers import add_signers
from audit.actors import Actor
from calendars.rules import received_day, subtract_business_days
from demo.history.answers import fill
from demo.history.clientele import Clientele
from demo.history.deciding import call_back
from demo.history.ordering import Ordering, filling
from demo.history.scene import HEAD_OFFICE, Scene
from orders import actions as orders
from orders.models import ClientRequest, Order
from processes.refusals import StepFailed
from work import actions as work
from work.models import WorkItem
from work.queries import asked_of

VERBS = {
    "submit", "work", "claim", "pend", "assign", "hand_over", "ask", "advise", "add_signers", "decide", "answer",
    "urge", "write", "note", "breaks",
}  # fmt: skip
TAKES = timedelta(minutes=12)  # from claiming to completing


def moment_of(scene: Scene, at: list[Any]) -> datetime:
    """When a step happens. at: working days before the day whose close comes next, and the time of day."""
    cal = scene.calendars[HEAD_OFFICE]
    days, clock = at
    day = subtract_business_days(cal, received_day(cal, scene.timeline.until, None), days)
    return datetime.combine(day, time.fromisoformat(clock), cal.zone).astimezone(UTC)


class Story:
    """One order of the ending, that only this story moves."""

    def __init__(
        self, scene: Scene, ordering: Ordering, clientele: Clientele, row: Mapping[str, Any], number: int
    ) -> None:
        self.scene, self.ordering, self.clientele, self.number = scene, ordering, clientele, number
        self.product = row["product"]
        self.client = next(each for each in scene.clients.values() if each.ref == row["client"])
        self.draws = scene.draws("story", number)
        self.order: Order

    def take(self, step: Mapping[str, Any], now: datetime) -> None:
        """Take one step of the file."""
        (verb,) = VERBS & step.keys()
        speaker = self.scene.speakers[self.client.pk]
        actor = self.scene.actor(self.scene.people[step["who"]] if "who" in step else speaker)
        getattr(self, f"_{verb}")(step, step[verb], actor, now)

    def _submit(self, _step: Mapping[str, Any], given: dict, actor: Actor, now: datetime) -> None:
        self.order = self.ordering.place(self.product, self.client, f"story-{self.number}", given, actor, now)

    def _claim(self, _step: Mapping[str, Any], _given: dict, actor: Actor, now: datetime) -> None:
        work.claim(self._item().public_id, actor=actor, now=now)

    def _work(self, step: Mapping[str, Any], given: dict, actor: Actor, now: datetime) -> None:
        self._claim(step, given, actor, now)
        self.scene.timeline.at(now + TAKES, partial(self._complete, given, actor))

    def _complete(self, given: dict, actor: Actor, now: datetime) -> None:
        item = self._item()
        about = filling(self.scene, self.product, self.client, self.draws, now)
        about.plain, about.optional = True, 0.0
        about.shares = {name: {value: 1.0} for name, value in given.items()}
        allowed = {**fill(item.form, about), **given}
        work.complete(item.public_id, answers=allowed, actor=actor, now=now)

    def _pend(self, _step: Mapping[str, Any], reason: str, actor: Actor, now: datetime) -> None:
        work.pend(self._item().public_id, reason=reason, actor=actor, now=now)

    def _assign(self, _step: Mapping[str, Any], to: str, actor: Actor, now: datetime) -> None:
        work.assign(self._item().public_id, to=self.scene.people[to], actor=actor, now=now)

    def _hand_over(self, step: Mapping[str, Any], to: str, actor: Actor, now: datetime) -> None:
        about = {"to": self.scene.people[to], "reason": step["reason"]}
        work.hand_over(self._item().public_id, **about, actor=actor, now=now)

    def _ask(self, step: Mapping[str, Any], to: str, actor: Actor, now: datetime) -> None:
        about = {"to": self.scene.people[to], "question": step["question"]}
        work.ask(self._item().public_id, **about, actor=actor, now=now)

    def _advise(self, _step: Mapping[str, Any], text: str, actor: Actor, now: datetime) -> None:
        (asked,) = asked_of(actor.user).filter(item__order=self.order)
        work.answer(asked.public_id, text=text, actor=actor, now=now)

    def _add_signers(self, step: Mapping[str, Any], names: list[str], actor: Actor, now: datetime) -> None:
        people, any_of = [self.scene.people[name].pk for name in names], bool(step.get("any_of"))
        add_signers(self._item().public_id, people=people, any_of=any_of, reason=step["reason"], actor=actor, now=now)

    def _note(self, _step: Mapping[str, Any], body: str, actor: Actor, now: datetime) -> None:
        key = f"story-note-{self.number}-{now.isoformat()}"
        orders.add_note(self.order.public_id, body=body, idempotency_key=key, actor=actor, now=now)

    def _decide(self, step: Mapping[str, Any], choice: str, actor: Actor, now: datetime) -> None:
        zone = self.scene.calendars[HEAD_OFFICE].zone
        called = call_back(**step["call_back"], now=now, zone=zone) if "call_back" in step else None
        item = self._item()
        rows = Tier.objects.values_list("rules", flat=True).get(work_item=item)
        about = {"choice": choice, "reason": step["reason"], "evidence": called, "attested": rows}
        approvals.decide(item.public_id, **about, actor=actor, now=now)

    def _answer(self, _step: Mapping[str, Any], _given: dict, _actor: Actor, now: datetime) -> None:
        request = ClientRequest.objects.select_related("order").get(order=self.order, answered_at=None)
        self.clientele.answer(request, self.draws, now)

    def _urge(self, _step: Mapping[str, Any], _given: dict, actor: Actor, now: datetime) -> None:
        orders.urge_order(self.order.public_id, actor=actor, now=now)

    def _write(self, _step: Mapping[str, Any], body: str, actor: Actor, now: datetime) -> None:
        key = f"story-{self.number}-{now.isoformat()}"
        orders.send_message(self.order.public_id, body=body, idempotency_key=key, actor=actor, now=now)

    def _breaks(self, _step: Mapping[str, Any], given: dict, actor: Actor, now: datetime) -> None:
        with _link_down():
            try:
                self._complete(given, actor, now)
            except StepFailed:
                return
        raise RuntimeError(f"Expected the step of {self.order} to fail, but it did not.")

    def _item(self) -> WorkItem:
        return WorkItem.objects.open().get(order=self.order)


@contextmanager
def _link_down() -> Iterator[None]:
    """No call to a custodian can be queued, and the log stays silent of what is meant to happen."""
    down = mock.Mock(side_effect=ConnectionError("The link to the custodian is down."))
    logging.disable(logging.ERROR)
    try:
        with mock.patch("integrations.handlers.queue_call", down):
            yield
    finally:
        logging.disable(logging.NOTSET)
