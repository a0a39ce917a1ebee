"""What moves an instance. Variables are plain JSON values by name. Not frozen, as the effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Started:
    """The instance begins with these variables; its state was {}.

    at: the start event or receiving node whose message, signal or time has come ("" where it begins by itself);
    called: another instance waits for this one.
    """

    variables: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""
    called: bool = False


@dataclass(slots=True)
class TaskCompleted:
    """An open task is done; its variables join those of the instance."""

    task: int
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class TimerDue:
    """The due time of a timer has come."""

    timer: int


@dataclass(slots=True)
class MessageArrived:
    """The message of a subscription has come."""

    subscription: int
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class SignalArrived:
    """A signal was thrown elsewhere: whatever waits for it here goes on; nothing may."""

    name: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ErrorThrown:
    """The work of an open task ended in a business error."""

    task: int
    code: str
    message: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class EscalationThrown:
    """An open task escalates; it goes on unless what catches it interrupts it."""

    task: int
    code: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class SentBack:
    """An open task is called off and its token goes to an earlier step, `to`, or to the task's own node once more."""

    task: int
    to: str


@dataclass(slots=True)
class CalledCompleted:
    """The called process has ended; its variables, and how: completed, rejected or cancelled."""

    call: int
    variables: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = ""


@dataclass(slots=True)
class CalledFailed:
    """The called process ended by an error that nothing in it caught."""

    call: int
    code: str
    message: str = ""


@dataclass(slots=True)
class CalledEscalated:
    """The called process escalated, and nothing in it caught it; it still runs."""

    call: int
    code: str


@dataclass(slots=True)
class VariablesSet:
    """Variables change; nothing moves but what waits for a condition that is now true."""

    variables: Mapping[str, Any]


@dataclass(slots=True)
class Moved:
    """The instance came here from another version of its drawing: what holds already happens now, joins that have all
    their tokens and conditions that are true."""


@dataclass(slots=True)
class Cancelled:
    """The whole instance is cancelled from outside."""


Event = (
    Started
    | TaskCompleted
    | TimerDue
    | MessageArrived
    | SignalArrived
    | ErrorThrown
    | EscalationThrown
    | SentBack
    | CalledCompleted
    | CalledFailed
    | CalledEscalated
    | VariablesSet
    | Moved
    | Cancelled
)
