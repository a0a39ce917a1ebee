"""What clients sent to whom, and what of it counts towards the sums that a matrix looks at: seed decision 20."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.fields.json import KT

from approvals.beneficiaries import NAMED_BY, is_alike, named
from orders.models import Order, State
from orders.money import Money

OUT = (State.REJECTED, State.CANCELLED)  # what was not and will not be paid
SUMS = {"amount_last_day": timedelta(days=1), "amount_last_week": timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class Payment:
    """An order that sends money. to: account and name as they are compared; out_at: since when it will not be paid."""

    product: int
    currency: str
    at: datetime
    minor: int
    out_at: datetime | None
    to: tuple[str, ...]


def payments(orders: Collection[Order], until: datetime) -> dict[int, list[Payment]]:
    """By client what was placed until an instant and can count towards the sums of some orders: one statement."""
    placed = [order.submitted_at for order in orders if order.submitted_at is not None]
    since = min(placed, default=until) - max(SUMS.values())
    near = Order.objects.filter(client_id__in={order.client_id for order in orders}).exclude(amount_minor=None)
    near = near.filter(submitted_at__gt=since, submitted_at__lte=until)
    texts = {f"paid_{name}": KT(f"answers__{name}") for name in NAMED_BY}
    own = ("client_id", "product_id", "currency", "submitted_at", "amount_minor", "state", "ended_at")
    found: dict[int, list[Payment]] = {}
    for client, product, currency, at, minor, state, ended, *to in near.annotate(**texts).values_list(*own, *texts):
        out_at = ended if state in OUT else None
        payment = Payment(product, currency, at, minor, out_at, named(dict(zip(NAMED_BY, to, strict=True))))
        found.setdefault(client, []).append(payment)
    return found


def summed(order: Order, sent: Mapping[int, Iterable[Payment]], now: datetime) -> dict[str, str]:
    """What the client sends to the same beneficiary, this order included, in its day and its week; decimal texts.

    Counted are orders in the same currency placed since so long before this one, that were not rejected or called
    off by now; the beneficiary is the same where the receiving account or the recipient's name is, however it was
    typed. Where an order names none, orders of the same product count.
    """
    if order.amount_minor is None or order.submitted_at is None:
        return {}
    own, since = named(order.answers), order.submitted_at - max(SUMS.values())
    counted = [
        each
        for each in sent.get(order.client_id, ())
        if since < each.at <= now
        and each.currency == order.currency
        and (each.out_at is None or each.out_at > now)
        and (is_alike(own, each.to) if any(own) else each.product == order.product_id)
    ]
    found = {
        name: [each.minor for each in counted if each.at > order.submitted_at - span] for name, span in SUMS.items()
    }
    return {name: str(Money(sum(each), order.currency).amount) for name, each in found.items() if each}
