"""Which elements run here: those with a behaviour. The others are legal and shown, but named."""

from __future__ import annotations

from collections.abc import Iterator

from processes.engine.document import ACTIVITIES, Document, Element, Scope
from processes.engine.elements import BEHAVIOURS
from processes.engine.report import Finding

BEGINNING = frozenset(("", "message", "timer", "signal", "conditional"))
STARTING = frozenset(("message", "timer", "signal", "conditional", "error", "escalation", "compensate"))


def check_elements(scope: Scope) -> Iterator[Finding]:
    """Elements of the scope that do not run here, each with what it is."""
    for element in scope.elements:
        reason = _reason(element)
        if reason:
            message = f"Expected an element that runs here, but {element.called()} is {reason}."
            yield Finding(element.id, element.line, message, blocks=True, legal=True)


def check_starts(document: Document, scope: Scope) -> Iterator[Finding]:
    """How a process, sub-process or event sub-process begins."""
    holder = document.elements.get(scope.id)
    if holder is not None and holder.tag == "adHocSubProcess":
        return  # does not run anyway
    starts = [element for element in scope.elements if element.tag == "startEvent"]
    if holder is not None and holder.event_sub_process:
        yield from _check_event_starts(holder, starts)
        return
    if holder is not None:
        yield from (_triggered(holder, start) for start in starts if start.trigger)
    else:
        yield from (_odd(start) for start in starts if start.trigger not in BEGINNING and start.trigger != "multiple")
    plain = [start for start in starts if not start.trigger]
    if len(plain) > 1:
        line = holder.line if holder else _line(document, scope)
        where = holder.called() if holder else f"process {scope.id}"
        message = f"Expected exactly one start event without a trigger in {where}, but it has {len(plain)}."
        yield Finding(scope.id, line, message, blocks=True, legal=True)


def _check_event_starts(holder: Element, starts: list[Element]) -> Iterator[Finding]:
    if len(starts) != 1:
        message = f"Expected exactly one start event in {holder.called()}, but it has {len(starts) or 'none'}."
        yield Finding(holder.id, holder.line, message, blocks=True, legal=True)
    for start in starts:
        if start.trigger not in STARTING and start.trigger != "multiple":
            message = f"Expected a start event with a trigger in {holder.called()}, but {start.called()} has none."
            yield Finding(start.id, start.line, message, blocks=True)


def _triggered(holder: Element, start: Element) -> Finding:
    message = f"Expected a start event without a trigger in {holder.called()}, but {start.called()} has one."
    return Finding(start.id, start.line, message, blocks=True)


def _odd(start: Element) -> Finding:
    message = f"Expected a start that begins a process, but {start.called()} waits for {start.trigger}."
    return Finding(start.id, start.line, message, blocks=True)


def _reason(element: Element) -> str:
    if element.tag == "eventBasedGateway" and element.instantiate and element.gateway == "Parallel":
        return "one that waits for all of its events"
    if element.tag in ACTIVITIES:
        return "" if (element.tag, "") in BEHAVIOURS else "of a type that does not"
    if (element.tag, element.trigger) in BEHAVIOURS:
        return ""
    return f"one with trigger {element.trigger}" if element.trigger else "of a type that does not"


def _line(document: Document, scope: Scope) -> int:
    return next(process.line for process in document.processes if process.id == scope.id)
