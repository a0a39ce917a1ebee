"""Reads of processes: compiled graphs, diagrams, what waits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from audit.models import Entry
from audit.prepared import prepared
from processes.engine import (
    Description,
    Document,
    Graph,
    MilestoneDef,
    Node,
    compile_graph,
    describe,
    parse,
    render_svg,
)
from processes.engine.correlate import seen_at
from processes.engine.document import Element
from processes.engine.picture.marking import Marks
from processes.engine.sending_back import steps_beside
from processes.engine.state import State
from processes.models import Incident, Instance, ProcessVersion, Subscription
from processes.numbering import of_instance
from rulebook.change_control import State as VersionState


@lru_cache(maxsize=256)
def document(version_id: int) -> Document:
    """The parsed drawing of a version; a version never changes once it is proposed. Of several pools that run only the
    one of its key does so."""
    version = ProcessVersion.objects.select_related("model").only("xml", "model__key").get(pk=version_id)
    return parse(bytes(version.xml), file=f"version {version_id}").governing(version.model.key)


@lru_cache(maxsize=256)
def graph(version_id: int) -> Graph:
    """The compiled graph of a version."""
    return compile_graph(document(version_id))


@lru_cache(maxsize=256)
def forms(version_id: int) -> Mapping[str, dict]:
    """The forms of a version's tasks: form key → JSON Schema."""
    return ProcessVersion.objects.values_list("forms", flat=True).get(pk=version_id)


def forget() -> None:
    """Forget what was read and compiled of versions: for tests and benchmarks, which take rows away again."""
    for cached in (document, graph, forms):
        cached.cache_clear()


def version_in_force(key: str) -> ProcessVersion:
    """The version that new instances of a model start with. Raises ProcessVersion.DoesNotExist."""
    found = _in_force(key)
    if not found:
        raise ProcessVersion.DoesNotExist(f'Expected a version of the process "{key}" in force, but there is none.')
    return found[0]


@prepared
def _in_force(key: str) -> QuerySet[ProcessVersion]:
    found = ProcessVersion.objects.filter(model__key=key, state=VersionState.IN_FORCE)
    return found.select_related("model").defer("xml", "forms")


def family(instance: Instance) -> QuerySet[Instance]:
    """The instance at the top of the calls with all that were called below it."""
    return Instance.objects.filter(Q(pk=instance.root_key) | Q(root=instance.root_key))


def holder_of(root: int | None, task: int) -> Instance:
    """The instance of an order's processes that holds a task, by the task's number within the order.

    Raises Instance.DoesNotExist.
    """
    serial, _number = of_instance(task)
    held = Instance.objects.filter(root=root, serial=serial) if serial else Instance.objects.filter(pk=root or 0)
    return held.select_related("version").get()


def is_open(root: int | None, task: int) -> bool:
    """Whether a task of an order's processes still waits: one statement."""
    instance = holder_of(root, task)
    return of_instance(task)[1] in graph(instance.version_id).open_tasks(instance.state)


def milestones(version: ProcessVersion) -> tuple[MilestoneDef, ...]:
    """The client's steps in the order of the drawing, those of the processes that it calls at the place of the call.

    Only calls that name their process count; each process is looked at once.
    """
    found: dict[str, MilestoneDef] = {}
    _collect(version, found, {version.model_id})
    return tuple(found.values())


def _collect(version: ProcessVersion, found: dict[str, MilestoneDef], seen: set[int]) -> None:
    drawn = graph(version.pk)
    own = {step.key: step for step in drawn.milestones}
    for node in sorted(drawn.nodes.values(), key=lambda node: node.line):
        key = node.attributes.get("milestone", {}).get("key", "")
        if key:
            found.setdefault(key, own[key])
        called = _named_call(node)
        below = (
            ProcessVersion.objects.filter(model__key=called, state=VersionState.IN_FORCE).first() if called else None
        )
        if below is not None and below.model_id not in seen:
            seen.add(below.model_id)
            _collect(below, found, seen)


def called_in_force(version: ProcessVersion, instead: ProcessVersion | None = None) -> list[ProcessVersion]:
    """The versions in force of the processes that a version calls by name, and of those that they call, each once.

    instead: a version that stands for the one in force of its process.
    """
    found: dict[str, ProcessVersion] = {version.model.key: version}
    todo = [version]
    while todo:
        calls = calls_of(todo.pop().pk) - {"", *found}
        below = ProcessVersion.objects.filter(model__key__in=calls, state=VersionState.IN_FORCE)
        new = list(below.select_related("model").order_by("model__key")) if calls else []
        if instead is not None and instead.model.key in calls:
            new = [each for each in new if each.model_id != instead.model_id] + [instead]
        found |= {each.model.key: each for each in new}
        todo += new
    return list(found.values())[1:]


def calls_of(version_id: int) -> set[str]:
    """The keys of the processes that a version calls; "" where one of them is reckoned."""
    return {_named_call(node) for node in graph(version_id).nodes.values() if node.call}


def _named_call(node: Node) -> str:
    try:
        return str(json.loads(node.call.process)) if node.call else ""
    except ValueError:  # an expression
        return ""


def holds_decision(node: Node) -> bool:
    """Whether a node asks for a decision of authority, or calls what does in a version in force, at any depth.

    What is called by an expression is not known, and may.
    """
    if node.kind == "approval" or not node.call:
        return node.kind == "approval"
    if not (key := _named_call(node)):
        return True
    below = ProcessVersion.objects.filter(model__key=key, state=VersionState.IN_FORCE).select_related("model").first()
    parts = [below, *called_in_force(below)] if below is not None else []
    return any(one.kind == "approval" for part in parts for one in graph(part.pk).nodes.values())


def asked_tables(version: int) -> set[str]:
    """Keys of the tables and decision models that the business-rule tasks of a version name."""
    asked = {node.decide.table for node in graph(version).nodes.values() if node.decide}
    return {json.loads(key) for key in asked if key.startswith('"')}  # others are worked out as it runs


def node_of(instance: Instance, task: int) -> Node:
    """The element at which a task of an order's processes waits. Raises EngineError(unknown_task)."""
    drawn = graph(instance.version_id)
    return drawn.nodes[drawn.task(instance.state, of_instance(task)[1])]


def seen_by(instance: Instance, task: int) -> Mapping[str, Any]:
    """The variables that a task sees; those of the instance where it is not open any more."""
    held = State.load(instance.state)
    return held.seen(held.tasks[task].scope) if task in held.tasks else held.variables


def seen_by_subscription(subscription: Subscription) -> Mapping[str, Any]:
    """The variables that a subscription sees where its event stands."""
    instance = subscription.instance
    return seen_at(graph(instance.version_id), instance.state, subscription.number)


def open_nodes(instance: Instance) -> list[str]:
    """Ids of the nodes whose tasks are open, in order."""
    return sorted(set(graph(instance.version_id).open_tasks(instance.state).values())) if instance.state else []


@dataclass(frozen=True)
class Trail:
    """Ids of the nodes that an instance's tokens left: those visited, and those only ever called off there."""

    visited: frozenset[str] = frozenset()
    called_off: frozenset[str] = frozenset()


def diagram(instance: Instance, language: str, trail: Trail = Trail(), marks: Marks | None = None) -> str:
    """The instance's diagram as SVG with its tokens and where they have been."""
    return render_svg(
        document(instance.version_id),
        active=active_nodes(instance),
        visited=trail.visited,
        called_off=trail.called_off,
        marks=marks,
        language=language,
    )


def described(instance: Instance, language: str, trail: Trail, unnamed: Callable[[Element], str]) -> Description:
    """The same as the diagram, in words. unnamed: what an element without a name is called."""
    drawn, active = document(instance.version_id), active_nodes(instance)
    return describe(drawn, active, trail.visited, trail.called_off, language, unnamed=unnamed)


def active_nodes(instance: Instance) -> frozenset[str]:
    """Ids of the elements on which a token stands."""
    return graph(instance.version_id).active_nodes(instance.state) if instance.state else frozenset()


def trail_of(instance: Instance) -> Trail:
    """Where tokens have been, read from the ledger's entries of the instance: one statement."""
    subject = f"processes.instance:{instance.pk}"
    steps = Entry.objects.filter(subject=subject, fact="processes.instance.advanced").values_list("data", flat=True)
    left: Counter[str] = Counter()
    called_off: Counter[str] = Counter()
    for data in steps:
        left.update(data.get("left", ()))
        called_off.update(data.get("called_off", ()))
    visited = frozenset(left - called_off)
    return Trail(visited, frozenset(left) - visited)


def steps_back(instance: Instance, task: int, kinds: Collection[str] = ("work",)) -> list[str]:
    """Ids of the steps to which an open task's token may go back, in the order in which they were first passed.

    Steps of these kinds that were completed in this instance, beside the task (`processes.engine.sending_back`);
    approvals that were asked, whatever came of them. One statement, none where other work goes on beside.
    """
    drawn, held = graph(instance.version_id), State.load(instance.state)
    place = held.tasks.get(task)
    beside = steps_beside(drawn, held, place) if place else set()
    if not beside - {place.node if place else ""}:
        return []
    passed: dict[str, None] = {}
    for entry in _steps_of(instance):
        passed |= dict.fromkeys(node for node in entry["left"] if node in beside and _is_passed(drawn, node, entry))
    return [node for node in passed if (drawn.nodes[node].kind or "work") in kinds]


def _is_passed(drawn: Graph, node: str, step: Mapping[str, Any]) -> bool:
    return node not in step.get("called_off", ()) or drawn.nodes[node].kind == "approval"


def followed_at_once_by(instance: Instance, task: int) -> int | None:
    """The one open task that a completed task led to, where nothing else followed; None where something did.

    Between the two stand only gateways and events that neither send nor signal anything: all that can be undone by
    sending the open one back. One statement.
    """
    drawn = graph(instance.version_id)
    steps = _steps_of(instance)
    last = steps[-1] if steps else {}
    if last.get("event") not in ("TaskCompleted", "SentBack") or last["of"].get("task") != task:
        return None
    opened = drawn.open_tasks(instance.state)
    standing = {number: node for number, node in opened.items() if node in last["entered"]}
    if len(standing) != 1 or len(opened) != 1:
        return None
    [(number, node)] = standing.items()
    between = [drawn.nodes[name] for name in last["entered"] if name != node]
    return number if all(map(_is_silent, between)) else None


def _is_silent(node: Node) -> bool:
    """Whether a token that passes here leaves nothing behind but, at most, a milestone."""
    passes = node.element.endswith("Gateway") or node.element in ("intermediateThrowEvent", "task")
    return passes and (node.event is None or not node.event.kind)


def _steps_of(instance: Instance) -> list[dict[str, Any]]:
    entries = Entry.objects.filter(subject=instance.ledger_subject, fact="processes.instance.advanced")
    return list(entries.order_by("id").values_list("data", flat=True))


def history_of(instance: Instance, size: int) -> list[Entry]:
    """What is on record of an instance, the newest first: one statement."""
    return list(Entry.objects.filter(subject=instance.ledger_subject).order_by("-id")[:size])


def ways_taken(drawn: Graph, left: Collection[str], entered: Collection[str]) -> list[str]:
    """Ids of the flows on which tokens went in a step, in the order of the nodes that were left."""
    entering = set(entered)
    return [
        flow.id
        for node in dict.fromkeys(left)
        if node in drawn.nodes
        for flow in drawn.nodes[node].outgoing
        if flow.target in entering
    ]


def open_incident(instance: Instance) -> Incident | None:
    """The failure for which an instance, or one that it calls or that calls it, stands still: one statement."""
    found = Incident.objects.filter(instance__in=family(instance), resolved_at=None)
    return found.select_related("instance__version__model", "failed_in").first()
