"""What must always hold for approvals: distinct people, none the maker or acting for the maker."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from approvals.models import Request
from audit.invariants import Checked, bare, checked, count, member, select
from audit.walks import life, steps, walk

Seat = tuple[int, int]  # number and seat of a tier
LIFE = life(
    "an approval",
    {
        "approvals.request.opened": "open",
        "approvals.request.approved": "approved",
        "approvals.request.rejected": "rejected",
        "approvals.request.returned": "returned",
        "approvals.request.void": "void",
    },
    Request,
)
CHOICES = {"approve": "approved", "reject": "rejected", "more_information": "returned"}
FACTS = "'approvals.tier.approved', 'approvals.tier.rejected', 'approvals.tier.returned'"

HANDS = "d.by_id, d.on_behalf_of_id"
SIGNED = (
    "SELECT d.id FROM approvals_decision d JOIN approvals_request r ON r.id = d.request_id "
    "JOIN orders_order o ON o.id = r.order_id WHERE 1 = 1"
)
WORKED = (
    "EXISTS (SELECT 1 FROM work_workitem w WHERE w.order_id = r.order_id AND w.kind = 'work' "
    "AND w.completed_by_id IN (d.by_id, d.on_behalf_of_id) AND w.ended_at < d.decided_at)"
)
TWICE = (
    "SELECT request_id FROM (SELECT request_id, by_id AS person FROM approvals_decision UNION ALL "
    "SELECT request_id, on_behalf_of_id FROM approvals_decision WHERE on_behalf_of_id IS NOT NULL UNION ALL "
    "SELECT t.request_id, c.by_id FROM approvals_tier t JOIN approvals_decision c ON c.id = t.carried_id UNION ALL "
    "SELECT t.request_id, c.on_behalf_of_id FROM approvals_tier t JOIN approvals_decision c ON c.id = t.carried_id "
    "WHERE c.on_behalf_of_id IS NOT NULL) hands "
    "GROUP BY request_id, person HAVING COUNT(*) > 1"
)
NOT_LENT = (
    "SELECT d.id FROM approvals_decision d WHERE d.on_behalf_of_id IS NOT NULL AND NOT EXISTS ("
    "SELECT 1 FROM accounts_delegation l WHERE l.delegator_id = d.on_behalf_of_id AND l.delegate_id = d.by_id "
    "AND l.begins_at <= d.decided_at AND l.ends_at > d.decided_at "
    "AND (l.revoked_at IS NULL OR l.revoked_at >= d.decided_at))"  # both may happen at one instant, the decision first
)
WITHOUT_PART = (
    "SELECT d.id FROM approvals_decision d WHERE NOT EXISTS (SELECT 1 FROM approvals_part p "
    "WHERE p.request_id = d.request_id AND p.user_id = d.by_id AND p.kind = 'signed') "
    "OR d.on_behalf_of_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_part p "
    "WHERE p.request_id = d.request_id AND p.user_id = d.on_behalf_of_id AND p.kind = 'lent')"
)
UNSIGNED = (
    "SELECT r.id FROM approvals_request r JOIN approvals_tier t ON t.request_id = r.id "
    "LEFT JOIN approvals_decision d ON d.tier_id = t.id AND d.choice = 'approve' "
    "WHERE r.state = 'approved' AND d.id IS NULL AND t.carried_id IS NULL AND t.removed_at IS NULL"
)
CARRIED = (
    "SELECT t.id FROM approvals_tier t JOIN approvals_decision d ON d.id = t.carried_id "
    "JOIN approvals_request r ON r.id = t.request_id JOIN approvals_request e ON e.id = d.request_id "
    "WHERE d.choice <> 'approve' OR d.taken_back_at IS NOT NULL OR e.order_id <> r.order_id OR e.node <> r.node"
)
ADVISED = (
    "SELECT d.id FROM approvals_decision d JOIN approvals_request r ON r.id = d.request_id "
    "JOIN work_workitem w ON w.order_id = r.order_id JOIN work_advice a ON a.item_id = w.id "
    "WHERE a.answered_at < d.decided_at AND a.asked_id IN (d.by_id, d.on_behalf_of_id)"
)
REPLACED = (
    "SELECT d.id FROM approvals_decision d JOIN approvals_tier t ON t.id = d.tier_id "
    "WHERE t.asked_id IS NOT NULL AND COALESCE(d.on_behalf_of_id, d.by_id) <> t.asked_id"
)
ATTESTED = (
    "SELECT d.id, t.rules, d.attested FROM approvals_decision d JOIN approvals_tier t ON t.id = d.tier_id "
    "WHERE d.choice = 'approve'"
)


def approvers_are_distinct() -> Checked:
    """I11: nobody who had a part decides, nobody decides twice, for others or through them; every tier said yes."""
    found: dict[str, list] = {
        "a maker decided on their own work, or somebody did it for them": _ids(f"{SIGNED} AND r.maker_id IN ({HANDS})"),
        "who placed the order decided on it, or somebody did it for them": _ids(
            f"{SIGNED} AND o.placed_by_id IN ({HANDS})"
        ),
        "somebody decided on what they had worked on before": _ids(f"{SIGNED} AND {WORKED}"),
        "somebody decided more than one tier of a request": _ids(TWICE),
        "a decision for somebody else was not covered by a delegation": _ids(NOT_LENT),
        "a decision and the parts that it gives do not come in pairs": _ids(WITHOUT_PART),
        "a request is approved though a tier did not approve": _ids(UNSIGNED),
        "a signature stands for a request that it was not given on": _ids(CARRIED),
        "somebody decided on what they had been asked for advice on": _ids(ADVISED),
        "somebody signed in place of one who was asked by name": _ids(REPLACED),
        "somebody approved without attesting a row of their tier": _unattested(),
        "entries say that one person, or the maker, decided twice": _by_entries(),
    }
    return checked("I11", count("approvals_decision"), found)


def steps_follow_from_entries() -> Checked:
    """I2: each step of an approval and of its tiers is legal and on record once; the decisions are those on record."""
    rows = {bare(ref): state for ref, state in select("SELECT public_id, state FROM approvals_request")}
    taken = ((bare(ref), fact) for ref, fact in steps(LIFE))
    found: dict[str, list[str]] = {**walk(LIFE, taken, rows)}
    said = list(_tiers())
    decided = {(ref, seat, what) for ref, seat, what in said if what in CHOICES.values()}
    sql = (
        "SELECT r.public_id, t.number, t.seat, d.choice FROM approvals_decision d "
        "JOIN approvals_tier t ON t.id = d.tier_id JOIN approvals_request r ON r.id = d.request_id"
    )
    kept = {(bare(ref), (tier, seat), CHOICES[choice]) for ref, tier, seat, choice in select(sql)}
    found["a decision and its entry do not come in pairs"] = sorted(ref for ref, *_what in decided ^ kept)
    found["a tier was opened or decided out of turn"] = list(_out_of_turn(said))
    return checked("I2", len(rows) + len(kept), found)


def _tiers() -> Iterator[tuple[str, Seat, str]]:
    """(request, seat, what happened to it) of every entry about a tier, request by request and in order."""
    sql = (
        f"SELECT subject, {member('data', 'tier')}, {member('data', 'seat')}, fact FROM audit_entry "  # noqa: S608
        f"WHERE fact IN ('approvals.tier.opened', 'approvals.signer.removed', {FACTS}) ORDER BY subject, id"
    )
    for subject, tier, seat, fact in select(sql):
        yield bare(subject.partition(":")[2]), (int(tier), int(seat or 1)), fact.rpartition(".")[2]


def _out_of_turn(said: list[tuple[str, Seat, str]]) -> Iterator[str]:
    """A seat is opened once every earlier stage is done, then decided or removed; after a no or a question none is."""
    stages = _stages()
    for ref, entries in groupby(said, key=lambda entry: entry[0]):
        seats, over = stages.get(ref, {}), False
        opened: set[Seat] = set()
        done: set[Seat] = set()
        for _ref, seat, what in entries:
            if what == "opened":
                before = {one for one, stage in seats.items() if stage < seats.get(seat, 0)}
                fits = seat in seats and seat not in opened and before <= done
            else:
                fits = seat in opened - done
            if over or not fits:
                yield ref
                break
            (opened if what == "opened" else done).add(seat)
            over = what in ("rejected", "returned")


def _stages() -> dict[str, dict[Seat, int]]:
    """The stage of each seat that was asked, by request; what was carried over is done before any opens."""
    found: dict[str, dict[Seat, int]] = defaultdict(dict)
    sql = (
        "SELECT r.public_id, t.number, t.seat, t.stage FROM approvals_tier t "
        "JOIN approvals_request r ON r.id = t.request_id WHERE t.carried_id IS NULL AND t.work_item_id IS NOT NULL"
    )
    for ref, number, seat, stage in select(sql):
        found[bare(ref)][number, seat] = stage
    return found


def _unattested() -> list[int]:
    return [pk for pk, rules, attested in select(ATTESTED) if set(_list(rules)) - set(_list(attested))]


def _list(value: Any) -> list[str]:
    """A list as the engine gives it: SQLite, and PostgreSQL without an adapter, as text."""
    return list(json.loads(value)) if isinstance(value, str) else list(value)


def _ids(sql: str) -> list[int]:
    return [row[0] for row in select(sql)]


def _by_entries() -> list[str]:
    makers = {bare(ref): f"user:{maker}" for ref, maker in select("SELECT public_id, maker_id FROM approvals_request")}
    people: dict[str, list[str]] = defaultdict(list)
    sql = f"SELECT subject, actor, on_behalf_of FROM audit_entry WHERE fact IN ({FACTS})"  # noqa: S608
    for subject, actor, behalf in select(sql):
        people[bare(subject.partition(":")[2])] += [actor, *([behalf] if behalf else [])]
    return [ref for ref, names in people.items() if len(set(names)) < len(names) or makers.get(ref) in names]
