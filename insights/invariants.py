"""I12, orders complete without anybody's help: each open one waits for something, and nothing due was left lying."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from audit.attendance import Attendance, attendance
from audit.invariants import Checked, bare, checked, content, moment, select, stored
from processes.numbering import SPAN
from processes.queries import graph

LEFT_LYING = timedelta(minutes=10)  # of the worker's presence: time to work off what an outage left
RUNNING = (
    "SELECT COALESCE(i.root_id, i.id), i.id, i.serial, i.version_id, i.state FROM processes_instance i "
    "WHERE i.status = 'running'"
)
OPEN = (
    "SELECT o.id, o.number, i.id, i.status FROM orders_order o JOIN processes_instance i ON i.id = o.process_id "
    "WHERE i.status IN ('running', 'error')"
)
AWAITED = (  # (order, task as the order numbers it) of every row that waits for somebody's answer
    "SELECT order_id, task FROM work_workitem WHERE state IN ('queued', 'assigned', 'in_progress', 'pending')",
    "SELECT order_id, task FROM orders_clientrequest WHERE answered_at IS NULL AND closed_at IS NULL",
    "SELECT order_id, task FROM integrations_outboxcall WHERE state IN ('queued', 'sent', 'parked')",
)
WORKED = ("userTask", "manualTask", "serviceTask")  # tasks that stand as such a row
# What the worker takes up by itself → ids of what was due before an instant, since when, and where that is on record
DUE = {
    "a timer": "SELECT t.id, t.due_at, o.public_id FROM processes_timer t "
    "JOIN processes_instance i ON i.id = t.instance_id "
    "LEFT JOIN orders_order o ON o.process_id = COALESCE(i.root_id, i.id) "
    "WHERE t.ended_at IS NULL AND i.status = 'running' AND t.due_at < %s",
    "a start": "SELECT s.id, s.due_at, NULL FROM processes_start s JOIN processes_processversion v "
    "ON v.id = s.version_id WHERE s.ended_at IS NULL AND v.state = 'in_force' AND s.due_at < %s",
    "a message": "SELECT m.id, m.next_attempt_at, NULL FROM processes_message m "
    "LEFT JOIN processes_instance t ON t.id = m.target_id "
    "WHERE m.delivered_at IS NULL AND m.expired_at IS NULL AND (t.status = 'running' OR EXISTS (SELECT 1 "
    "FROM processes_subscription s JOIN processes_instance i ON i.id = s.instance_id AND i.status = 'running' "
    "WHERE m.kind = 'message' AND s.kind = 'message' AND s.name = m.name AND s.ended_at IS NULL)) "
    "AND m.next_attempt_at < %s",
    "another attempt": "SELECT id, next_retry_at, NULL FROM processes_incident "
    "WHERE resolved_at IS NULL AND next_retry_at < %s",
    "a clock": "SELECT c.id, c.next_check_at, o.public_id FROM sla_clock c JOIN orders_order o ON o.id = c.order_id "
    "WHERE c.stopped_at IS NULL AND c.next_check_at < %s",
    "a call": "SELECT c.id, c.next_attempt_at, o.public_id FROM integrations_outboxcall c "
    "JOIN orders_order o ON o.id = c.order_id WHERE c.state = 'queued' AND c.next_attempt_at < %s",
    "a reaction": "SELECT d.id, CASE WHEN e.recorded_at > d.due_at THEN e.recorded_at ELSE d.due_at END, NULL "
    "FROM audit_delivery d JOIN audit_entry e ON e.id = d.entry_id "
    "WHERE d.done_at IS NULL AND d.parked_at IS NULL AND d.due_at < %s",
    "a mail": "SELECT id, created_at, dedupe_key FROM notifications_notice "
    "WHERE channel = 'email' AND sent_at IS NULL AND attempts = 0 AND created_at < %s",
    "a version of a table": "SELECT id, effective_at, NULL FROM rulebook_tableversion "
    "WHERE state = 'approved' AND effective_at < %s",
    "a version of a process": "SELECT id, effective_at, NULL FROM processes_processversion "
    "WHERE state = 'approved' AND effective_at < %s",
}


APART = (
    "SELECT o.number FROM orders_order o LEFT JOIN processes_instance i ON i.id = o.process_id "
    "WHERE (o.state IN ('submitted', 'in_progress', 'waiting_on_client', 'exception')) "
    "<> (COALESCE(i.status, '') IN ('running', 'error')) "
    "OR (o.state = 'exception') <> (COALESCE(i.status, '') = 'error')"
)
UNSAID = """
    SELECT i.id FROM processes_instance i
    WHERE i.status IN ('running', 'error') AND (i.status = 'error') <> EXISTS (
        SELECT 1 FROM processes_incident n JOIN processes_instance o ON o.id = n.instance_id
        WHERE n.resolved_at IS NULL AND COALESCE(o.root_id, o.id) = COALESCE(i.root_id, i.id))
"""


def orders_go_on_by_themselves() -> Checked:
    """I12: every open order's process waits for something that is there, and nothing that was due was left lying.

    A step that failed waits as an incident, a call or reaction that failed too often as a parked one: that is on
    record and not held against anybody. What is due while no worker is there waits for it.
    """
    looked_at, stuck = _stuck()
    found: dict[str, list[Any]] = {
        "an order's process waits for nothing that anybody could bring": stuck,
        "an order and its process have not ended together": [row[0] for row in select(APART)],
        "a process stands still without an incident, or has one and runs": [row[0] for row in select(UNSAID)],
    }
    worker = attendance()
    for what in DUE:
        found[f"{what} was due and left lying"] = list(_left_lying(what, worker))
    return checked("I12", looked_at, found)


def _stuck() -> tuple[int, list[Any]]:
    """How many processes run, and where their tokens and the rows of work do not belong together."""
    rows, awaited = _rows_of_work(), defaultdict[int, set[int]](set)
    looked_at, stuck = 0, []
    for root, key, serial, version, state in select(RUNNING):
        looked_at += 1
        said = content(state)
        nodes = graph(version).nodes
        worked = [task for task, place in said.get("tasks", {}).items() if nodes[place[0]].element in WORKED]
        awaited[root] |= {serial * SPAN + int(task) for task in worked}
        if not any(said.get(part) for part in ("tasks", "timers", "guards", "waits")):
            stuck.append(f"instance {key}")
    for order, number, root, status in select(OPEN):
        standing = rows.pop(order, set())
        if status == "running" and standing != awaited[root]:
            stuck.append(number)
    return looked_at, [*stuck, *(f"work for order {order}, which has ended" for order in rows)]


def _rows_of_work() -> dict[int, set[int]]:
    rows = defaultdict[int, set[int]](set)
    for sql in AWAITED:
        for order, task in select(sql):
            rows[order].add(task)
    return rows


def _left_lying(what: str, worker: Attendance) -> Iterator[str]:
    if worker.last is None:
        return
    for pk, due, place in select(DUE[what], stored(worker.last - LEFT_LYING)):
        since = max([moment(due), *_recorded(place)])
        if worker.awake(since, worker.last) > LEFT_LYING:
            yield f"{pk}, due {moment(due).isoformat()}"


def _recorded(place: Any) -> list[datetime]:
    """When what was due came on record, at the earliest: what is entered late was due before it was there.

    place: an order, of which the last entry counts; the key of a notice, which ends in its entry's id; or nothing.
    """
    if place is None:
        return []
    of_order = "SELECT recorded_at FROM audit_entry WHERE order_ref = %s ORDER BY order_seq DESC LIMIT 1"
    of_entry = "SELECT recorded_at FROM audit_entry WHERE public_id = %s"
    is_notice = ":" in str(place)
    ref = UUID(bare(str(place).rpartition(":")[2]))
    found = select(of_entry, ref.hex) if is_notice else select(of_order, str(ref))
    return [moment(at) for (at,) in found]
