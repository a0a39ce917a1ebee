"""Facts about an order for an approval matrix."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from approvals.rules import matrix_facts
from orders.models import Order
from processes.evaluate import value_of
from rulebook.tables import DecisionTable


def facts_of(order: Order, table: DecisionTable, variables: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Typed facts that the table asks for, from the order's answers and its client, on the branch's own day.

    Raises FactError, also for an amount in another currency than the table's.
    """
    day = now.astimezone(ZoneInfo(order.branch.timezone)).date()
    client = order.client
    since = (day - client.advisor_since).days if client.advisor_since else None
    known: dict[str, Any] = {
        **{name: _plain(value) for name, value in variables.items()},
        "product": order.product.code,
        "client_tier": client.tier,
        "on": day.isoformat(),
        "currency": order.currency or None,
    }
    if client.birth_date:
        known["client_birth_date"] = client.birth_date.isoformat()
    if since is not None:
        known["days_since_advisor_change"] = since
    asked = {column.name for column in table.inputs} | {"client_birth_date", "on", "currency"}
    return matrix_facts(table, {name: value for name, value in known.items() if name in asked and value is not None})


def _plain(value: Any) -> Any:
    number = value_of(value)
    return str(number) if isinstance(value, Mapping) and not isinstance(number, dict) else value
