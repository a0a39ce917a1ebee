"""What must always hold for quotas."""

from __future__ import annotations

from itertools import groupby

from audit.invariants import Checked, checked, count, select


def no_quota_is_oversold() -> Checked:
    """I5: at no moment are more places of a slot held than it has; its count is that of its holds."""
    over = "SELECT id FROM catalog_slot WHERE taken > capacity OR taken < 0"
    differs = (
        "SELECT s.id FROM catalog_slot s LEFT JOIN catalog_hold h ON h.slot_id = s.id AND h.released_at IS NULL "
        "GROUP BY s.id, s.taken HAVING COUNT(h.id) <> s.taken"
    )
    twice = "SELECT order_ref FROM catalog_hold WHERE released_at IS NULL GROUP BY order_ref HAVING COUNT(*) > 1"
    found = {
        "a slot has more places taken than it has": [row[0] for row in select(over)],
        "a slot's count differs from its holds": [row[0] for row in select(differs)],
        "an order holds more than one place": [row[0] for row in select(twice)],
        "a slot was oversold at some moment": _ever_oversold(),
    }
    return checked("I5", count("catalog_slot"), found)


def _ever_oversold() -> list[int]:
    sql = (
        "SELECT h.slot_id, s.capacity, h.taken_at AS moment, 1 AS change FROM catalog_hold h "
        "JOIN catalog_slot s ON s.id = h.slot_id UNION ALL "
        "SELECT h.slot_id, s.capacity, h.released_at, -1 FROM catalog_hold h "
        "JOIN catalog_slot s ON s.id = h.slot_id WHERE h.released_at IS NOT NULL ORDER BY 1, 3, 4"
    )
    bad = []
    for slot, moves in groupby(select(sql), key=lambda move: move[0]):
        held, most, capacity = 0, 0, 0
        for _slot, capacity, _moment, change in moves:  # noqa: B007 - the last capacity is the slot's
            held += change
            most = max(most, held)
        if most > capacity:
            bad.append(slot)
    return bad
