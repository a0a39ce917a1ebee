"""Reads of statements and of our own records beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from integrations.models import Connector, OutboxCall
from integrations.queries import confirmed_between, confirmed_under
from orders.money import Money
from reconciliation.models import Line, Statement
from reconciliation.rules import Record


def custodians() -> list[Connector]:
    """Connected systems that send a statement each working day."""
    return [row for row in Connector.objects.order_by("code") if row.settings.get("statement")]


def last_expected(connector: Connector) -> Statement | None:
    """The newest statement that was waited for."""
    return connector.statements.exclude(expected_at=None).order_by("-day").first()


def own_records(connector: Connector, since: datetime, until: datetime) -> list[Record]:
    """What we know the custodian to have confirmed in a time, of what its statements list: one statement."""
    calls = confirmed_between(connector, since, until).filter(operation__in=_listed(connector))
    return [record_of(call) for call in calls]


def own_records_under(connector: Connector, references: Collection[str]) -> dict[str, Record]:
    """The same of any time by the custodian's references: one statement."""
    return {call.reference: record_of(call) for call in confirmed_under(connector, references)}


def listed_on_other_days(statement: Statement, references: Collection[str]) -> set[str]:
    """References that other statements of the custodian list as well: one statement."""
    lines: QuerySet[Line] = Line.objects.filter(
        statement__connector=statement.connector_id, reference__in=references
    ).exclude(statement=statement)
    return set(lines.values_list("reference", flat=True))


def lines_of(statement: Statement) -> list[Record]:
    """The lines of a statement in their order: one statement."""
    return [
        Record(line.reference, line.order_number, line.operation, line.amount_minor, line.currency)
        for line in statement.lines.order_by("position")
    ]


def record_of(call: OutboxCall) -> Record:
    """What we asked the custodian for and it confirmed: the amount is the one that we sent."""
    money = _amount(call.payload.get("variables", {}).get("amount"))
    minor, currency = (money.minor, money.currency) if money else (None, "")
    return Record(call.reference, str(call.order.number), call.operation, minor, currency)


def _amount(value: Any) -> Money | None:
    return Money.of(value["amount"], value["currency"]) if isinstance(value, dict) and "currency" in value else None


def _listed(connector: Connector) -> Iterable[str]:
    return connector.settings["statement"]["operations"]
