"""What must always hold for approvals: distinct people, none the maker or acting for the maker."""

from __future__ import annotations

from collections import defaultdict

from audit.invariants import Checked, bare, checked, count, select

FACTS = "'approvals.tier.approved', 'approvals.tier.rejected', 'approvals.tier.returned'"


def approvers_are_distinct() -> Checked:
    """I11: no maker decides, nobody decides two tiers or on the maker's behalf; every tier of an approval said yes."""
    maker = (
        "SELECT d.id FROM approvals_decision d JOIN approvals_request r ON r.id = d.request_id "
        "WHERE d.by_id = r.maker_id OR d.by_id = d.maker_id"
    )
    twice = "SELECT request_id FROM approvals_decision GROUP BY request_id, by_id HAVING COUNT(*) > 1"
    unsigned = (
        "SELECT r.id FROM approvals_request r JOIN approvals_tier t ON t.request_id = r.id "
        "LEFT JOIN approvals_decision d ON d.tier_id = t.id AND d.choice = 'approve' "
        "WHERE r.state = 'approved' AND d.id IS NULL"
    )
    found = {
        "a maker decided on their own work": [row[0] for row in select(maker)],
        "somebody decided more than one tier of a request": [row[0] for row in select(twice)],
        "a request is approved though a tier did not approve": [row[0] for row in select(unsigned)],
        "entries say that one person, or the maker, decided twice": _by_entries(),
    }
    return checked("I11", count("approvals_decision"), found)


def _by_entries() -> list[str]:
    makers = {bare(ref): f"user:{maker}" for ref, maker in select("SELECT public_id, maker_id FROM approvals_request")}
    people: dict[str, list[str]] = defaultdict(list)
    sql = f"SELECT subject, actor, on_behalf_of FROM audit_entry WHERE fact IN ({FACTS})"  # noqa: S608
    for subject, actor, behalf in select(sql):
        people[bare(subject.partition(":")[2])] += [actor, *([behalf] if behalf else [])]
    return [ref for ref, names in people.items() if len(set(names)) < len(names) or makers.get(ref) in names]
