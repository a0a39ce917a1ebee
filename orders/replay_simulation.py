"""Runs the moves of a recorded log on the process in memory: what the drawing allows, before any order exists. Pure.

What the process does not allow is refused and counted by kind, never forced; the moves after it are tried all the same.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orders.replay_moves import Move, Plan
from processes.engine import (
    CancelTimer,
    Effect,
    EngineError,
    Event,
    Finished,
    Graph,
    SetTimer,
    Started,
    TaskCompleted,
    TimerDue,
    advance,
)
from processes.engine.run import Evaluate


@dataclass
class Tally:
    """What a replay reached. Work items are those of closed and open applications alike.

    closed_whole: closed applications with their true outcome and every recorded work item done.
    unmatched: application number → why it is not among them.
    """

    applications: int = 0
    closed: int = 0
    true_outcome: int = 0
    closed_whole: int = 0
    work_items: int = 0
    work_items_matched: int = 0
    moves_refused: Counter[str] = field(default_factory=Counter)
    unmatched: dict[str, list[str]] = field(default_factory=dict)

    def add(self, plan: Plan, outcome: str, refused: Iterable[tuple[Move, str]]) -> None:
        """Count one application. outcome: completed, rejected, cancelled or open."""
        refusals = list(refused)
        lost = {move.item for move, _ in refusals if move.item >= 0} | {item for item, _ in plan.left_out}
        reasons = [kind for _, kind in refusals] + [kind for _, kind in plan.left_out]
        is_true = outcome == plan.application.outcome
        self.applications += 1
        self.work_items += len(plan.items)
        self.work_items_matched += len(plan.items) - len(lost)
        self.moves_refused.update(reasons)
        if plan.application.outcome != "open":
            self.closed += 1
            self.true_outcome += is_true
            self.closed_whole += is_true and not lost
        if not is_true:
            reasons.append(f"ended {outcome}, recorded {plan.application.outcome}")
        if reasons:
            self.unmatched[plan.application.number] = sorted(set(reasons))


class Simulation:
    """One application's instance, moved in memory."""

    def __init__(self, graph: Graph, evaluate: Evaluate) -> None:
        self.graph, self.evaluate = graph, evaluate
        self.state: dict[str, Any] = {}
        self.outcome = "open"
        self.refused: list[tuple[Move, str]] = []
        self.held: set[str] = set()
        self.timers: dict[int, datetime] = {}

    def run(self, plan: Plan) -> None:
        """All moves of the plan, in order."""
        for move in plan.moves:
            self._fire_timers(move)
            self._move(move, plan)

    def _fire_timers(self, move: Move) -> None:
        due = sorted((at, number) for number, at in self.timers.items() if at <= move.at)
        for _, number in due:
            if self.timers.pop(number, None):
                self._advance(move, TimerDue(number))

    def _move(self, move: Move, plan: Plan) -> None:
        if move.kind == "submit":
            self._advance(move, Started({"channel": "staff", **plan.variables}))
            return
        task = self._task(move.node)
        if task is None:
            self._refuse(move, "is not open")
        elif move.kind == "start":
            self.held.add(move.node)
        elif move.node not in self.held:
            self._refuse(move, "was not started")
        else:
            self.held.discard(move.node)
            if move.kind == "complete":
                self._advance(move, TaskCompleted(task, {"next": move.next}))

    def _task(self, node: str) -> int | None:
        tasks = self.graph.open_tasks(self.state)
        return next((task for task, at in tasks.items() if at == node), None)

    def _advance(self, move: Move, event: Event) -> None:
        try:
            self.state, effects = advance(self.graph, self.state, event, move.at, self.evaluate)
        except EngineError as error:
            self._refuse(move, f"{error.code}: next {move.next}")
            return
        for effect in effects:
            self._keep(effect)

    def _keep(self, effect: Effect) -> None:
        match effect:
            case Finished(outcome):
                self.outcome = outcome
            case SetTimer(number, _, due):
                self.timers[number] = due
            case CancelTimer(number, _):
                self.timers.pop(number, None)

    def _refuse(self, move: Move, why: str) -> None:
        self.refused.append((move, f"{move.kind} {move.node}: {why}"))


def simulate(plans: Iterable[Plan], graph: Graph, evaluate: Evaluate) -> Tally:
    """Run every plan on a graph of its own state and count what was reached."""
    tally = Tally()
    for plan in plans:
        simulation = Simulation(graph, evaluate)
        simulation.run(plan)
        tally.add(plan, simulation.outcome, simulation.refused)
    return tally
