"""Drafts: what a client has begun and not sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.authority import holds
from accounts.models import Client
from audit.actions import changes, record, remove, save
from audit.actors import Actor
from audit.context import action
from audit.refusals import Invalid
from catalog.models import Channel, Product
from catalog.queries import is_offered
from orders import schemas
from orders.models import Order, State
from orders.queries import locked
from orders.refusals import AnswersWrong, DraftChanged, NoSuchOrder, NotOffered, WrongMoment

MOST_TEXT = 20_000  # characters of one draft's answers


@action
def save_draft(
    *,
    product: Product,
    client: Client,
    channel: str,
    answers: dict,
    idempotency_key: str,
    actor: Actor,
    now: datetime,
    draft: UUID | None = None,
    version: int | None = None,
) -> Order:
    """Keep what was filled in so far; incomplete answers are fine. The same key never makes a second draft.

    version: of the draft that the page showed, when it came from a page that showed one.
    Raises NoSuchOrder (the client is not theirs), NotOffered, WrongMoment (already sent), DraftChanged (other answers
    were saved since), AnswersWrong (what is no text), Invalid (the key belongs to a draft of another product or client,
    or the answers are too long).
    """
    if len(str(answers)) > MOST_TEXT:
        raise Invalid(_("Expected a form of ordinary length, but this one is too long."))
    strange = schemas.unreadable(answers)
    if strange:
        raise AnswersWrong(strange)
    order = _existing(draft, idempotency_key, actor)
    if order is None:
        order = _new_draft(product, client, channel, idempotency_key, actor, now)
    if order.state != State.DRAFT:
        raise WrongMoment(order.state, "changed")
    if (order.product_id, order.client_id) != (product.pk, client.pk):
        raise Invalid(_("Expected a new form, but this one was begun for something else. Open the form again."))
    before, after = changes(order, answers=answers)
    if after and order.pk is not None:
        expect_version(order, version)
    if after or order.pk is None:
        order.version += order.pk is not None
        try:
            with transaction.atomic():
                save(order, actor=actor, now=now)
        except IntegrityError:  # the same key came through another door at the same moment
            return _of_key(idempotency_key, actor)
        record(
            "orders.draft.saved",
            subject=order.subject,
            order=order,
            actor=actor,
            now=now,
            data={"product": product.code},
            person=client.person_key,
            personal={"answers": answers, "was": _replaced(before.get("answers") or {}, answers)},
        )
    return order


@action
def discard_draft(draft: UUID, *, actor: Actor, now: datetime) -> None:
    """Throw a draft away with its papers; that it was begun stays on record."""
    order = locked(actor, draft)
    if order.state != State.DRAFT:
        raise WrongMoment(order.state, "discarded")
    record("orders.draft.discarded", subject=order.subject, order=order, actor=actor, now=now)
    papers = list(order.documents.values_list("stored_as", flat=True))
    remove(order, actor=actor, now=now)
    transaction.on_commit(lambda: _throw_away(papers))  # only when the rows are gone for good


def expect_version(order: Order, version: int | None) -> None:
    """The (locked) draft is still as a page showed it; None when no page did. Raises DraftChanged."""
    if version is not None and version != order.version:
        raise DraftChanged(order.version)


def _replaced(before: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The earlier answers that are others now, or gone."""
    return {name: value for name, value in before.items() if answers.get(name) != value}


def _throw_away(papers: list[str]) -> None:
    for stored_as in papers:
        default_storage.delete(stored_as)


def _existing(draft: UUID | None, key: str, actor: Actor) -> Order | None:
    if draft is not None:
        return locked(actor, draft)
    return _of_key(key, actor) if Order.objects.filter(idempotency_key=key).exists() else None


def _of_key(key: str, actor: Actor) -> Order:
    return locked(actor, Order.objects.values_list("public_id", flat=True).get(idempotency_key=key))


def _new_draft(product: Product, client: Client, channel: str, key: str, actor: Actor, now: datetime) -> Order:
    if actor.user is not None and not holds(actor.user, "order_for_client", client.pk):
        raise NoSuchOrder()
    if not is_offered(product, client, channel):
        raise NotOffered(_("Expected a product that is offered here, but this one is not on this shelf."))
    return Order(
        idempotency_key=key,
        client=client,
        product=product,
        branch=client.branch,
        channel=Channel.objects.get(code=channel),
        placed_by=actor.user,
        created_at=now,
    )
