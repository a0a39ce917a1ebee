"""What elements need to run: a time, a message, a condition, a list to repeat for, a process to call, a handler."""

from __future__ import annotations

from collections.abc import Iterator

from processes.engine.document import Document, Element, Scope, Trigger
from processes.engine.expressions import is_cron
from processes.engine.report import Finding

REFERRED = {"message": "message", "signal": "signal", "error": "error", "escalation": "escalation"}
MAX_LOOPS = 10_000


def check_details(document: Document, scope: Scope, handled: frozenset[str]) -> Iterator[Finding]:
    """What is missing for an element to run (legal), and what refers to nothing (wrong).

    handled: compensation events from which something leads to a handler.
    """
    for element in scope.elements:
        for trigger in element.triggers:
            yield from (_lacks(element, what, trigger.line) for what in _missing(element, trigger, handled))
            if is_cron(trigger):
                message = f"Expected a cycle such as R3/PT1H on {element.called()}, but it is a cron expression."
                yield Finding(element.id, trigger.line, message, blocks=True, legal=True)
        yield from _check_references(document, element)
        yield from _check_task(element)
        yield from _check_repetition(element)


def handled_events(document: Document) -> frozenset[str]:
    """Compensation events that an association or a flow leads away from."""
    pairs = [(flow.source, flow.target) for flow in document.flows.values()]
    pairs += [*document.associations, *((target, source) for source, target in document.associations)]
    return frozenset(source for source, target in pairs if target in document.elements)


def _missing(element: Element, trigger: Trigger, handled: frozenset[str]) -> Iterator[str]:
    kind = trigger.kind
    if kind == "timer" and not trigger.text:
        yield "timeDuration, timeDate or timeCycle"
    elif kind == "conditional" and not trigger.text:
        yield "a condition"
    elif kind in ("message", "signal") and not trigger.reference:
        yield f"a {kind}"
    elif kind == "link" and not trigger.text:
        yield "the name of a link"
    elif kind == "compensate" and element.tag == "boundaryEvent" and element.id not in handled:
        yield "an association to the activity that compensates"


def _check_references(document: Document, element: Element) -> Iterator[Finding]:
    named = [(trigger.kind, trigger.reference, trigger.line) for trigger in element.triggers if trigger.reference]
    if element.reference:
        named.append(("message", element.reference, element.line))
    for kind, reference, line in named:
        if kind == "compensate":
            known = reference in document.elements
        else:
            known = reference in document.definitions and document.definitions[reference].tag == REFERRED.get(kind)
        if not known:
            what = "activity" if kind == "compensate" else kind
            message = f'Expected {element.called()} to name a {what} of the file, but there is no "{reference}".'
            yield Finding(element.id, line, message, blocks=True)


def _check_task(element: Element) -> Iterator[Finding]:
    details = element.details
    if element.tag == "callActivity" and details.call is None:
        yield _lacks(element, "calledElement", element.line)
    if element.tag == "businessRuleTask" and details.decide is None:
        yield _lacks(
            element, "a decision table (tl:decision, zeebe:calledDecision or camunda:decisionRef)", element.line
        )
    if element.tag == "scriptTask" and not details.script:
        yield _useless(element, "Expected a script in {}, but it has none: it passes and does nothing.")
    if element.tag in ("sendTask", "receiveTask") and not element.reference:
        yield _useless(element, "Expected {} to name a message, but it names none: it sends or receives nothing.")
    for problem in details.problems:
        yield Finding(element.id, element.line, f"{problem[:-1]} ({element.called()}).", blocks=True, legal=True)
    for assignment in (*details.inputs, *details.outputs):
        if not assignment.target:
            yield Finding(
                element.id, element.line, f"Expected a name in each mapping of {element.called()}.", blocks=True
            )


def _check_repetition(element: Element) -> Iterator[Finding]:
    loop = element.details.loop
    if loop is None:
        return
    if element.event_sub_process:
        message = f"Expected {element.called()} to begin once for each event, but it is repeated."
        yield Finding(element.id, loop.line, message, blocks=True)
    elif loop.many and not (loop.cardinality or loop.collection):
        yield _lacks(element, "loopCardinality or a collection", loop.line)
    elif not loop.many and not (loop.condition or loop.maximum):
        yield _lacks(element, "loopCondition or loopMaximum", loop.line)
    if loop.maximum and not (
        loop.maximum.isascii() and loop.maximum.isdecimal() and int(loop.maximum[:9]) <= MAX_LOOPS
    ):
        message = f'Expected loopMaximum up to {MAX_LOOPS:,} on {element.called()}, but it is "{loop.maximum[:20]}".'
        yield Finding(element.id, loop.line, message, blocks=True)


def _lacks(element: Element, what: str, line: int) -> Finding:
    return Finding(
        element.id, line, f"Expected {what} on {element.called()}, but it has none.", blocks=True, legal=True
    )


def _useless(element: Element, message: str) -> Finding:
    return Finding(element.id, element.line, message.format(element.called()))
