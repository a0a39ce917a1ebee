"""The process engine, pure: parse, check, compile, advance, draw, simulate. Nothing of Django, no clock, no I/O.

Expressions are evaluated by a callable that the caller gives; `now` is always an argument.
"""

from processes.engine.advance import advance
from processes.engine.check import check
from processes.engine.compile import compile_graph
from processes.engine.document import Document
from processes.engine.effects import (
    CancelTask,
    CancelTimer,
    Effect,
    Entered,
    Finished,
    Left,
    OpenTask,
    ReachMilestone,
    SetTimer,
)
from processes.engine.errors import EngineError, EngineRefusal, NotExecutable, ParseRefused
from processes.engine.events import Cancelled, Event, Started, TaskCompleted, TimerDue, VariablesSet
from processes.engine.graph import Graph, MilestoneDef, Node
from processes.engine.parse import parse
from processes.engine.picture.describe import Description, describe
from processes.engine.picture.svg import render_svg
from processes.engine.report import Finding, Report

__all__ = [
    "CancelTask",
    "CancelTimer",
    "Cancelled",
    "Description",
    "Document",
    "Effect",
    "EngineError",
    "EngineRefusal",
    "Entered",
    "Event",
    "Finding",
    "Finished",
    "Graph",
    "Left",
    "MilestoneDef",
    "Node",
    "NotExecutable",
    "OpenTask",
    "ParseRefused",
    "ReachMilestone",
    "Report",
    "SetTimer",
    "Started",
    "TaskCompleted",
    "TimerDue",
    "VariablesSet",
    "advance",
    "check",
    "compile_graph",
    "describe",
    "parse",
    "render_svg",
]
