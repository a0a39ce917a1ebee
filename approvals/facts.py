"""Facts about an order for an approval matrix.

| fact | what it is |
| --- | --- |
| the order form's own fields | as answered: `transfer`, `task`, `destination` (`own`, `third_party`), `method` |
| `amount` | of the order, in the table's currency; another currency is refused, never converted |
| `amount_last_day`, `amount_last_week` | with what the client sent to the same beneficiary before: see `sums` |
| `client_age` | completed years on the day at the branch on which the matrix is asked; none for a company |
| `client_tier`, `product` | of the order |
| `instruction_source` | `client`, `advisor` or `staff`: see `orders.facts` |
| `days_since_advisor_change` | days since the client's advisor took over |
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Client
from approvals.beneficiaries import paying_alike
from approvals.rules import AMOUNTS, matrix_facts
from orders.facts import days_since_advisor_change, instruction_source
from orders.models import Order, State
from orders.money import Money
from processes.evaluate import value_of
from rulebook.tables import DecisionTable, FactError

OUT = (State.REJECTED, State.CANCELLED)  # what was not and will not be paid
SOURCE = "instruction_source"
SUMS = {"amount_last_day": timedelta(days=1), "amount_last_week": timedelta(days=7)}


def facts_of(order: Order, table: DecisionTable, variables: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Typed facts that the table asks for, from the order's answers and its client, on the branch's own day.

    Raises FactError: for an amount in another currency than the table's, and for a person whose age the table asks
    for but whose birth date nobody recorded, since a rule that protects by age must not be passed over silently.
    """
    columns = {column.name for column in table.inputs}
    known = known_facts(order, variables, order.branch.day(now))
    if "client_age" in columns:
        known["client_birth_date"] = _birth_date(order.client)
    if "amount" in columns:
        known |= sums(order, now)
    if SOURCE in columns:
        known[SOURCE] = instruction_source(order)
    asked = columns | {"client_birth_date", "on", "currency", *AMOUNTS}
    return matrix_facts(table, {name: value for name, value in known.items() if name in asked and value is not None})


def known_facts(order: Order, variables: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Raw facts that need no other rows than the order's with its product and client. day: at the branch."""
    known: dict[str, Any] = {
        **{name: _plain(value) for name, value in variables.items()},
        "product": order.product.code,
        "client_tier": order.client.tier,
        "on": day.isoformat(),
        "currency": _currency(order, variables),
    }
    return {**known, "days_since_advisor_change": days_since_advisor_change(order, day)}


def sums(order: Order, now: datetime) -> dict[str, str]:
    """What the client sends to the same beneficiary, this order included, in its day and its week: seed decision 20.

    Counted are orders in the same currency placed since so long before this one, that were not rejected or called
    off; the beneficiary is the same where the receiving account or the recipient's name is, however it was typed.
    Where an order names none, orders of the same product count. One statement; decimal texts.
    """
    if order.amount_minor is None or order.submitted_at is None:
        return {}
    counted = Order.objects.filter(client_id=order.client_id, currency=order.currency, submitted_at__lte=now)
    counted = counted.exclude(state__in=OUT)
    since = order.submitted_at - max(SUMS.values())
    paid = paying_alike(order, counted.filter(submitted_at__gt=since), "submitted_at", "amount_minor")
    found = {
        name: [minor for at, minor in paid if at > order.submitted_at - span and minor is not None]
        for name, span in SUMS.items()
    }
    return {name: str(Money(sum(each), order.currency).amount) for name, each in found.items() if each}


def _birth_date(client: Client) -> date | None:
    if client.kind == Client.Kind.PERSON and client.birth_date is None:
        raise FactError("client_birth_date", f"Expected the birth date of client {client.ref}, but it is not recorded.")
    return client.birth_date


def _currency(order: Order, variables: Mapping[str, Any]) -> str | None:
    amount = variables.get("amount")
    return amount.get("currency") if isinstance(amount, Mapping) else order.currency or None


def _plain(value: Any) -> Any:
    number = value_of(value)
    return str(number) if isinstance(value, Mapping) and not isinstance(number, dict) else value
