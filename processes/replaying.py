"""An instance taken again from the ledger: its entries give its state."""

from __future__ import annotations

from typing import Any

from audit.models import Entry
from audit.personal import open_for
from processes import engine, migration, queries
from processes.actions.recording import event_of
from processes.models import Instance, ProcessVersion
from processes.outside import outside

STEPS = ("processes.instance.advanced", "processes.instance.migrated")


def state_from_ledger(instance: Instance) -> dict[str, Any]:
    """The state that the entries of an instance lead to. Raises EngineError where they do not hold together."""
    subject = instance.ledger_subject
    entries = Entry.objects.filter(subject=subject).order_by("id")
    begun = entries.filter(fact="processes.instance.started").get().data
    version = ProcessVersion.objects.get(model__key=begun["model"], number=begun["version"]).pk
    state: dict[str, Any] = {}
    for entry in entries.filter(fact__in=STEPS):
        version, state = _after(entry, version, state)
    return state


def _after(entry: Entry, version: int, state: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    data, now = entry.data, entry.happened_at
    graph = queries.graph(version)
    if entry.fact == "processes.instance.migrated":
        new = queries.graph(data["to"])
        nodes = migration.mapping(graph, new, data["nodes"])
        return data["to"], migration.moved(graph, new, state, nodes, now, outside(now))[0]
    personal = open_for(entry.person, entry.personal) if entry.personal else data.get("payload")
    event = event_of(data["event"], {**data["of"], **(personal or {})})
    return version, engine.advance(graph.holding(data.get("held", ())), state, event, now, outside(now))[0]
