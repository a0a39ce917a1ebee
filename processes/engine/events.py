"""What moves an instance. Variables are plain JSON values by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Started:
    """The instance begins with these variables; its state was {}."""

    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """An open task is done; its variables join those of the instance."""

    task: int
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimerDue:
    """The due time of a timer has come."""

    timer: int


@dataclass(frozen=True, slots=True)
class VariablesSet:
    """Variables change while everything stays where it is."""

    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The whole instance is cancelled from outside."""


Event = Started | TaskCompleted | TimerDue | VariablesSet | Cancelled
