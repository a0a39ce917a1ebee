"""Details of an element as rules in FEEL. Everything here was checked before: what is left out cannot run."""

from __future__ import annotations

from processes.engine.details import Assignment, Call, Decide, Formula, Loop, as_they_are
from processes.engine.document import Document, Element, Trigger
from processes.engine.expressions import in_feel
from processes.engine.read_correlations import SENT
from processes.engine.rules import Assigned, CallRule, DecideRule, EventRule, LoopRule
from processes.engine.timers import TimerRule

RECEIVERS = frozenset(("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"))


def assigned(assignments: tuple[Assignment, ...]) -> Assigned:
    """Targets with their FEEL."""
    return tuple((one.target, in_feel(one.source)) for one in assignments)


def event_rule(element: Element, document: Document) -> EventRule | None:
    """What an event, send or receive task throws or waits for."""
    if element.tag in ("sendTask", "receiveTask"):
        return EventRule("message", name=_name(document, element.reference))
    if not element.triggers:
        return None
    trigger = element.triggers[0]
    return EventRule(
        kind=trigger.kind,
        name=trigger.text if trigger.kind == "link" else _name(document, trigger.reference),
        code=_code(document, trigger.reference),
        timer=_timer(trigger) if trigger.kind == "timer" else None,
        condition=in_feel(Formula(trigger.text, trigger.language)) if trigger.kind == "conditional" else "",
        activity=trigger.reference if trigger.kind == "compensate" else "",
        waits=trigger.waits,
        said=_said(document, trigger.reference),
        code_variable=trigger.code_variable,
        message_variable=trigger.message_variable,
    )


def loop_rule(loop: Loop | None) -> LoopRule | None:
    """How an activity is repeated."""
    if loop is None:
        return None
    return LoopRule(
        many=loop.many,
        sequential=loop.sequential,
        cardinality=in_feel(loop.cardinality),
        collection=in_feel(loop.collection),
        element=loop.element,
        output=loop.output,
        output_element=in_feel(loop.output_element),
        until=in_feel(loop.until),
        condition=in_feel(loop.condition),
        test_before=loop.test_before,
        maximum=int(loop.maximum) if loop.maximum else None,
    )


def call_rule(call: Call | None) -> CallRule | None:
    """Which process is called, and what goes in and out."""
    if call is None:
        return None
    return CallRule(in_feel(call.process), assigned(call.inputs), assigned(call.outputs), call.all_in, call.all_out)


def decide_rule(decide: Decide | None) -> DecideRule | None:
    """Which table decides."""
    return None if decide is None else DecideRule(in_feel(decide.table), decide.result, decide.shape)


def keys_of(element: Element, document: Document, process: str) -> tuple[Assignment, ...]:
    """What a message of this element is recognised by: its own keys, its message's, or the standard's properties."""
    reference = element.reference or next((t.reference for t in element.triggers if t.kind == "message"), "")
    if not reference or element.details.keys:
        return element.details.keys
    definition = document.definitions.get(reference)
    if definition is not None and definition.keys:
        return definition.keys
    given = document.correlations.get(process if element.tag in RECEIVERS else SENT, ())
    fitting = [one for one in given if not one.messages or reference in one.messages]
    return tuple(Assignment(one.name, one.path) for one in fitting)


def payload_of(element: Element) -> tuple[Assignment, ...]:
    """What a thrown message or signal carries: what is said, or else what its inputs are."""
    details = element.details
    if details.payload or not (element.trigger or element.tag == "sendTask"):
        return details.payload
    return details.inputs if element.trigger else as_they_are(details.inputs)


def _timer(trigger: Trigger) -> TimerRule:
    rule = TimerRule(trigger.form, trigger.text, trigger.calendar)
    return (
        rule
        if rule.is_literal
        else TimerRule(trigger.form, in_feel(Formula(trigger.text, trigger.language)), trigger.calendar)
    )


def _name(document: Document, reference: str) -> str:
    definition = document.definitions.get(reference)
    return definition.name if definition is not None else ""


def _said(document: Document, reference: str) -> str:
    definition = document.definitions.get(reference)
    return in_feel(definition.said) if definition is not None else ""


def _code(document: Document, reference: str) -> str:
    definition = document.definitions.get(reference)
    return definition.code if definition is not None else ""
