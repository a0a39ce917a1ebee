"""Facts about an order for an approval matrix.

| fact | what it is |
| --- | --- |
| the order form's own fields | as answered: `transfer`, `task`, `destination` (`own`, `third_party`), `method` |
| `amount` | of the order, in the table's currency; another currency is refused, never converted |
| `amount_last_day`, `amount_last_week` | with what the client sent to the same beneficiary before: see `payments` |
| `client_age` | completed years on the day at the branch on which the matrix is asked; none for a company |
| `client_tier`, `product` | of the order |
| `instruction_source` | `client`, `advisor` or `staff`: see `orders.facts` |
| `days_since_advisor_change` | days since the client's advisor took over |
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from accounts.models import Client
from approvals.payments import Payment, payments, summed
from approvals.rules import AMOUNTS, matrix_facts
from orders.facts import days_since_advisor_change, instruction_source
from orders.models import Order
from processes.evaluate import value_of
from rulebook.tables import DecisionTable, FactError

SOURCE = "instruction_source"


def facts_of(
    order: Order,
    table: DecisionTable,
    variables: Mapping[str, Any],
    now: datetime,
    only: Collection[str] | None = None,
    sent: Mapping[int, Iterable[Payment]] | None = None,
) -> dict[str, Any]:
    """Typed facts that the table asks for, from the order's answers and its client, on the branch's own day.

    only: the columns whose facts are wanted, where not all are. sent: what `payments` gave, where it was read before.
    Raises FactError: for an amount in another currency than the table's, and for a person whose age the table asks
    for but whose birth date nobody recorded, since a rule that protects by age must not be passed over silently.
    """
    columns = table.columns if only is None else set(only)
    known = known_facts(order, variables, order.branch.day(now))
    if "client_age" in columns:
        known["client_birth_date"] = _birth_date(order.client)
    if "amount" in columns:
        known |= sums(order, now) if sent is None else summed(order, sent, now)
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
    """The sums of a day and a week, as `payments.summed` says what counts: one statement; decimal texts."""
    if order.amount_minor is None:
        return {}
    return summed(order, payments([order], now), now)


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
