"""What a compiled node needs beside its flows: all expressions are FEEL, all references are resolved."""

from __future__ import annotations

from dataclasses import dataclass

from processes.engine.timers import TimerRule

Assigned = tuple[tuple[str, str], ...]  # (variable, FEEL); variable "": the expression gives an object of variables


@dataclass(frozen=True, slots=True)
class EventRule:
    """What an event throws or waits for. name: of the message, signal or link; code: of an error or escalation
    ("" catches any); condition: FEEL; activity: what is compensated ("" all); waits: until it is compensated;
    said: FEEL for what an error says; code_variable, message_variable: what gets the code and the words of one caught.
    """

    kind: str
    name: str = ""
    code: str = ""
    timer: TimerRule | None = None
    condition: str = ""
    activity: str = ""
    waits: bool = True
    said: str = ""
    code_variable: str = ""
    message_variable: str = ""


@dataclass(frozen=True, slots=True)
class LoopRule:
    """Repetition, as in `details.Loop`, in FEEL. maximum: of a standard loop."""

    many: bool
    sequential: bool
    cardinality: str
    collection: str
    element: str
    output: str
    output_element: str
    until: str
    condition: str
    test_before: bool
    maximum: int | None


@dataclass(frozen=True, slots=True)
class CallRule:
    """A called process: its id in FEEL, and what goes in and out."""

    process: str
    inputs: Assigned
    outputs: Assigned
    all_in: bool
    all_out: bool


@dataclass(frozen=True, slots=True)
class DecideRule:
    """A table's key in FEEL, the variable for its answer, and how Camunda 7 would shape it."""

    table: str
    result: str
    shape: str


@dataclass(frozen=True, slots=True)
class Content:
    """What begins with a process or sub-process: start nodes; start events of event sub-processes that wait for a
    time, message, signal or condition; those that catch errors and escalations; the one for compensation. data:
    variables that begin and end with a sub-process."""

    starts: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    catching: tuple[str, ...] = ()
    compensation: str = ""
    data: tuple[str, ...] = ()


NOTHING = Content()
