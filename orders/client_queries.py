"""Lists of the client's side: orders with what they ask, drafts and papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, Q

from accounts.authority import held, roles
from orders.models import ENDED, OPEN, ClientRequest, Document, Order, OrderQuerySet, State
from orders.projection import RATED_WITHIN, ClientSummary, Texts, client_line, is_for_client, name_of

PAGE = 20


@dataclass(frozen=True)
class ToDo:
    """Something that we ask of the client, and on which order."""

    public_id: UUID
    number: str
    product: Texts
    client: Texts
    title: Texts
    wants_document: bool
    promised_at: datetime | None


@dataclass(frozen=True)
class Draft:
    """An order that was begun and not sent."""

    public_id: UUID
    product: Texts
    client: Texts
    saved_at: datetime


def to_dos(user: Any, *, limit: int = 10) -> list[ToDo]:
    """What needs the client, oldest first. One statement."""
    orders = Order.objects.visible_to(user).filter(client_id__in=held(user, "view_client")).open()
    rows = ClientRequest.objects.filter(order__in=orders, answered_at=None, closed_at=None)
    rows = rows.select_related("order__product", "order__client").order_by("opened_at", "pk")[:limit]
    return [_to_do(row) for row in rows]


def drafts(user: Any, *, limit: int = 20) -> list[Draft]:
    """What the user began and did not send, newest first. One statement."""
    rows = Order.objects.visible_to(user).filter(placed_by_id=user.pk, state=State.DRAFT)
    rows = rows.select_related("product", "client").order_by("-created_at", "-pk")[:limit]
    return [Draft(row.public_id, row.product.name, name_of(row.client), row.created_at) for row in rows]


def count_orders(user: Any) -> dict[str, int]:
    """How many open and ended orders the user's clients have. Two statements."""
    orders = _orders(user)
    return {"open": orders.filter(state__in=OPEN).count(), "ended": orders.filter(state__in=ENDED).count()}


def open_lines(user: Any, now: datetime, *, size: int) -> list[ClientSummary]:
    """Open orders, the one that is promised first first: what is late leads. Three statements."""
    rows = _orders(user).filter(state__in=OPEN).order_by(F("promised_at").asc(nulls_last=True), "-submitted_at", "-pk")
    return _lines(rows[:size], user, now)


def lines_to_rate(user: Any, now: datetime, *, size: int) -> list[ClientSummary]:
    """Orders that ended well lately and that their client has not rated, the latest first.

    One statement, three where there is one; none for who is no client.
    """
    if "client" not in roles(user):
        return []
    lately = {"state": State.COMPLETED, "ended_at__gt": now - RATED_WITHIN, "ended_at__lte": now, "rating": None}
    return _lines(_orders(user).filter(**lately).order_by("-ended_at", "-pk")[:size], user, now)


def order_page(
    user: Any, now: datetime, *, ended: bool = False, client: str = "", after: str = "", size: int = PAGE
) -> tuple[list[ClientSummary], str]:
    """A page of orders, newest first, and the number to go on after ("" on the last page). Three statements.

    after: number of the last order of the page before; it costs one more statement. client: a client's reference.
    """
    rows = _orders(user).filter(state__in=ENDED if ended else OPEN)
    if client:
        rows = rows.filter(client__ref=client)
    found = _lines(_below(rows, after).order_by("-submitted_at", "-pk")[: size + 1], user, now)
    return found[:size], found[size - 1].number if len(found) > size else ""


def own_draft(user: Any, draft: UUID) -> Order | None:
    """A draft, or the order it became, that the user placed; None when there is none. One statement."""
    rows = Order.objects.visible_to(user).filter(public_id=draft, placed_by_id=user.pk)
    return rows.select_related("product", "client__branch", "branch", "channel", "slot").first()


def draft_by_key(user: Any, key: str) -> Order | None:
    """What the user's form with this idempotency key became. One statement."""
    rows = Order.objects.visible_to(user).filter(idempotency_key=key, placed_by_id=user.pk)
    return rows.select_related("product", "client__branch", "branch", "channel", "slot").first()


def document_for(user: Any, document: UUID) -> Document | None:
    """A document of an order that the user may see; on the client's side only what came from there. One statement."""
    rows = Document.objects.filter(public_id=document, order__in=Order.objects.visible_to(user))
    found = rows.select_related("uploaded_by", "order").first()
    return found if found and (is_for_client(found) or not user.is_client_side) else None


def document_names(user: Any, order: Order) -> dict[str, str]:
    """Names of the order's papers by their public id. One statement."""
    rows = order.documents.filter(uploaded_by__is_client_side=True)
    return {str(public_id): name for public_id, name in rows.values_list("public_id", "name")}


def _orders(user: Any) -> OrderQuerySet:
    """Submitted orders of the user's clients; rights as staff on products or branches don't count here."""
    return Order.objects.visible_to(user).filter(client_id__in=held(user, "view_client")).exclude(state=State.DRAFT)


def _lines(rows: OrderQuerySet, user: Any, now: datetime) -> list[ClientSummary]:
    asked = ClientRequest.objects.filter(answered_at=None, closed_at=None).order_by("opened_at", "pk")
    found = rows.select_related("product", "client", "branch", "rating")
    return [
        client_line(order, user, now) for order in found.prefetch_related("milestones", Prefetch("requests", asked))
    ]


def _below(rows: OrderQuerySet, after: str) -> OrderQuerySet:
    last = rows.filter(number=after).values_list("submitted_at", "pk").first() if after else None
    if last is None:
        return rows
    return rows.filter(Q(submitted_at__lt=last[0]) | Q(submitted_at=last[0], pk__lt=last[1]))


def _to_do(row: ClientRequest) -> ToDo:
    fields = row.form.get("properties", {}).values()
    return ToDo(
        public_id=row.public_id,
        number=row.order.number or "",
        product=row.order.product.name,
        client=name_of(row.order.client),
        title=row.title,
        wants_document=any(field.get("x-tl", {}).get("widget") == "document" for field in fields),
        promised_at=row.order.promised_at,
    )
