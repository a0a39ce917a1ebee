"""Which elements run here: those with a behaviour. The others are legal and shown, but named."""

from __future__ import annotations

from collections.abc import Iterator

from processes.engine.document import ACTIVITIES, Document, Element, Scope
from processes.engine.elements import BEHAVIOURS
from processes.engine.report import Finding


def check_elements(scope: Scope) -> Iterator[Finding]:
    """Elements of the scope that do not run here, each with what it is."""
    for element in scope.elements:
        reason = _reason(element)
        if reason:
            message = f"Expected an element that runs here, but {element.called()} is {reason}."
            yield Finding(element.id, element.line, message, blocks=True, legal=True)
        yield from _check_timer(element)


def check_starts(document: Document, scope: Scope) -> Iterator[Finding]:
    """A process or sub-process that runs has exactly one none start event."""
    holder = document.elements.get(scope.id)
    if holder is not None and (holder.event_sub_process or holder.tag != "subProcess"):
        return  # does not run anyway
    starts = [element for element in scope.elements if element.tag == "startEvent"]
    if len(starts) == 1:
        return
    if holder is None and not scope.elements:
        return  # an empty process: a pool drawn as a black box
    line = holder.line if holder else _line(document, scope)
    where = holder.called() if holder else f"process {scope.id}"
    message = f"Expected exactly one start event in {where}, but it has {len(starts) or 'none'}."
    yield Finding(scope.id, line, message, blocks=True, legal=True)


def _reason(element: Element) -> str:
    if element.loop:
        return f"repeated ({element.loop})"
    if element.event_sub_process:
        return "an event sub-process"
    if element.for_compensation:
        return "a compensation activity"
    if element.tag in ACTIVITIES:
        return "" if (element.tag, "") in BEHAVIOURS else "of a type that does not"
    if (element.tag, element.trigger) in BEHAVIOURS:
        return ""
    return f"one with trigger {element.trigger}" if element.trigger else "of a type that does not"


def _check_timer(element: Element) -> Iterator[Finding]:
    for trigger in element.triggers:
        if trigger.kind != "timer" or (element.tag, "timer") not in BEHAVIOURS:
            continue
        if trigger.form == "timeCycle":
            message = f"Expected a duration or a date on {element.called()}, but it has a cycle."
            yield Finding(element.id, trigger.line, message, blocks=True, legal=True)
        elif not trigger.text:
            message = f"Expected timeDuration or timeDate on {element.called()}, but it has no time."
            yield Finding(element.id, trigger.line, message, blocks=True, legal=True)


def _line(document: Document, scope: Scope) -> int:
    return next(process.line for process in document.processes if process.id == scope.id)
