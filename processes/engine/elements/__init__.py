"""How each executable element behaves: one file per element, one registry.

Keys are (BPMN element, trigger); a pair that does not stand here is not executable.
"""

from __future__ import annotations

from processes.engine.elements import (
    end_event,
    exclusive_gateway,
    parallel_gateway,
    plain_task,
    start_event,
    sub_process,
    timer_boundary_event,
    timer_catch_event,
    waiting_task,
)
from processes.engine.elements import none_throw_event as none_throw
from processes.engine.elements.behaviour import Behaviour

BEHAVIOURS: dict[tuple[str, str], Behaviour] = {
    ("startEvent", ""): start_event.BEHAVIOUR,
    ("endEvent", ""): end_event.BEHAVIOUR,
    ("intermediateThrowEvent", ""): none_throw.BEHAVIOUR,
    ("intermediateCatchEvent", "timer"): timer_catch_event.BEHAVIOUR,
    ("boundaryEvent", "timer"): timer_boundary_event.BEHAVIOUR,
    ("task", ""): plain_task.BEHAVIOUR,
    ("userTask", ""): waiting_task.BEHAVIOUR,
    ("manualTask", ""): waiting_task.BEHAVIOUR,
    ("serviceTask", ""): waiting_task.BEHAVIOUR,
    ("exclusiveGateway", ""): exclusive_gateway.BEHAVIOUR,
    ("parallelGateway", ""): parallel_gateway.BEHAVIOUR,
    ("subProcess", ""): sub_process.BEHAVIOUR,
}


def behaviour_of(element: str, trigger: str) -> Behaviour:
    """The behaviour of an element. Raises KeyError for one that no compiled graph can hold."""
    return BEHAVIOURS[element, trigger]
