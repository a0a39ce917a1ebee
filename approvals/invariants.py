"""What must always hold for approvals: distinct people, none the maker or acting for the maker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby

from approvals.models import Request
from audit.invariants import Checked, bare, checked, count, member, select
from audit.walks import life, steps, walk

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


def steps_follow_from_entries() -> Checked:
    """I2: each step of an approval and of its tiers is legal and on record once; the decisions are those on record."""
    rows = {bare(ref): state for ref, state in select("SELECT public_id, state FROM approvals_request")}
    taken = ((bare(ref), fact) for ref, fact in steps(LIFE))
    found: dict[str, list[str]] = {**walk(LIFE, taken, rows)}
    said = list(_tiers())
    decided = {(ref, tier, what) for ref, tier, what in said if what != "opened"}
    sql = (
        "SELECT r.public_id, t.number, d.choice FROM approvals_decision d JOIN approvals_tier t ON t.id = d.tier_id "
        "JOIN approvals_request r ON r.id = d.request_id"
    )
    kept = {(bare(ref), tier, CHOICES[choice]) for ref, tier, choice in select(sql)}
    found["a decision and its entry do not come in pairs"] = sorted(ref for ref, *_what in decided ^ kept)
    found["a tier was opened or decided out of turn"] = list(_out_of_turn(said))
    return checked("I2", len(rows) + len(kept), found)


def _tiers() -> Iterator[tuple[str, int, str]]:
    """(request, tier, what happened to it) of every entry about a tier, request by request and in order."""
    sql = (
        f"SELECT subject, {member('data', 'tier')}, fact FROM audit_entry "  # noqa: S608
        f"WHERE fact IN ('approvals.tier.opened', {FACTS}) ORDER BY subject, id"
    )
    for subject, tier, fact in select(sql):
        yield bare(subject.partition(":")[2]), int(tier), fact.rpartition(".")[2]


def _out_of_turn(said: list[tuple[str, int, str]]) -> Iterator[str]:
    """A tier is opened, then decided, then a higher one is opened; after a no or a question there is none."""
    for ref, entries in groupby(said, key=lambda entry: entry[0]):
        tier, open_now, over = 0, False, False
        for _ref, number, what in entries:
            fits = not open_now and not over and number > tier if what == "opened" else open_now and number == tier
            if not fits:
                yield ref
                break
            tier, open_now, over = number, what == "opened", what in ("rejected", "returned")


def _by_entries() -> list[str]:
    makers = {bare(ref): f"user:{maker}" for ref, maker in select("SELECT public_id, maker_id FROM approvals_request")}
    people: dict[str, list[str]] = defaultdict(list)
    sql = f"SELECT subject, actor, on_behalf_of FROM audit_entry WHERE fact IN ({FACTS})"  # noqa: S608
    for subject, actor, behalf in select(sql):
        people[bare(subject.partition(":")[2])] += [actor, *([behalf] if behalf else [])]
    return [ref for ref, names in people.items() if len(set(names)) < len(names) or makers.get(ref) in names]
