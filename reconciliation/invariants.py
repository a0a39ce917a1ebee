"""What must always hold for reconciliation: each break follows from one entry and has one order at most."""

from __future__ import annotations

from collections import Counter

from audit.invariants import Checked, bare, checked, select

UNCOMPARED = """
    SELECT s.id FROM reconciliation_statement s WHERE s.compared_at IS NULL AND EXISTS (
        SELECT 1 FROM reconciliation_break b WHERE b.statement_id = s.id AND b.kind <> 'no_statement')
"""
FOREIGN = """
    SELECT b.id FROM reconciliation_break b JOIN orders_order o ON o.id = b.order_id
    JOIN accounts_client c ON c.id = o.client_id WHERE c.kind <> 'house'
"""


def breaks_follow_from_entries() -> Checked:
    """I9: a break follows from one entry, its order from another; it is the firm's own, and compared is what broke."""
    facts: Counter[tuple[str, str]] = Counter()
    for subject, fact in select("SELECT subject, fact FROM audit_entry WHERE subject LIKE 'reconciliation.break:%%'"):
        facts[bare(subject.partition(":")[2]), fact.rpartition(".")[2]] += 1
    rows = [(bare(ref), order) for ref, order in select("SELECT public_id, order_id FROM reconciliation_break")]
    refs = {ref for ref, _order in rows}
    found = {
        "a break follows from no entry, or from two": [ref for ref, _order in rows if facts[ref, "found"] != 1],
        "a break has an order without an entry, or an entry without an order": [
            ref for ref, order in rows if facts[ref, "opened"] != (order is not None)
        ],
        "an entry speaks of a break that does not exist": {ref for ref, _fact in facts if ref not in refs},
        "a statement has breaks and was not compared": [pk for (pk,) in select(UNCOMPARED)],
        "the order of a break is a client's": [pk for (pk,) in select(FOREIGN)],
    }
    return checked("I9", len(rows), found)
