"""Where a process spends its time: stays of its tokens by node, and the orders behind a number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from orders.models import Order
from processes.models import Instance, Passage, ProcessModel

OPEN = (Instance.Status.RUNNING, Instance.Status.ERROR)
PAGE = 50
NOTHING: tuple[int, float | None] = (0, None)


@dataclass(frozen=True)
class NodeHeat:
    """One node in a period. stays: how many ended in it; median: of their seconds, None without any.

    standing: how many tokens stand there now.
    """

    stays: int = 0
    median: float | None = None
    standing: int = 0


@dataclass(frozen=True)
class Stay:
    """One stay of an order at a node; seconds: None while it lasts."""

    key: int
    order: Order
    entered_at: datetime
    left_at: datetime | None
    seconds: int | None


def heat(model: ProcessModel, since: datetime, until: datetime) -> dict[str, NodeHeat]:
    """Figures by node id over all versions of a model, for stays that ended in [since, until). Two statements."""
    standing = Passage.objects.filter(version__model=model, left_at=None, instance__status__in=OPEN)
    now = dict(standing.order_by().values_list("node").annotate(Count("pk")))
    medians = _medians(_ended(model, since, until))
    nodes = sorted({*medians, *now})
    return {node: NodeHeat(*(medians.get(node) or NOTHING), now.get(node, 0)) for node in nodes}


def stays_at(
    user: Any, model: ProcessModel, node: str, since: datetime, until: datetime, before: int | None = None
) -> list[Stay]:
    """Stays at a node of orders that the user may see: those that last, and those that ended in [since, until).

    At most a page and one more (so there is a next page), latest first. before: the key of the last one shown.
    Two statements.
    """
    lasting = Q(left_at=None, instance__status__in=OPEN)
    found = Passage.objects.filter(lasting | Q(left_at__gte=since, left_at__lt=until), version__model=model, node=node)
    seen = found.filter(order__in=Order.objects.visible_to(user).values("public_id"))
    rows = list((seen if before is None else seen.filter(pk__lt=before)).order_by("-pk")[: PAGE + 1])
    orders = _orders(passage.order for passage in rows if passage.order)
    return [
        Stay(row.pk, orders[row.order], row.entered_at, row.left_at, row.seconds) for row in rows if row.order in orders
    ]


def _ended(model: ProcessModel, since: datetime, until: datetime) -> QuerySet[Passage]:
    return Passage.objects.filter(version__model=model, left_at__gte=since, left_at__lt=until)


def _medians(stays: QuerySet[Passage]) -> dict[str, tuple[int, float]]:
    by_node = [F("node")]
    ranked = stays.annotate(
        place=Window(RowNumber(), partition_by=by_node, order_by=[F("seconds"), F("pk")]),
        stays=Window(Count("pk"), partition_by=by_node),
    )
    middle = ranked.filter(Q(place=(F("stays") + 1) / 2) | Q(place=(F("stays") + 2) / 2))
    found: dict[str, tuple[int, list[int]]] = {}
    for node, count, seconds in middle.order_by().values_list("node", "stays", "seconds"):
        found.setdefault(node, (count, []))[1].append(seconds or 0)
    return {node: (count, sum(seconds) / len(seconds)) for node, (count, seconds) in found.items()}


def _orders(refs: Iterable[UUID]) -> dict[UUID, Order]:
    found = Order.objects.filter(public_id__in=set(refs)).select_related("product", "client").defer("answers")
    return {order.public_id: order for order in found}
