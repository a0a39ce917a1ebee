"""How grave a break is: a decision table of the rulebook says so."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from reconciliation.models import Break
from rulebook.models import TableVersion
from rulebook.queries import in_force, table_of
from rulebook.tables import decide

TABLE = "break_severity"


def severity_of(found: Break, at: datetime) -> str:
    """The severity of a break by the table in force; critical where the firm has none."""
    try:
        table = table_of(in_force(TABLE, at))
    except TableVersion.DoesNotExist:
        return Break.Severity.CRITICAL
    money = found.at_stake
    facts = {"break_kind": str(found.kind), "amount": money.amount if money else Decimal(0)}
    return str(decide(table, facts).outputs[0]["severity"])
