"""What must always hold for orders: one order per key, states that follow from the ledger, whole files."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone

from audit.invariants import Checked, bare, checked, count, legal_moves, member, select
from orders.models import Order

UPLOADING = timedelta(hours=1)  # bytes so young may belong to a row that is not committed yet
STATES = "orders.order."


def one_order_per_key() -> Checked:
    """I1: no acknowledged order is lost or doubled."""
    rows = {bare(ref): number for ref, number in select("SELECT public_id, number FROM orders_order")}
    sql = f"SELECT order_ref, {member('after', 'number')} FROM audit_entry WHERE fact = 'orders.order.submitted'"  # noqa: S608
    submitted = [(bare(ref), number) for ref, number in select(sql)]
    times = Counter(ref for ref, _number in submitted)
    keys = "SELECT idempotency_key FROM orders_order GROUP BY idempotency_key HAVING COUNT(*) > 1"
    numbers = "SELECT number FROM orders_order WHERE number IS NOT NULL GROUP BY number HAVING COUNT(*) > 1"
    found = {
        "a key has more than one order": [row[0] for row in select(keys)],
        "a number has more than one order": [row[0] for row in select(numbers)],
        "an order that was acknowledged is lost": [n for ref, n in submitted if n is None or rows.get(ref) != n],
        "an order was submitted more than once": [ref for ref, n in times.items() if n > 1],
        "an order has a number but was not submitted": [n for ref, n in rows.items() if n and ref not in times],
    }
    return checked("I1", len(rows), found)


def states_follow_from_entries() -> Checked:
    """I2: an order's entries are numbered without a gap, each step is legal, and the last one equals the row."""
    rows = {
        bare(ref): (state, seq) for ref, state, seq in select("SELECT public_id, state, ledger_seq FROM orders_order")
    }
    legal = legal_moves(Order._meta.get_field("state"), Order)
    found: dict[str, list[Any]] = {what: [] for what in (GAP, ILLEGAL, DIFFERS, LOST)}
    seen = set()
    for ref, entries in groupby(_entries(), key=lambda entry: entry[0]):
        seen.add(ref)
        _judge(ref, list(entries), rows.get(ref), legal, found)
    found["an order has no entries"] = [ref for ref in rows if ref not in seen]
    return checked("I2", len(rows), found)


GAP = "an order's entries have a gap or a number twice"
ILLEGAL = "a step of an order's state is not legal, or does not begin where the one before ended"
DIFFERS = "an order's row is not in the state of its last entry"
LOST = "an order's entries have no row"


def _entries() -> Iterator[tuple]:
    before, after = member("before", "state"), member("after", "state")
    sql = (
        f"SELECT order_ref, order_seq, fact, {before}, {after} FROM audit_entry "  # noqa: S608
        "WHERE order_ref <> '' ORDER BY order_ref, order_seq"
    )
    return ((bare(ref), *rest) for ref, *rest in select(sql))


def _judge(ref: str, entries: list[tuple], row: tuple | None, legal: set, found: dict[str, list[Any]]) -> None:
    if [entry[1] for entry in entries] != list(range(1, len(entries) + 1)):
        found[GAP].append(ref)
    state = "draft"
    for _ref, _seq, fact, before, after in entries:
        if not fact.startswith(STATES) or after is None:
            continue
        if before != state or (before, after) not in legal:
            found[ILLEGAL].append(f"{ref} {before} → {after}")
        state = after
    if row is None:
        if entries[-1][2] != "orders.draft.discarded":
            found[LOST].append(ref)
        return
    if row[0] != state:
        found[DIFFERS].append(f"{ref} {row[0]}, entries say {state}")
    if row[1] != len(entries):
        found[GAP].append(ref)


def files_are_whole() -> Checked:
    """I10: a file row exists if and only if its complete bytes do, with the stored SHA-256."""
    rows = {name: (size, sha) for name, size, sha in select("SELECT stored_as, size, sha256 FROM orders_document")}
    missing = [name for name in rows if not default_storage.exists(name)]
    damaged = [name for name, (size, sha) in rows.items() if name not in missing and _digest(name) != (size, sha)]
    found = {
        "a document's file is missing": missing,
        "a document's file is not what was stored": damaged,
        "a file belongs to no document": [name for name in _files("") if name not in rows and _is_old(name)],
    }
    return checked("I10", count("orders_document"), found)


def _digest(name: str) -> tuple[int, str]:
    whole, size = hashlib.sha256(), 0
    with default_storage.open(name) as file:
        for chunk in file.chunks():
            whole.update(chunk)
            size += len(chunk)
    return size, whole.hexdigest()


def _files(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored
        return
    yield from (f"{folder}/{name}".lstrip("/") for name in files)
    for name in folders:
        yield from _files(f"{folder}/{name}".lstrip("/"))


def _is_old(name: str) -> bool:
    return timezone.now() - default_storage.get_modified_time(name) > UPLOADING
