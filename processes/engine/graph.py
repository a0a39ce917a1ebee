"""The compiled model: immutable, everything a step needs is one look-up away from the node it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from processes.engine.document import Flow, in_language
from processes.engine.errors import EngineError
from processes.engine.state import State
from processes.engine.timers import TimerRule


@dataclass(frozen=True, slots=True)
class MilestoneDef:
    """A step that the client sees; `en` and `zh` are its names."""

    key: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node. element: BPMN tag; kind: `tl:kind`; attributes: our extension elements by name, each a mapping
    ({"work": {"queue": "maintenance", "effort": "20"}, "milestone": {…}}), all values as text."""

    id: str
    element: str
    name: str
    name_zh: str
    kind: str
    attributes: Mapping[str, Mapping[str, str]]
    line: int
    outcome: str
    trigger: str
    timer: TimerRule | None
    interrupting: bool
    incoming: int
    outgoing: tuple[Flow, ...]
    default: str
    boundary: tuple[str, ...]
    start: str

    def label(self, language: str = "en") -> str:
        """The name in the language, or the one there is, or nothing."""
        return in_language(language, self.name, self.name_zh)


@dataclass(frozen=True, slots=True)
class Graph:
    """One executable process. start: id of its start event."""

    process: str
    name: str
    start: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    milestones: tuple[MilestoneDef, ...]

    def task(self, state: Mapping[str, Any], task_no: int) -> str:
        """Element id of an open task. Raises EngineError(unknown_task)."""
        tasks = self.open_tasks(state)
        if task_no not in tasks:
            raise EngineError("unknown_task", "", f"Expected an open task, but task {task_no} is not open.")
        return tasks[task_no]

    def open_tasks(self, state: Mapping[str, Any]) -> dict[int, str]:
        """Element id by number of every open task, in the order of opening."""
        return {number: node for number, (node, _) in State.load(state).tasks.items()}

    def open_timers(self, state: Mapping[str, Any]) -> dict[int, str]:
        """Element id by number of every timer that runs, boundary timers included."""
        held = State.load(state)
        both = {**held.timers, **held.guards}
        return {number: both[number][0] for number in sorted(both)}

    def active_nodes(self, state: Mapping[str, Any]) -> frozenset[str]:
        """Element ids on which a token stands: tasks, events, sub-processes, and gateways that wait for others."""
        held = State.load(state)
        standing = [node for node, _ in (*held.tasks.values(), *held.timers.values())]
        standing.extend(scope.node for scope in held.scopes.values() if scope.node)
        standing.extend(gateway for scope in held.scopes.values() for gateway in scope.joins)
        return frozenset(standing)
