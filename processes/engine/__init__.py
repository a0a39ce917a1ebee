"""The process engine, pure: parse, check, compile, advance, draw, simulate. Nothing of Django, no clock, no I/O.

Expressions are evaluated by a callable that the caller gives; `now` is always an argument.
"""

from processes.engine.advance import advance
from processes.engine.check import check
from processes.engine.compile import compile_graph
from processes.engine.document import Document
from processes.engine.effects import (
    CallProcess,
    CancelCalled,
    CancelTask,
    CancelTimer,
    Decided,
    Effect,
    Entered,
    Escalated,
    Failed,
    Finished,
    Left,
    OpenTask,
    ReachMilestone,
    SetTimer,
    Subscribe,
    ThrowMessage,
    ThrowSignal,
    Unsubscribe,
)
from processes.engine.errors import EngineError, EngineRefusal, NotExecutable, ParseRefused
from processes.engine.events import (
    CalledCompleted,
    CalledEscalated,
    CalledFailed,
    Cancelled,
    ErrorThrown,
    EscalationThrown,
    Event,
    MessageArrived,
    Moved,
    SentBack,
    SignalArrived,
    Started,
    TaskCompleted,
    TimerDue,
    VariablesSet,
)
from processes.engine.graph import Graph, MilestoneDef, Node
from processes.engine.outside import Answer, Outside
from processes.engine.parse import parse
from processes.engine.picture.describe import Description, describe
from processes.engine.picture.svg import render_svg
from processes.engine.report import Finding, Report

__all__ = [
    "Answer",
    "CallProcess",
    "CalledCompleted",
    "CalledEscalated",
    "CalledFailed",
    "CancelCalled",
    "CancelTask",
    "CancelTimer",
    "Cancelled",
    "Decided",
    "Description",
    "Document",
    "Effect",
    "EngineError",
    "EngineRefusal",
    "Entered",
    "ErrorThrown",
    "Escalated",
    "EscalationThrown",
    "Event",
    "Failed",
    "Finding",
    "Finished",
    "Graph",
    "Left",
    "MessageArrived",
    "MilestoneDef",
    "Moved",
    "Node",
    "NotExecutable",
    "OpenTask",
    "Outside",
    "ParseRefused",
    "ReachMilestone",
    "Report",
    "SentBack",
    "SetTimer",
    "SignalArrived",
    "Started",
    "Subscribe",
    "TaskCompleted",
    "ThrowMessage",
    "ThrowSignal",
    "TimerDue",
    "Unsubscribe",
    "VariablesSet",
    "advance",
    "check",
    "compile_graph",
    "describe",
    "parse",
    "render_svg",
]
