"""What an instance asks for, in the order in which it is to be done. `node` is an element id of the model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Open a task (user, manual, service) and send TaskCompleted with its number when it is done."""

    task: int
    node: str


@dataclass(frozen=True, slots=True)
class CancelTask:
    """The open task is not wanted any more."""

    task: int
    node: str


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Send TimerDue with this number at `due` (aware)."""

    timer: int
    node: str
    due: datetime


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """The timer is not wanted any more."""

    timer: int
    node: str


@dataclass(frozen=True, slots=True)
class ReachMilestone:
    """The client's step `key` is reached."""

    key: str
    node: str


@dataclass(frozen=True, slots=True)
class Entered:
    """A token came to the node."""

    node: str


@dataclass(frozen=True, slots=True)
class Left:
    """A token left the node (also when the node was interrupted)."""

    node: str


@dataclass(frozen=True, slots=True)
class Finished:
    """No token is left. outcome: completed, rejected or cancelled."""

    outcome: str


Effect = OpenTask | CancelTask | SetTimer | CancelTimer | ReachMilestone | Entered | Left | Finished
