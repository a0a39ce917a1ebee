"""One instance in memory on virtual time; `world` lets several of them meet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from processes.engine.advance import advance
from processes.engine.correlate import receivers
from processes.engine.effects import CancelTimer, Effect, Left, SetTimer
from processes.engine.errors import EngineError
from processes.engine.events import Event
from processes.engine.graph import Graph
from processes.engine.outside import Outside

WORK = frozenset(("userTask", "manualTask", "receiveTask"))


class StepRefused(Exception):
    """A step asks for what the simulated instances cannot do now."""


class Simulation:
    """One instance. parent and call: the instance and call activity that called it; name: as a steps file has it.

    incident says why an event failed; the state is the one before that event. visited: nodes that
    tokens left; called_off: those at which one was taken away.
    """

    def __init__(self, graph: Graph, outside: Outside, name: str | None = None) -> None:
        self.graph = graph
        self.outside = outside
        self.name = name
        self.parent: Simulation | None = None
        self.call = 0
        self.state: dict[str, Any] = {}
        self.due: dict[int, datetime] = {}
        self.incident: EngineError | None = None
        self.cancelled = False
        self.visited: set[str] = set()
        self.called_off: set[str] = set()

    @property
    def root(self) -> Simulation:
        """The instance at the top of the calls."""
        return self.parent.root if self.parent else self

    @property
    def runs(self) -> bool:
        """Whether it can take an event."""
        return bool(self.state) and not self.state.get("finished") and self.incident is None

    @property
    def status(self) -> str:
        """running, completed, cancelled or error, of itself."""
        if self.incident:
            return "error"
        if self.cancelled:
            return "cancelled"
        return "completed" if self.state.get("finished") else "running"

    @property
    def active(self) -> list[str]:
        """Sorted ids of the user, manual and receive tasks that wait, one for each token."""
        nodes, open_nodes = self.graph.nodes, self.graph.open_tasks(self.state)
        choices = [
            wait.node
            for wait in self.graph.open_waits(self.state).values()
            if nodes[wait.node].element == "receiveTask" and wait.holder not in open_nodes
        ]
        return sorted(choices + [node for node in open_nodes.values() if nodes[node].element in WORK])

    @property
    def waiting(self) -> list[str]:
        """Sorted ids of the catching events that wait, boundary events included."""
        held = [wait.node for wait in self.graph.open_waits(self.state).values()]
        held += self.graph.open_timers(self.state).values()
        return sorted(node for node in held if self.graph.nodes[node].element != "receiveTask")

    @property
    def variables(self) -> dict[str, Any]:
        """The instance's variables."""
        return dict(self.state.get("variables", {}))

    def task(self, node: str) -> int | None:
        """The oldest open task of an element."""
        return next(
            (number for number, open_node in self.graph.open_tasks(self.state).items() if open_node == node), None
        )

    def receivers(self, name: str, keys: Mapping[str, Any], activity: str = "") -> list[int]:
        """Subscriptions that a message would reach."""
        return receivers(self.graph, self.state, name, keys, activity) if self.runs else []

    def take(self, event: Event, now: datetime) -> list[Effect]:
        """One event; what fails is an incident and nothing happens. Raises StepRefused where it takes too long."""
        try:
            self.state, effects = advance(self.graph, self.state, event, now, self.outside)
        except EngineError as error:
            if isinstance(error.__cause__, StepRefused):
                raise error.__cause__ from None
            self.incident = error
            self.due.clear()
            return []
        for effect in effects:
            if isinstance(effect, SetTimer):
                self.due[effect.timer] = effect.due
            elif isinstance(effect, CancelTimer):
                self.due.pop(effect.timer, None)
            elif isinstance(effect, Left):
                (self.called_off if effect.called_off else self.visited).add(effect.node)
        return effects
