"""Work that needs an order, behind events that begin a process for none: it could never be opened there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from audit.reactions import wiring
from processes import engine, queries
from processes.engine import Document, Finding
from processes.engine.document import Element, Process
from processes.engine.structure import Structure
from processes.engine.words import called
from processes.models import ProcessVersion
from rulebook.said import Said
from rulebook.said import gettext_noop as _

WIRED = ("userTask", "manualTask", "serviceTask")  # elements that a handler opens
NEEDS = _(
    "Expected no work that needs an order behind %(start)s, which begins the process for none, but there is %(task)s: "
    "it could not be opened. Put it into the process of a product, whose order begins it."
)
CALLS = _(
    "Expected no work that needs an order behind %(start)s, which begins the process for none, but %(call)s calls "
    '"%(process)s", where %(task)s could not be opened.'
)


def work_without_order(document: Document) -> Iterator[Finding]:
    """Each task that needs an order and to which an event leads that begins its process for none."""
    for start, element in _behind_events(document):
        if element.tag in WIRED and _needs_order(element.tag, element.kind):
            message = Said(NEEDS, start=start.called(), task=element.called())
            yield Finding(element.id, element.line, message)


def calls_without_order(document: Document) -> Iterator[Finding]:
    """Each call, behind such an event, of a process whose version in force has such a task: one statement each."""
    for start, element in _behind_events(document):
        process = called_by_name(element)
        task = _first_in(process) if process else None
        if task is not None:
            about = {"call": element.called(), "process": process, "task": called(task.element, task.id)}
            yield Finding(element.id, element.line, Said(CALLS, start=start.called(), **about))


def called_by_name(element: Element) -> str:
    """The key of the process that a call names, or nothing where an expression gives it."""
    try:
        return str(json.loads(element.details.call.process.text)) if element.details.call else ""
    except ValueError:  # an expression
        return ""


def _behind_events(document: Document) -> Iterator[tuple[Element, Element]]:
    """Each element to which such an event leads, once, with the first of them."""
    for process in document.runnable():
        built, seen = _structure(document, process), set[str]()
        for name in built.triggers(document.scopes[process.id]):
            for element in _reached(document, process, built, name, seen):
                yield document.elements[name], element


def _structure(document: Document, process: Process) -> Structure:
    scopes = document.inside(process.id)
    elements = [element for scope in scopes for element in scope.elements]
    return Structure(document, elements, [flow for scope in scopes for flow in scope.flows])


def _reached(document: Document, process: Process, built: Structure, start: str, seen: set[str]) -> Iterator[Element]:
    """Everything not seen that may run once an event has begun a process, its event sub-processes included."""
    pending = [*(e.id for e in document.scopes[process.id].elements if e.event_sub_process), start]
    while pending:
        name = pending.pop()
        if name in seen or name not in document.elements:
            continue
        seen.add(name)
        element = document.elements[name]
        yield element
        inside = document.scopes[name].elements if name in document.scopes else ()
        pending += [flow.target for flow in built.outgoing.get(name, ())]
        pending += [*built.boundary.get(name, ()), built.handlers.get(name, ""), built.follows(element)]
        pending += [inner.id for inner in inside]


def _needs_order(tag: str, kind: str) -> bool:
    return (tag, kind or "work") not in wiring().WITHOUT_ORDER


def _first_in(process: str) -> engine.Node | None:
    try:
        nodes = queries.graph(queries.version_in_force(process).pk).nodes.values()
    except ProcessVersion.DoesNotExist:
        return None
    return next((node for node in nodes if node.element in WIRED and _needs_order(node.element, node.kind)), None)
