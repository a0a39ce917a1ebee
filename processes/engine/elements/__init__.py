"""How each executable element behaves: one file per element, one registry.

Keys are (BPMN element, trigger); a pair that does not stand here is not executable.
"""

from __future__ import annotations

from processes.engine.elements import (
    boundary_event,
    business_rule_task,
    call_activity,
    catch_event,
    end_event,
    event_based_gateway,
    exclusive_gateway,
    inclusive_gateway,
    link_event,
    none_throw_event,
    parallel_gateway,
    plain_task,
    receive_task,
    script_task,
    send_task,
    start_event,
    sub_process,
    throw_event,
    waiting_task,
)
from processes.engine.elements.behaviour import Behaviour

BEHAVIOURS: dict[tuple[str, str], Behaviour] = {
    ("startEvent", ""): start_event.BEHAVIOUR,
    ("startEvent", "message"): start_event.BEHAVIOUR,
    ("startEvent", "timer"): start_event.BEHAVIOUR,
    ("startEvent", "signal"): start_event.BEHAVIOUR,
    ("startEvent", "conditional"): start_event.BEHAVIOUR,
    ("startEvent", "error"): start_event.BEHAVIOUR,
    ("startEvent", "escalation"): start_event.BEHAVIOUR,
    ("startEvent", "compensate"): start_event.BEHAVIOUR,
    ("endEvent", ""): end_event.NONE,
    ("endEvent", "message"): end_event.MESSAGE,
    ("endEvent", "signal"): end_event.SIGNAL,
    ("endEvent", "error"): end_event.ERROR,
    ("endEvent", "escalation"): end_event.ESCALATION,
    ("endEvent", "terminate"): end_event.TERMINATE,
    ("endEvent", "cancel"): end_event.CANCEL,
    ("endEvent", "compensate"): end_event.COMPENSATION,
    ("intermediateThrowEvent", ""): none_throw_event.BEHAVIOUR,
    ("intermediateThrowEvent", "message"): throw_event.MESSAGE,
    ("intermediateThrowEvent", "signal"): throw_event.SIGNAL,
    ("intermediateThrowEvent", "escalation"): throw_event.ESCALATION,
    ("intermediateThrowEvent", "compensate"): throw_event.COMPENSATION,
    ("intermediateThrowEvent", "link"): link_event.THROW,
    ("intermediateCatchEvent", "timer"): catch_event.BEHAVIOUR,
    ("intermediateCatchEvent", "message"): catch_event.BEHAVIOUR,
    ("intermediateCatchEvent", "signal"): catch_event.BEHAVIOUR,
    ("intermediateCatchEvent", "conditional"): catch_event.BEHAVIOUR,
    ("intermediateCatchEvent", "link"): link_event.CATCH,
    ("boundaryEvent", "timer"): boundary_event.BEHAVIOUR,
    ("boundaryEvent", "message"): boundary_event.BEHAVIOUR,
    ("boundaryEvent", "signal"): boundary_event.BEHAVIOUR,
    ("boundaryEvent", "conditional"): boundary_event.BEHAVIOUR,
    ("boundaryEvent", "error"): boundary_event.BEHAVIOUR,
    ("boundaryEvent", "escalation"): boundary_event.BEHAVIOUR,
    ("boundaryEvent", "cancel"): boundary_event.BEHAVIOUR,
    ("boundaryEvent", "compensate"): boundary_event.BEHAVIOUR,
    ("task", ""): plain_task.BEHAVIOUR,
    ("userTask", ""): waiting_task.BEHAVIOUR,
    ("manualTask", ""): waiting_task.BEHAVIOUR,
    ("serviceTask", ""): waiting_task.BEHAVIOUR,
    ("scriptTask", ""): script_task.BEHAVIOUR,
    ("sendTask", ""): send_task.BEHAVIOUR,
    ("receiveTask", ""): receive_task.BEHAVIOUR,
    ("businessRuleTask", ""): business_rule_task.BEHAVIOUR,
    ("exclusiveGateway", ""): exclusive_gateway.BEHAVIOUR,
    ("parallelGateway", ""): parallel_gateway.BEHAVIOUR,
    ("inclusiveGateway", ""): inclusive_gateway.BEHAVIOUR,
    ("eventBasedGateway", ""): event_based_gateway.BEHAVIOUR,
    ("subProcess", ""): sub_process.BEHAVIOUR,
    ("transaction", ""): sub_process.BEHAVIOUR,
    ("callActivity", ""): call_activity.BEHAVIOUR,
}


def behaviour_of(element: str, trigger: str) -> Behaviour:
    """The behaviour of an element. Raises KeyError for one that no compiled graph can hold."""
    return BEHAVIOURS[element, trigger]
