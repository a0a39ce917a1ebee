"""What must always hold for notices: at most once, and only about what is in the ledger."""

from __future__ import annotations

from itertools import islice
from uuid import UUID

from audit.invariants import Checked, bare, checked, count, select
from audit.models import Entry

BATCH = 500


def each_notice_at_most_once() -> Checked:
    """I6: a notification is sent at most once per channel, recipient and key."""
    twice = "SELECT dedupe_key FROM notifications_notice GROUP BY channel, recipient_id, dedupe_key HAVING COUNT(*) > 1"
    again = "SELECT id FROM notifications_notice WHERE channel = 'email' AND attempts > 1"
    unclaimed = (
        "SELECT id FROM notifications_notice WHERE channel = 'email' AND (attempts > 0) <> (sent_at IS NOT NULL)"
    )
    found = {
        "somebody was told the same twice": [row[0] for row in select(twice)],
        "a mail was handed over more than once": [row[0] for row in select(again)],
        "a mail was sent without being claimed, or claimed and not marked": [row[0] for row in select(unclaimed)],
    }
    return checked("I6", count("notifications_notice"), found)


def notices_follow_from_entries() -> Checked:
    """I8: every notice is about a committed entry: its key ends in the entry's id."""
    keys = (row[0] for row in select("SELECT dedupe_key FROM notifications_notice ORDER BY id"))
    lost: list[str] = []
    while batch := list(islice(keys, BATCH)):
        lost += _without_entry(set(batch))
    return checked("I8", count("notifications_notice"), {"a notice follows from no entry": sorted(set(lost))})


def _without_entry(keys: set[str]) -> list[str]:
    ids = {key: key.rpartition(":")[2] for key in keys}
    known = Entry.objects.filter(public_id__in=[ref for ref in ids.values() if _is_id(ref)])
    there = {bare(ref) for ref in known.values_list("public_id", flat=True)}
    return [key for key, ref in ids.items() if bare(ref) not in there]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
