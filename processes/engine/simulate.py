"""Runs a model in memory on virtual time: what the dry run, `process run` and the conformance cases stand on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from processes.engine.advance import advance
from processes.engine.effects import CancelTimer, SetTimer
from processes.engine.errors import EngineError
from processes.engine.events import Cancelled, Event, Started, TaskCompleted, TimerDue, VariablesSet
from processes.engine.graph import Graph
from processes.engine.run import Evaluate

MAX_PASSES = 10_000
PASSING = frozenset(("serviceTask",))


class StepRefused(Exception):
    """A step asks for what the simulated instance cannot do now."""


class Simulation:
    """One instance. Service tasks pass at once unless they are held; everything else waits for a step.

    status: running, completed, cancelled, or error after an event that failed (`incident` says why; the state is the
    one before that event).
    """

    def __init__(self, graph: Graph, evaluate: Evaluate, *, now: datetime, hold: Collection[str] = ()) -> None:
        self.graph = graph
        self.evaluate = evaluate
        self.now = now
        self.hold = frozenset(hold)
        self.state: dict[str, Any] = {}
        self.due: dict[int, datetime] = {}
        self.incident: EngineError | None = None
        self.cancelled = False
        self.passes = 0

    @property
    def status(self) -> str:
        """running, completed, cancelled or error."""
        if self.incident:
            return "error"
        if self.cancelled:
            return "cancelled"
        return "completed" if self.state.get("finished") else "running"

    @property
    def active(self) -> list[str]:
        """Sorted ids of the user and manual tasks that wait, one for each token."""
        open_nodes = self.graph.open_tasks(self.state).values()
        return sorted(node for node in open_nodes if self.graph.nodes[node].element not in PASSING)

    @property
    def waiting(self) -> list[str]:
        """Sorted ids of the catching events that wait, boundary events included."""
        return sorted(self.graph.open_timers(self.state).values())

    @property
    def variables(self) -> dict[str, Any]:
        """The instance's variables."""
        return dict(self.state.get("variables", {}))

    @property
    def next_due(self) -> tuple[datetime, int] | None:
        """The earliest timer: its time and number."""
        return min(((due, number) for number, due in self.due.items()), default=None)

    def start(self, variables: Mapping[str, Any]) -> None:
        """Begin, and run until everything waits."""
        self._send(Started(variables))

    def complete(self, node: str, variables: Mapping[str, Any]) -> None:
        """Complete the oldest open task of an element. Raises StepRefused where none is open."""
        self._expect_running()
        numbers = [number for number, task in self.graph.open_tasks(self.state).items() if task == node]
        if not numbers:
            raise StepRefused(f'Expected an open task "{node}", but open are: {", ".join(self.active) or "none"}.')
        self._send(TaskCompleted(min(numbers), variables))

    def set_variables(self, variables: Mapping[str, Any]) -> None:
        """Change variables. Raises StepRefused where nothing runs."""
        self._expect_running()
        self._send(VariablesSet(variables))

    def cancel(self) -> None:
        """Cancel the instance. Raises StepRefused where nothing runs."""
        self._expect_running()
        self._send(Cancelled())
        self.cancelled = True

    def fire(self, number: int) -> None:
        """A timer is due."""
        self.due.pop(number)
        self._send(TimerDue(number))

    def _expect_running(self) -> None:
        if self.status != "running":
            raise StepRefused(f"Expected a running instance, but its status is {self.status}.")

    def _send(self, event: Event) -> None:
        try:
            self._apply(event)
            while (number := self._passing()) is not None:
                self._count_pass(number)
                self._apply(TaskCompleted(number))
        except EngineError as error:
            self.incident = error
            self.due.clear()

    def _apply(self, event: Event) -> None:
        self.state, effects = advance(self.graph, self.state, event, self.now, self.evaluate)
        for effect in effects:
            if isinstance(effect, SetTimer):
                self.due[effect.timer] = effect.due
            elif isinstance(effect, CancelTimer):
                self.due.pop(effect.timer, None)

    def _passing(self) -> int | None:
        for number, node in self.graph.open_tasks(self.state).items():
            if self.graph.nodes[node].element in PASSING and node not in self.hold:
                return number
        return None

    def _count_pass(self, number: int) -> None:
        self.passes += 1
        if self.passes > MAX_PASSES:
            node = self.graph.task(self.state, number)
            raise EngineError("livelock", node, f"Expected the instance to wait, but {node} passed too often.")


def advance_to(simulations: Collection[Simulation], moment: datetime) -> None:
    """Move the clock of all instances, firing what comes due on the way in the order of time.

    Raises StepRefused when timers keep coming due without end.
    """
    for _ in range(MAX_PASSES):
        due = [(*simulation.next_due, order) for order, simulation in enumerate(simulations) if simulation.next_due]
        ripe = min((entry for entry in due if entry[0] <= moment), default=None)
        if ripe is None:
            break
        at, number, order = ripe
        simulation = list(simulations)[order]
        simulation.now = max(at, simulation.now)
        simulation.fire(number)
    else:
        raise StepRefused(f"Expected an end of due timers before {moment.isoformat()}, but they keep coming.")
    for simulation in simulations:
        simulation.now = moment
