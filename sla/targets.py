"""Which targets the rulebook sets for an order or a node, and who is told when one is at risk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from rulebook.models import TableVersion
from rulebook.queries import in_force, table_of
from rulebook.tables import DecisionTable, FactError, NoRule, decide

TARGETS, ESCALATION = "sla_targets", "sla_escalation"
TURNS = ("yellow", "red", "breached")
ORDER = "order"


@dataclass(frozen=True)
class TargetRow:
    """One target from the table. limit: what the regulation in force allows, where the firm's target is another."""

    target: str
    calendar: str
    cutoff: time | None
    cadence: str
    regulatory: bool
    limit: str = ""


@dataclass(frozen=True)
class EscalationRow:
    """Who is told at a band: a tier, a role ("holder" is who has the item) and what they are asked.

    interval: the business time (`PT2H`, `1bd`) after which the next tier is told if nobody acts; "" for none.
    """

    tier: int
    to: str
    says: str
    interval: str


@dataclass(frozen=True)
class Ladder:
    """The escalation table in force, for one kind of clock and client."""

    table: DecisionTable | None
    regulatory: bool
    client_tier: str

    def rows(self, band: str, *, actively_worked: bool) -> list[EscalationRow]:
        """Who is told when a clock turns into a band, the lowest tier first."""
        if self.table is None:
            return []
        facts = {
            "band": band,
            "actively_worked": actively_worked,
            "regulatory": self.regulatory,
            "client_tier": self.client_tier,
        }
        rows = [_escalation(row) for row in decide(self.table, facts).outputs]
        return sorted((row for row in rows if row.to), key=lambda row: row.tier)

    def next_above(self, tier: int, band: str) -> EscalationRow | None:
        """The next tier that this band or a worse one tells of work that nobody does; None at the top."""
        higher = [row for row in self._rows_of(_and_worse(band)) if row.tier > tier]
        return min(higher, key=lambda row: row.tier, default=None)

    def interval_of(self, tier: int, band: str) -> str:
        """How long a tier has before the next one is told; "" for as long as it takes."""
        bands = [*_and_worse(band), *reversed(TURNS)]
        return next((row.interval for row in self._rows_of(bands) if row.tier == tier), "")

    def _rows_of(self, bands: Sequence[str]) -> Iterator[EscalationRow]:
        return (row for band in bands for row in self.rows(band, actively_worked=False))


def target_for(product: str, node: str, client_tier: str, at: datetime) -> TargetRow | None:
    """The target for an order (`node` is "order") or a node; None when the firm set none."""
    table = _table(TARGETS, at)
    if table is None:
        return None
    return _target(table, product, node, client_tier)


def ladder(client_tier: str, *, regulatory: bool, at: datetime) -> Ladder:
    """Who is told of a clock as it ages: one statement."""
    return Ladder(_table(ESCALATION, at), regulatory, client_tier)


def _and_worse(band: str) -> Sequence[str]:
    return TURNS[TURNS.index(band) :] if band in TURNS else TURNS


def _escalation(row: Mapping[str, Any]) -> EscalationRow:
    return EscalationRow(int(row["tier"]), row["to"] or "", row["says"] or "", row.get("interval") or "")


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
        limit=row.get("limit") or "",
    )
