"""What must always hold for clocks: steps on record, each escalation and each breach once, in time, with its entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from audit.attendance import Attendance, attendance
from audit.invariants import Checked, checked, count, member, moment, select
from audit.walks import life, steps, walk
from sla.models import Clock

ESCALATED, BREACHED = "sla.escalation.raised", "sla.clock.breached"
LIFE = life(
    "a clock",
    {
        "sla.clock.started": "running",
        "sla.clock.paused": "paused",
        "sla.clock.resumed": "running",
        "sla.clock.met": "met",
        "sla.clock.breached": "breached",
        "sla.clock.cancelled": "cancelled",
    },
    Clock,
)
# A sweep's interval, the time until a tick of the queue comes round, and the longest silence that is none on record.
LATEST = timedelta(seconds=60 + 30 + 60)


def steps_follow_from_entries() -> Checked:
    """I2: each step of a clock is legal and on record once; state, band and due time are those of its last entries."""
    rows = {str(pk): state for pk, state in select("SELECT id, state FROM sla_clock")}
    found: dict[str, list] = {**walk(LIFE, steps(LIFE), rows)}
    found["a clock's band or due time is not that of its last entry"] = list(_other_times())
    return checked("I2", len(rows), found)


def _other_times() -> Iterator[str]:
    band, due = member("after", "band"), member("after", "due_at")
    sql = (
        f"SELECT subject, {band}, {due}, fact FROM audit_entry WHERE fact IN ('sla.clock.started', "  # noqa: S608
        "'sla.clock.resumed', 'sla.clock.moved', 'sla.clock.turned', 'sla.clock.met', 'sla.clock.breached') ORDER BY id"
    )
    said: dict[int, list] = {}
    for subject, told_band, told_due, fact in select(sql):
        last = said.setdefault(int(subject.rpartition(":")[2]), ["green", None])
        last[0] = told_band or last[0]
        last[1] = moment(told_due) if told_due and fact != BREACHED else last[1]
    for pk, row_band, row_due in select("SELECT id, band, due_at FROM sla_clock"):
        if pk in said and said[pk] != [row_band, moment(row_due)]:
            yield f"{pk} is {row_band} due {row_due}, entries say {said[pk][0]} due {said[pk][1]}"


def each_escalation_once() -> Checked:
    """I7: each escalation exactly once per clock and tier, in time, each with its entry."""
    twice = "SELECT clock_id, tier FROM sla_escalation GROUP BY clock_id, tier HAVING COUNT(*) > 1"
    early = (
        "SELECT e.id FROM sla_escalation e JOIN sla_clock c ON c.id = e.clock_id "
        "WHERE e.happened_at < c.started_at OR e.happened_at < e.due_at"
    )
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
        "an escalation is older than its clock or than its moment": [row[0] for row in select(early)],
        "a tier was told later than a sweep and the worker's absence explain": list(_late(attendance())),
        "an escalation and its entry do not come in pairs": _unpaired(rows, raised),
        "a breached clock and its breach do not come in pairs": [row[0] for row in select(unbroken)],
        "a breach and its entry do not come in pairs": _unpaired(clocks, breached),
    }
    return checked("I7", count("sla_escalation") + count("sla_breach"), found)


def _late(worker: Attendance) -> Iterator[str]:
    sql = "SELECT id, clock_id, due_at, happened_at FROM sla_escalation WHERE due_at IS NOT NULL"
    for pk, clock, due, happened in select(sql):
        since, until = moment(due), moment(happened)
        if worker.awake(since, until) > LATEST and not _is_excused(pk, clock, worker, until):
            yield f"{pk}, due {since.isoformat()}, told {until.isoformat()}"


def _is_excused(pk: int, clock: int, worker: Attendance, until: datetime) -> bool:
    """A driver replayed it, which knows no sweep; or the clock itself was put on record after its moment."""
    sql = "SELECT replayed FROM audit_entry WHERE subject = %s AND fact = %s"
    if any(replayed for (replayed,) in select(sql, f"sla.escalation:{pk}", ESCALATED)):
        return True
    recorded = "SELECT MAX(recorded_at) FROM audit_entry WHERE subject = %s AND fact = %s"
    (begun,) = next(select(recorded, f"sla.clock:{clock}", "sla.clock.started"))
    return begun is not None and worker.awake(moment(begun), until) <= LATEST


def _subjects(fact: str) -> str:
    return f"SELECT subject FROM audit_entry WHERE fact = '{fact}'"  # noqa: S608 - a constant of this file


def _unpaired(rows: set[int], entries: list[int]) -> list[int]:
    doubled = {number for number, times in Counter(entries).items() if times > 1}
    return sorted(rows ^ set(entries) | doubled)
