"""What must always hold for clocks: each escalation and each breach once, with its entry."""

from __future__ import annotations

from collections import Counter

from audit.invariants import Checked, checked, count, select

ESCALATED, BREACHED = "sla.escalation.raised", "sla.clock.breached"


def each_escalation_once() -> Checked:
    """I7: each escalation exactly once per clock and tier, never before its clock started, each with its entry."""
    twice = "SELECT clock_id, tier FROM sla_escalation GROUP BY clock_id, tier HAVING COUNT(*) > 1"
    early = "SELECT e.id FROM sla_escalation e JOIN sla_clock c ON c.id = e.clock_id WHERE e.happened_at < c.started_at"
    unbroken = (
        "SELECT c.id FROM sla_clock c LEFT JOIN sla_breach b ON b.clock_id = c.id "
        "WHERE (c.state = 'breached') <> (b.id IS NOT NULL)"
    )
    raised = [int(row[0].rpartition(":")[2]) for row in select(_subjects(ESCALATED))]
    rows = {row[0] for row in select("SELECT id FROM sla_escalation")}
    breached = [int(row[0].rpartition(":")[2]) for row in select(_subjects(BREACHED))]
    clocks = {row[0] for row in select("SELECT clock_id FROM sla_breach")}
    found = {
        "a tier of a clock was told more than once": [f"clock {clock} tier {tier}" for clock, tier in select(twice)],
        "an escalation is older than its clock": [row[0] for row in select(early)],
        "an escalation and its entry do not come in pairs": _unpaired(rows, raised),
        "a breached clock and its breach do not come in pairs": [row[0] for row in select(unbroken)],
        "a breach and its entry do not come in pairs": _unpaired(clocks, breached),
    }
    return checked("I7", count("sla_escalation") + count("sla_breach"), found)


def _subjects(fact: str) -> str:
    return f"SELECT subject FROM audit_entry WHERE fact = '{fact}'"  # noqa: S608 - a constant of this file


def _unpaired(rows: set[int], entries: list[int]) -> list[int]:
    doubled = {number for number, times in Counter(entries).items() if times > 1}
    return sorted(rows ^ set(entries) | doubled)
