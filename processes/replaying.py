"""An instance taken again from the ledger: its entries give its state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit.models import Entry
from audit.personal import open_for
from processes import engine, migration, queries
from processes.actions.recording import MOVED_STATE, event_of
from processes.models import Instance, ProcessVersion
from processes.outside import outside

STEPS = ("processes.instance.advanced", "processes.instance.migrated")


def state_from_ledger(instance: Instance, until: datetime | None = None) -> dict[str, Any]:
    """The state that the entries of an instance lead to, or led to at an instant.

    Raises EngineError where they do not hold together.
    """
    subject = instance.ledger_subject
    entries = Entry.objects.filter(subject=subject).order_by("id")
    begun = entries.filter(fact="processes.instance.started").get().data
    version = ProcessVersion.objects.get(model__key=begun["model"], number=begun["version"]).pk
    state: dict[str, Any] = {}
    steps = entries.filter(fact__in=STEPS)
    for entry in steps if until is None else steps.filter(happened_at__lte=until):
        version, state = _after(entry, version, state)
    return state


def _after(entry: Entry, version: int, state: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    data, now = entry.data, entry.happened_at
    graph = queries.graph(version)
    personal = open_for(entry.person, entry.personal) if entry.personal else data.get("payload")
    if entry.fact == "processes.instance.migrated":
        return data["to"], (personal or {}).get(MOVED_STATE) or _moved(graph, entry, state)
    event = event_of(data["event"], {**data["of"], **(personal or {})})
    return version, engine.advance(graph.holding(data.get("held", ())), state, event, now, outside(now))[0]


def _moved(graph: engine.Graph, entry: Entry, state: dict[str, Any]) -> dict[str, Any]:
    """By today's rules: the first entries of moves do not say where they led to."""
    new, now = queries.graph(entry.data["to"]), entry.happened_at
    nodes = migration.mapping(graph, new, entry.data["nodes"])
    return migration.moved(graph, new, state, nodes, now, outside(now))[0]
