"""What must always hold for work items: states that follow from the ledger, one holder, one completion."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from audit.invariants import Checked, bare, checked, legal_moves, member, select
from work.models import HELD, WorkItem

ILLEGAL = "a step of an item's state is not legal, or does not begin where the one before ended"
DIFFERS = "an item's row is not in the state, or not with the holder, of its last entry"
LOST = "an item's entries have no row"
TAKEN = "an item was claimed while somebody held it"
TWICE = "an item was completed more than once"


def states_follow_from_entries() -> Checked:
    """I2: each step of an item is legal and the last one equals the row."""
    rows = _rows()
    legal = legal_moves(WorkItem._meta.get_field("state"), WorkItem)
    found: dict[str, list[Any]] = {what: [] for what in (ILLEGAL, DIFFERS, LOST)}
    seen = set()
    for ref, entries in groupby(_entries(), key=lambda entry: entry[0]):
        seen.add(ref)
        state, holder = _walk(ref, list(entries), legal, found)
        row = rows.get(ref)
        if row is None:
            found[LOST].append(ref)
        elif (row[0], row[1]) != (state, holder):
            found[DIFFERS].append(f"{ref} {row[0]} held by {row[1]}, entries say {state} held by {holder}")
    found["an item has no entries"] = [ref for ref in rows if ref not in seen]
    return checked("I2", len(rows), found)


def one_holder_and_one_completion() -> Checked:
    """I4: an item is held by at most one person, and completed at most once."""
    rows = _rows()
    taken, twice = [], []
    for ref, entries in groupby(_entries(), key=lambda entry: entry[0]):
        steps = list(entries)
        taken += [ref for step in steps if step[1] == "work.item.claimed" and step[4] is not None]
        twice += [ref] if sum(step[1] == "work.item.completed" for step in steps) > 1 else []
    found = {
        TAKEN: taken,
        TWICE: twice,
        "an item is held by nobody, or has a holder and is not held": [
            ref for ref, (state, holder, _by) in rows.items() if (state in HELD) != (holder is not None)
        ],
        "an item is completed by nobody": [
            ref for ref, (state, _holder, by) in rows.items() if state == "completed" and by is None
        ],
    }
    return checked("I4", len(rows), found)


def _walk(ref: str, entries: list[tuple], legal: set, found: dict[str, list[Any]]) -> tuple[str | None, int | None]:
    state, holder = None, None
    for _ref, _fact, before, after, was, holds in entries:  # each names only what changed
        if (was, holds) != (None, None):
            holder = holds
        if after is None:
            continue
        opened = before is None and state is None and after == "queued"
        if not opened and (before != state or (before, after) not in legal):
            found[ILLEGAL].append(f"{ref} {before} → {after}")
        state = after
    return state, holder


def _rows() -> dict[str, tuple]:
    sql = "SELECT public_id, state, holder_id, completed_by_id FROM work_workitem"
    return {bare(ref): (state, holder, by) for ref, state, holder, by in select(sql)}


def _entries() -> Iterator[tuple]:
    columns = (
        member("before", "state"),
        member("after", "state"),
        member("before", "holder_id"),
        member("after", "holder_id"),
    )
    sql = (
        f"SELECT subject, fact, {', '.join(columns)} FROM audit_entry "  # noqa: S608
        "WHERE subject LIKE 'work.item:%%' ORDER BY subject, id"
    )
    for subject, fact, before, after, was, holds in select(sql):
        yield bare(subject.partition(":")[2]), fact, before, after, _key(was), _key(holds)


def _key(value: Any) -> int | None:
    return None if value is None else int(value)
