"""Start events of the version in force: they wait for what begins them until the next version."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from processes import queries
from processes.engine import Node
from processes.models import ProcessVersion, Start
from processes.outside import outside
from rulebook.change_control import State

log = logging.getLogger(__name__)
KINDS = ("message", "signal", "timer", "conditional")


def set_starts(version: ProcessVersion, now: datetime) -> None:
    """The start events of a version that comes into force wait; those of the one before wait no more."""
    before = Start.objects.filter(version__model=version.model_id)
    overdue = set(before.filter(ended_at=None, due_at__lte=now).values_list("due_at", flat=True))
    before.filter(ended_at=None).update(ended_at=now)
    graph = queries.graph(version.pk)
    nodes = [graph.nodes[name] for name in graph.triggers]
    rows = [_start(version, node, now) for node in nodes if node.event is not None and node.event.kind in KINDS]
    for row in rows:
        if row.due_at is not None and row.due_at not in overdue and _is_over(row.due_at, version, now):
            row.ended_at = now
    Start.objects.bulk_create(rows)


def _is_over(due: datetime, version: ProcessVersion, now: datetime) -> bool:
    """A date begins a process once, not once a version: of a later version one that has passed begins nothing."""
    governed = version.model.versions.filter(state=State.SUPERSEDED)
    return due < now and governed.exists()


def _start(version: ProcessVersion, node: Node, now: datetime) -> Start:
    event: Any = node.event
    start = Start(version=version, node=node.id, kind=event.kind, name=event.name)
    if event.kind != "timer":
        return start
    try:
        due = node.timer.due(now, lambda text: outside(now).evaluate(text, {}, now), outside(now).due)
    except Exception:  # an expression that needs what nobody gives: this event never comes
        log.exception("the time of %s of %s is none", node.id, version)
        start.ended_at = now
    else:
        start.due_at, start.left, start.every = due.at, due.left, due.every
    return start
