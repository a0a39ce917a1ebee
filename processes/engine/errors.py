"""Every way in which the engine says no.

EngineRefusal
├── ParseRefused     the bytes are not a BPMN model that may be read
├── NotExecutable    a legal model that cannot run here
└── EngineError      an event that this instance cannot take; the caller keeps the old state
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processes.engine.report import Report


class EngineRefusal(Exception):
    """Root of the engine's refusals; `message` is one plain sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ParseRefused(EngineRefusal):
    """The bytes cannot be read as BPMN; `line` counts from 1."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(message)
        self.file = file
        self.line = line

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class NotExecutable(EngineRefusal):
    """The model cannot run; `report` holds every reason with element and line."""

    def __init__(self, report: Report) -> None:
        first = report.blocking[0]
        super().__init__(first.message)
        self.report = report


class EngineError(EngineRefusal):
    """An event failed at `node` (an element id, or "" where none is concerned).

    `code` is one of: already_started, not_started, finished, unknown_start, unknown_task, unknown_timer,
    unknown_subscription, unknown_call, no_flow_taken, expression_failed, not_a_boolean, not_a_value, bad_timer,
    bad_repetition, bad_call, uncaught_error, uncaught_cancel, livelock, too_many;
    of the caller: too_long, calls_too_deep, no_order.
    """

    def __init__(self, code: str, node: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.node = node
