"""Which targets the rulebook sets for an order or a node, and who is told when one is at risk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from orders.models import Order
from rulebook.models import TableVersion
from rulebook.queries import in_force, table_of
from rulebook.tables import DecisionTable, FactError, NoRule, decide

TARGETS, ESCALATION = "sla_targets", "sla_escalation"
ORDER = "order"


@dataclass(frozen=True)
class TargetRow:
    """One target from the table."""

    target: str
    calendar: str
    cutoff: time | None
    cadence: str
    regulatory: bool


@dataclass(frozen=True)
class EscalationRow:
    """Who is told at a band: a tier, a role ("holder" is who has the item) and what they are asked."""

    tier: int
    to: str
    says: str


def target_for(product: str, node: str, client_tier: str, at: datetime) -> TargetRow | None:
    """The target for an order (`node` is "order") or a node; None when the firm set none."""
    table = _table(TARGETS, at)
    if table is None:
        return None
    return _target(table, product, node, client_tier)


def escalations_for(
    band: str, *, actively_worked: bool, regulatory: bool, order: Order, at: datetime
) -> list[EscalationRow]:
    """Who is told when a clock turns into a band, the lowest tier first."""
    table = _table(ESCALATION, at)
    if table is None:
        return []
    facts = {
        "band": band,
        "actively_worked": actively_worked,
        "regulatory": regulatory,
        "client_tier": order.client.tier,
    }
    rows = [EscalationRow(int(row["tier"]), row["to"] or "", row["says"] or "") for row in decide(table, facts).outputs]
    return sorted((row for row in rows if row.to), key=lambda row: row.tier)


def _table(key: str, at: datetime) -> DecisionTable | None:
    try:
        return table_of(in_force(key, at))
    except TableVersion.DoesNotExist:
        return None


def _target(table: DecisionTable, product: str, node: str, client_tier: str) -> TargetRow | None:
    try:
        decided = decide(table, {"product": product, "node": node, "client_tier": client_tier})
    except (NoRule, FactError):  # no row, or a product that the table has not been told of yet
        return None
    row = decided.outputs[0]
    if not row.get("target"):
        return None
    return TargetRow(
        target=row["target"],
        calendar=row["calendar"],
        cutoff=time.fromisoformat(row["cutoff"]) if row.get("cutoff") else None,
        cadence=row.get("cadence") or "",
        regulatory=bool(row.get("regulatory")),
    )
