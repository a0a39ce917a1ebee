"""Time passes in a simulated world: timers come due in order, and timer start events begin new instances."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from processes.engine.errors import EngineError
from processes.engine.events import Started
from processes.engine.graph import Graph, Node
from processes.engine.simulate import StepRefused
from processes.engine.timers import Due
from processes.engine.world import World

MAX_FIRED = 1_000  # in one step: each may open a path, so that many take seconds


@dataclass(slots=True)
class Clock:
    """schedule: when each timer start event begins its next instance; variables: what those begin with."""

    world: World
    variables: dict[str, Any] = field(default_factory=dict)
    schedule: list[tuple[datetime, int, Graph, Node, Due]] = field(default_factory=list)

    def watch(self, graph: Graph, node: Node) -> None:
        """A timer start event begins to wait. Raises EngineError where its time is none."""
        rule = node.timer
        outside, now = self.world.outside, self.world.now
        try:
            due = rule.due(now, lambda text: outside.evaluate(text, self.variables, now), outside.due)
        except Exception as error:
            raise EngineError("bad_timer", node.id, f"The time of {node.id} is not one: {error}") from error
        self._keep(graph, node, due)

    def advance_to(self, moment: datetime) -> None:
        """Move the clock, doing what comes due on the way in the order of time.

        Raises StepRefused when timers keep coming due without end.
        """
        for _ in range(MAX_FIRED):
            ripe = self.world.next_due()
            begun = min(self.schedule, default=None, key=lambda one: one[:2])
            if begun and begun[0] <= moment and (ripe is None or begun[0] <= ripe[0]):
                self._begin(begun)
            elif ripe is not None and ripe[0] <= moment:
                self.world.now = max(ripe[0], self.world.now)
                self.world.fire(ripe[2], ripe[1])
            else:
                self.world.now = moment
                return
        raise StepRefused(f"Expected an end of due timers before {moment.isoformat()}, but they keep coming.")

    def _begin(self, entry: tuple[datetime, int, Graph, Node, Due]) -> None:
        at, _, graph, node, due = entry
        self.schedule.remove(entry)
        self.world.now = max(at, self.world.now)
        if due.left and due.every:
            again = node.timer.next_due(at.isoformat(), due.every, self.world.outside.due)
            self._keep(graph, node, Due(again, due.left - 1 if due.left > 0 else -1, due.every))
        self.world.start(graph.process, Started(self.variables, at=node.id))

    def _keep(self, graph: Graph, node: Node, due: Due) -> None:
        self.schedule.append((due.at, len(self.schedule), graph, node, due))
