"""What the page of an instance shows: where it stands, its way, variables, timers, messages, calls and its failure."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from audit.models import Entry
from portal_staff.activity import people_of, who
from portal_staff.drawing_words import line_between, unnamed
from portal_staff.instances import Seen, page_of
from portal_staff.sentences import sentence
from portal_staff.vocabulary import Vocabulary
from portal_staff.words import word
from processes import queries
from processes.actions.repair import is_passable
from processes.engine import Graph
from processes.engine.picture.marking import Mark
from processes.engine.state import ROOT
from processes.engine.state import State as EngineState
from processes.models import Incident, Instance, Skip
from processes.waiting import Waits
from ui.words import is_chinese, pick_text

LATEST = 50
LONG = 120  # characters of a value that is shown folded
STATUS: dict[str, str | Promise] = {
    "running": pgettext_lazy("process", "Running"),
    "completed": pgettext_lazy("process", "Completed"),
    "cancelled": pgettext_lazy("process", "Called off"),
    "error": pgettext_lazy("process", "Stands still"),
}
CHIPS = {"running": "info", "completed": "ok", "cancelled": "hold", "error": "crit"}
WHAT: dict[str, str | Promise] = {
    "incident": gettext_lazy("Failed step"),
    "task": pgettext_lazy("waits for", "Work"),
    "timer": pgettext_lazy("waits for", "Time"),
    "message": pgettext_lazy("waits for", "Message"),
    "signal": pgettext_lazy("waits for", "Signal"),
    "condition": pgettext_lazy("waits for", "Condition"),
    "call": pgettext_lazy("waits for", "Called process"),
    "join": pgettext_lazy("waits for", "Other ways"),
}
EVENTS: dict[str, str | Promise] = {
    "Started": gettext_lazy("started the process"),
    "TaskCompleted": gettext_lazy("completed a step"),
    "ErrorThrown": gettext_lazy("ended a step with an error"),
    "EscalationThrown": gettext_lazy("escalated a step"),
    "SentBack": gettext_lazy("sent a step back"),
    "TimerDue": gettext_lazy("went on as a time had come"),
    "MessageArrived": gettext_lazy("went on with a message"),
    "SignalArrived": gettext_lazy("went on with a signal"),
    "CalledCompleted": gettext_lazy("went on as a called process ended"),
    "CalledFailed": gettext_lazy("went on as a called process ended with an error"),
    "CalledEscalated": gettext_lazy("went on as a called process escalated"),
    "VariablesSet": gettext_lazy("set variables"),
    "Moved": gettext_lazy("went on as the new version says"),
    "Cancelled": gettext_lazy("called the process off"),
}
Labels = Mapping[str, str]


def language() -> str:
    """The reader's language as drawings name it."""
    return "zh-Hans" if is_chinese(get_language()) else "en"


def labels_of(graph: Graph) -> dict[str, str]:
    """Elements and flows in words: without a name an element by what it is and its id, a flow by its ends."""
    nodes = {name: node.label(language()) or unnamed(node.element, name) for name, node in graph.nodes.items()}
    return nodes | {
        name: flow.label(language()) or line_between(nodes[flow.source], nodes[flow.target])
        for name, flow in graph.flows.items()
    }


def waits_line(waits: Waits, labels: Labels) -> dict[str, Any]:
    """One thing that is waited for, in words."""
    plain = waits.what in ("message", "signal")
    return {
        "what": word(WHAT, waits.what),
        "style": "crit" if waits.what == "incident" else "line",
        "label": labels.get(waits.node, waits.node),
        "detail": waits.detail if plain else "",
        "since": waits.since,
        "due": waits.due,
    }


def drawing(instance: Instance, incident: Incident | None) -> dict[str, Any]:
    """The diagram with its tokens and the failed element, and the same in words."""
    trail, marks = queries.trail_of(instance), {}
    labels = labels_of(queries.graph(instance.version_id))
    if incident is not None and incident.instance_id == instance.pk and incident.failed_in_id == instance.version_id:
        marks = {incident.element: Mark("wrong", badge=_("Failed"))}
    drawn = queries.diagram(instance, language(), trail, marks)
    return {
        "diagram": mark_safe(drawn),  # noqa: S308 - drawn by the engine, every label escaped there
        "told": queries.described(instance, language(), trail, lambda element: unnamed(element.tag, element.id)),
        "now_at": sorted(labels[name] for name in queries.active_nodes(instance)),
    }


def path(instance: Instance) -> dict[str, Any]:
    """The latest steps, the newest first: what happened, which elements were left and entered, on which ways."""
    entries = queries.history_of(instance, LATEST + 1)
    shown = [entry for entry in entries[:LATEST] if entry.fact != "processes.instance.started"]  # its first step is
    names = people_of(shown)
    graphs = {instance.version_id: queries.graph(instance.version_id)}
    at, rows = instance.version_id, []
    for entry in shown:  # from now back: before a move the older version governs
        graph = graphs.setdefault(at, queries.graph(at))
        rows.append(_step(entry, graph, names))
        if entry.fact == "processes.instance.migrated":
            at = entry.data["from"]
    return {"steps": rows, "has_more_steps": len(entries) > LATEST}


def variables(instance: Instance, words: Vocabulary, now: datetime) -> list[dict[str, Any]]:
    """The variables of each scope that holds some, those of the whole process first."""
    state, labels = EngineState.load(instance.state), labels_of(queries.graph(instance.version_id))
    scopes = [(_("The whole process"), state.variables)]
    inner = sorted((number, scope) for number, scope in state.scopes.items() if number != ROOT and scope.variables)
    scopes += [(labels.get(scope.node, scope.node), scope.variables) for _number, scope in inner]
    return [{"label": label, "rows": rows_of(held, words, now)} for label, held in scopes if held]


def rows_of(held: Mapping[str, Any], words: Vocabulary, now: datetime) -> list[dict[str, Any]]:
    """Variables in words, by name."""
    rows = [{"name": name, "label": words.label(name), "text": words.value(name, held[name], now=now)} for name in held]
    return [{**row, "is_long": len(row["text"]) > LONG} for row in sorted(rows, key=lambda row: row["name"])]


def timers(instance: Instance, labels: Labels) -> list[dict[str, Any]]:
    """The latest due times: what still waits first."""
    rows = instance.timers.order_by(F("ended_at").desc(nulls_first=True), "-due_at")[:LATEST]
    return [{"timer": row, "label": labels.get(row.node, row.node)} for row in rows]


def subscriptions(instance: Instance, labels: Labels) -> list[dict[str, Any]]:
    """The latest messages and signals asked for, what still waits first; then the conditions that are watched."""
    rows = instance.subscriptions.order_by(F("ended_at").desc(nulls_first=True), "-opened_at", "-pk")[:LATEST]
    found = [
        {
            "kind": word(WHAT, row.kind),
            "name": row.name,
            "keys": [(name, row.keys[name]) for name in sorted(row.keys)],
            "label": labels.get(row.node, row.node),
            "opened_at": row.opened_at,
            "ended_at": row.ended_at,
        }
        for row in rows
    ]
    return found + list(_conditions(instance, labels))


def calls(instance: Instance, seen: Seen) -> dict[str, Any]:
    """Who called it, and whom it called, each with its page."""
    called = instance.called.select_related("version__model").order_by("-pk")[:LATEST]
    above = instance.parent if instance.parent_id else None
    return {
        "above": _linked(above, seen) if above is not None else None,
        "called": [_linked(each, seen) for each in called],
    }


def failure(incident: Incident | None, seen: Seen, words: Vocabulary, now: datetime, user: Any) -> dict[str, Any]:
    """The open failure of the process or one of those around it, and the proposal to skip it."""
    if incident is None:
        return {}
    failed_in = queries.graph(incident.failed_in_id or incident.instance.version_id)
    element = incident.element or incident.node
    skip = incident.skips.filter(decided_at=None).select_related("proposed_by").first()
    return {
        "incident": incident,
        "failed": labels_of(failed_in).get(element, element),
        "failed_id": element,
        "stands_in": _linked(incident.instance, seen),
        "is_passable": is_passable(incident),
        "skip": skip and _proposal(skip, words, now, user),
    }


def status_of(instance: Instance) -> dict[str, str]:
    """The state of an instance as a chip."""
    return {"text": word(STATUS, instance.status), "style": CHIPS.get(instance.status, "line")}


def _step(entry: Entry, graph: Graph, names: Mapping[str, str]) -> dict[str, Any]:
    labels = labels_of(graph)
    left, entered = entry.data.get("left", ()), entry.data.get("entered", ())
    event = entry.data.get("event", "")
    ways = [graph.flows[flow].label(language()) for flow in queries.ways_taken(graph, left, entered)]
    return {
        "at": entry.happened_at,
        "who": who(entry, names),
        "text": word(EVENTS, event) if event else sentence(entry.fact, entry.data, ChainMap(labels, dict(names))),
        "left": _names(left, labels),
        "entered": _names(entered, labels),
        "ways": [way for way in ways if way],
        "reason": entry.reason,
    }


def _names(nodes: Iterable[str], labels: Labels) -> list[str]:
    return [labels.get(node, node) for node in nodes]


def _conditions(instance: Instance, labels: Labels) -> Iterator[dict[str, Any]]:
    waits = queries.graph(instance.version_id).open_waits(instance.state) if instance.state else {}
    for wait in waits.values():
        if wait.kind == "condition":
            yield {"kind": word(WHAT, wait.kind), "name": "", "keys": [], "label": labels.get(wait.node, wait.node)}


def _linked(instance: Instance, seen: Seen) -> dict[str, Any]:
    return {
        "name": pick_text(instance.version.model.name, get_language()),
        "number": instance.version.number,
        "serial": instance.serial,
        "url": page_of(seen.ref, instance.serial),
        "status": status_of(instance),
        "started_at": instance.started_at,
    }


def _proposal(skip: Skip, words: Vocabulary, now: datetime, user: Any) -> dict[str, Any]:
    return {
        "skip": skip,
        "rows": rows_of(skip.variables, words, now),
        "is_mine": skip.proposed_by_id == user.pk,
    }
