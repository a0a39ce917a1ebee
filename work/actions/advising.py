"""Asking a colleague about an item: their answer comes back to it, and decides nothing. Source: 委派 of the seed.

Only somebody who sees the item anyway can be asked, so that a question lets nobody see more.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import Invalid
from audit.texts import is_readable
from orders.schemas import no_text
from work.access import expect_holder, fetch
from work.models import Advice, WorkItem
from work.queries import people_to_ask
from work.refusals import NoSuchAdvice, NotToBeAsked, WordsMissing

LONGEST = 2000


@action
def ask(item: UUID, *, to: Any, question: str, actor: Actor, now: datetime) -> Advice:
    """The holder of an item asks a colleague; it stays theirs.

    question: 1–2000 characters. Raises NotYours, NotToBeAsked, WordsMissing, AlreadyClosed, NoSuchItem.
    """
    row = fetch(item, actor, now)
    expect_holder(row, actor)
    text = _said("question", question)
    if to not in people_to_ask(row, actor.user) or row.advice.filter(asked=to, answered_at=None).exists():
        raise NotToBeAsked()
    made = Advice.objects.create(item=row, asked_by=actor.user, asked=to, question=text, asked_at=now)
    _record("work.advice.asked", made, row, actor, now, {"question": text})
    return made


@action
def answer(advice: UUID, *, text: str, actor: Actor, now: datetime) -> Advice:
    """Whoever was asked answers, once. Their part in the order counts from then on: they sign no decision on it.

    text: 1–2000 characters. Raises NoSuchAdvice, WordsMissing, AlreadyClosed (the item was done without it).
    """
    ref = Advice.objects.filter(public_id=advice, asked=actor.user).values_list("item__public_id", flat=True).first()
    if ref is None:
        raise NoSuchAdvice()
    row = fetch(ref, actor, now)
    made = lock(Advice.objects.filter(public_id=advice, answered_at=None)).first()
    if made is None:
        raise NoSuchAdvice()
    made.answer, made.answered_at = _said("answer", text), now
    made.save(update_fields=["answer", "answered_at"])
    _record("work.advice.given", made, row, actor, now, {"answer": made.answer})
    return made


def _said(field: str, text: str) -> str:
    said = text.strip()
    if not is_readable(said):
        raise Invalid(no_text(), fields={field: no_text()})
    if not 0 < len(said) <= LONGEST:
        raise WordsMissing(field, LONGEST)
    return said


def _record(fact: str, made: Advice, row: WorkItem, actor: Actor, now: datetime, words: dict[str, str]) -> None:
    """The words may tell of the client: they stand in the entry as its personal part."""
    to = made.asked_id if fact == "work.advice.asked" else made.asked_by_id
    record(
        fact,
        subject=f"work.advice:{made.public_id}",
        order=row.order,
        actor=actor,
        now=now,
        data={"node": row.node, "to": to, "item": str(row.public_id)},
        person=row.order.client.person_key,
        personal=words,
    )
