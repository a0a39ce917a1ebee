"""What must always hold for processes: the rows of what waits agree with the state of each instance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from audit.invariants import Checked, checked, content, select
from processes.queries import graph

TIMERS = "a timer's row and its instance's state differ"
SUBSCRIPTIONS = "a subscription's row and its instance's state differ"
CALLS = "a called instance is open and its caller does not wait for it, or the other way round"
ENDED = "an instance has ended and something of it still waits"
STUCK = "an instance waits for repair and there is no incident"
Numbers = dict[int, set[int]]


def rows_agree_with_states() -> Checked:
    """I13: timers, subscriptions and called instances are those of the state; what has ended waits for nothing."""
    open_rows: dict[str, Numbers] = {
        TIMERS: _numbers("SELECT instance_id, number FROM processes_timer WHERE ended_at IS NULL"),
        SUBSCRIPTIONS: _numbers("SELECT instance_id, number FROM processes_subscription WHERE ended_at IS NULL"),
        CALLS: _numbers(
            "SELECT parent_id, call FROM processes_instance WHERE parent_id IS NOT NULL AND ended_at IS NULL"
        ),
    }
    found: dict[str, list[Any]] = {what: [] for what in (*open_rows, ENDED, STUCK)}
    calls = _call_activities()
    count = 0
    for key, version, status, state in select("SELECT id, version_id, status, state FROM processes_instance"):
        count += 1
        expected = _expected(content(state), calls.get(version, frozenset()))
        for what, rows in open_rows.items():
            standing = rows.pop(key, set())
            if status in ("completed", "cancelled"):
                found[ENDED] += [key] if standing or expected[what] else []
            elif standing != expected[what]:
                found[what].append(key)
    for what, rows in open_rows.items():
        found[what] += list(rows)
    found[STUCK] += [row[0] for row in select(WITHOUT_INCIDENT)]
    return checked("I13", count, found)


WITHOUT_INCIDENT = """
    SELECT i.id FROM processes_instance i WHERE i.status = 'error' AND NOT EXISTS (
        SELECT 1 FROM processes_incident n JOIN processes_instance o ON o.id = n.instance_id
        WHERE n.resolved_at IS NULL AND COALESCE(o.root_id, o.id) = COALESCE(i.root_id, i.id))
"""


def _numbers(sql: str) -> Numbers:
    found: Numbers = defaultdict(set)
    for key, number in select(sql):
        found[key].add(number)
    return dict(found)


def _expected(state: Mapping[str, Any], calls: frozenset[str]) -> dict[str, set[int]]:
    waits = state.get("waits", {}).items()
    return {
        TIMERS: {int(number) for number in {**state.get("timers", {}), **state.get("guards", {})}},
        SUBSCRIPTIONS: {int(number) for number, row in waits if row[2] in ("message", "signal")},
        CALLS: {int(number) for number, row in state.get("tasks", {}).items() if row[0] in calls},
    }


def _call_activities() -> dict[int, frozenset[str]]:
    versions = [row[0] for row in select("SELECT DISTINCT version_id FROM processes_instance WHERE ended_at IS NULL")]
    return {
        version: frozenset(node.id for node in graph(version).nodes.values() if node.element == "callActivity")
        for version in versions
    }
