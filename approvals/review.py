"""The review package of a payment to somebody else, in the four parts that a compliance reviewer needs.

Identity of the client, the relationship to the recipient, the source of the instruction, and recent activity that may
mean exploitation. Source: worked example 1 of the seed. Reads only; what it finds is worth a look, never a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from approvals.beneficiaries import paying_alike
from approvals.facts import sums
from approvals.payments import OUT
from approvals.rules import age_on
from orders.facts import days_since_advisor_change, instruction_source
from orders.models import Order, State
from work.models import WorkItem

THIRD_PARTY = "third_party"
RECENT = timedelta(days=90)
JUST_CHANGED = 30  # days within which changed details of the client, or another advisor, are worth a look
SENIOR_AGE = 65
MANY_PAYMENTS = 3  # in a week
MOST_READ, MOST_SHOWN = 200, 12
LARGER_THAN_USUAL = 2  # times the largest of the recent ones


@dataclass(frozen=True)
class Identity:
    """How we know that it is the client. on_order: the step of this order that says how; on_file: the last full check.

    age: completed years, None for a company or where the birth date is not recorded.
    """

    age: int | None
    has_birth_date: bool
    on_order: WorkItem | None
    on_file: WorkItem | None


@dataclass(frozen=True)
class Relationship:
    """Who receives it and why, as the form says. before: earlier payments to them, and when the first was placed."""

    name: str
    relationship: str
    reason: str
    account: str
    before: int
    first_at: datetime | None


@dataclass(frozen=True)
class Source:
    """Where the instruction came from. kind: `client`, `advisor` or `staff`."""

    kind: str
    days_since_advisor_change: int | None


@dataclass(frozen=True)
class Activity:
    """What the client did lately. orders: the newest that the reader may see; hidden: how many more there are."""

    orders: list[Order]
    hidden: int
    sums: dict[str, str]


@dataclass(frozen=True)
class Review:
    """The package. signs: codes of what is worth a look, in a fixed order."""

    identity: Identity
    relationship: Relationship
    source: Source
    activity: Activity
    signs: tuple[str, ...]


def wants_review(order: Order) -> bool:
    """Whether an order pays somebody else, so that its decision needs the package."""
    return order.answers.get("destination") == THIRD_PARTY


def review(order: Order, user: Any, now: datetime) -> Review:
    """The package of an order for a reader: seven statements, whatever the client ordered."""
    recent = list(_recent(order, now))
    seen = set(Order.objects.visible_to(user).filter(pk__in=[each.pk for each in recent]).values_list("pk", flat=True))
    shown = [each for each in recent if each.pk in seen][:MOST_SHOWN]
    parts = _identity(order, now), _relationship(order), Source(instruction_source(order), _since(order, now))
    activity = Activity(shown, len(recent) - len(shown), sums(order, now))
    return Review(*parts, activity, signs=(*_of_person(*parts), *_of_money(order, recent, now)))


def _since(order: Order, now: datetime) -> int | None:
    return days_since_advisor_change(order, order.branch.day(now))


def _recent(order: Order, now: datetime) -> QuerySet[Order]:
    rows = Order.objects.filter(client_id=order.client_id, submitted_at__gt=now - RECENT, submitted_at__lte=now)
    return rows.exclude(pk=order.pk).select_related("product").order_by("-submitted_at", "-pk")[:MOST_READ]


def _identity(order: Order, now: datetime) -> Identity:
    born, today = order.client.birth_date, order.branch.day(now)
    done = WorkItem.objects.filter(client_id=order.client_id, ended_at__lte=now).exclude(completed_by=None)
    done = done.select_related("completed_by", "order__product").order_by("-ended_at", "-pk")
    return Identity(
        age=age_on(born, today) if born and born <= today else None,  # a birth to come is a slip of the record
        has_birth_date=born is not None or order.client.kind != order.client.Kind.PERSON,
        on_order=done.filter(order=order, result__has_key="identity_verified_by").first(),
        on_file=done.filter(result__identity_check="confirmed").first(),
    )


def _relationship(order: Order) -> Relationship:
    said = {name: str(order.answers.get(name) or "") for name in ("recipient_name", "recipient_relationship")}
    earlier = Order.objects.filter(client_id=order.client_id, submitted_at__lt=order.submitted_at)
    before = [at for (at,) in paying_alike(order, earlier.exclude(state__in=OUT), "submitted_at")]
    return Relationship(
        name=said["recipient_name"],
        relationship=said["recipient_relationship"],
        reason=str(order.answers.get("recipient_reason") or ""),
        account=str(order.answers.get("receiving_account") or ""),
        before=len(before),
        first_at=min(before, default=None),
    )


def _of_person(identity: Identity, relationship: Relationship, source: Source) -> Iterator[str]:
    if _verified_by(identity) in (None, "not_verified"):
        yield "identity_not_verified"
    if not identity.has_birth_date:
        yield "birth_date_unknown"
    if identity.age is not None and identity.age >= SENIOR_AGE:
        yield "senior"
    if not relationship.before:
        yield "first_payment"
    if source.kind != "client":
        yield "advisor_initiated" if source.kind == "advisor" else "source_unknown"
    if source.days_since_advisor_change is not None and source.days_since_advisor_change <= JUST_CHANGED:
        yield "advisor_changed"


def _of_money(order: Order, recent: list[Order], now: datetime) -> Iterator[str]:
    kept = [each for each in recent if each.state not in OUT]
    paid = [each for each in kept if each.amount_minor is not None and each.currency == order.currency]
    if any(_changes_details(each) and _is_within(JUST_CHANGED, each, now) for each in kept):
        yield "details_changed"
    if sum(_is_within(7, each, now) for each in paid) + 1 >= MANY_PAYMENTS:
        yield "many_payments"
    largest = max((each.amount_minor or 0 for each in paid), default=0)
    if largest and (order.amount_minor or 0) > LARGER_THAN_USUAL * largest:
        yield "larger_than_usual"
    if any(each.state == State.REJECTED for each in recent):
        yield "rejected_before"


def _verified_by(identity: Identity) -> str | None:
    return ((identity.on_order and identity.on_order.result) or {}).get("identity_verified_by")


def _is_within(days: int, order: Order, now: datetime) -> bool:
    return order.submitted_at is not None and order.submitted_at > now - timedelta(days=days)


def _changes_details(order: Order) -> bool:
    return order.product.family == "maintenance" and order.amount_minor is None
