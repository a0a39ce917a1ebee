"""What an instance asks for, in the order in which it is to be done. `node` is an element id of the model.

Nobody changes an effect; they are not frozen because that makes each more than twice as slow to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class OpenTask:
    """Open a task (user, manual, service; held ones too) and send TaskCompleted with its number when it is done."""

    task: int
    node: str


@dataclass(slots=True)
class CancelTask:
    """The open task is not wanted any more."""

    task: int
    node: str


@dataclass(slots=True)
class SetTimer:
    """Send TimerDue with this number at `due` (aware)."""

    timer: int
    node: str
    due: datetime


@dataclass(slots=True)
class CancelTimer:
    """The timer is not wanted any more."""

    timer: int
    node: str


@dataclass(slots=True)
class Subscribe:
    """Send MessageArrived with this number, or SignalArrived with this name, when it comes.

    kind: message or signal; name: of it; keys: what the message must say, by name.
    """

    subscription: int
    node: str
    kind: str
    name: str
    keys: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Unsubscribe:
    """The subscription is over: its message came, or it is not wanted any more."""

    subscription: int
    node: str


@dataclass(slots=True)
class ThrowMessage:
    """Deliver a message to the one that waits for it. keys: what it is recognised by; variables: what it says."""

    node: str
    name: str
    keys: Mapping[str, Any]
    variables: Mapping[str, Any]


@dataclass(slots=True)
class ThrowSignal:
    """Send SignalArrived to every other instance that waits for it, and start what it starts. In the instance that
    throws it, it has already come."""

    node: str
    name: str
    variables: Mapping[str, Any]


@dataclass(slots=True)
class CallProcess:
    """Start the process in an instance of its own (`Started(variables, called=True)`), and send CalledCompleted,
    CalledFailed or CalledEscalated with this number when it ends so."""

    call: int
    node: str
    process: str
    variables: Mapping[str, Any]


@dataclass(slots=True)
class CancelCalled:
    """The called process is not wanted any more: cancel its instance."""

    call: int
    node: str


@dataclass(slots=True)
class Escalated:
    """Nothing here caught an escalation: tell the instance that called this one, otherwise nothing follows."""

    node: str
    code: str


@dataclass(slots=True)
class Failed:
    """Nothing here caught an error and this called instance has ended by it: tell the instance that called it."""

    node: str
    code: str
    message: str


@dataclass(slots=True)
class Decided:
    """A table or model answered at the node: which version of it and why, as who was asked says. Nothing follows."""

    node: str
    reasons: Mapping[str, Any]


@dataclass(slots=True)
class ReachMilestone:
    """The client's step `key` is reached."""

    key: str
    node: str


@dataclass(slots=True)
class Entered:
    """A token came to the node."""

    node: str


@dataclass(slots=True)
class Left:
    """A token left the node. called_off: it was taken away there, so what the node is about was not done."""

    node: str
    called_off: bool = False


@dataclass(slots=True)
class Finished:
    """No token is left. outcome: completed, rejected or cancelled."""

    outcome: str


Effect = (
    OpenTask
    | CancelTask
    | SetTimer
    | CancelTimer
    | Subscribe
    | Unsubscribe
    | ThrowMessage
    | ThrowSignal
    | CallProcess
    | CancelCalled
    | Escalated
    | Failed
    | Decided
    | ReachMilestone
    | Entered
    | Left
    | Finished
)
