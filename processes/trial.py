"""A version played in memory, in virtual time: its own drawing with the processes that it calls as they are in force.

Tables and calendars answer as they do at a real moment; nothing is written. Service tasks wait to be answered by hand.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from processes.engine import Graph
from processes.engine.correlate import denies, seen_at
from processes.engine.patience import Patience
from processes.engine.simulate import Simulation
from processes.engine.steps import BadSteps, StepResult, played, prepared
from processes.models import ProcessVersion
from processes.outside import outside
from processes.queries import called_in_force, graph
from processes.refusals import BadTrial
from rulebook.said import Said
from rulebook.said import gettext_noop as _

MAX_STEPS = 300
HELD = ("serviceTask", "sendTask")
ACTS = ("complete", "throw_error", "escalate", "advance_time", "message", "signal", "set_variables", "cancel")


@dataclass(frozen=True)
class OpenTask:
    """A task that waits to be completed; place: of its instance among those of the trial."""

    node: str
    element: str
    process: str
    place: int


@dataclass(frozen=True)
class Receiver:
    """What waits for a message; place: of its instance. keys: what it asks for; seen: its variables.

    told_by: where others wait for a message of the name, the keys and variables that are its alone.
    """

    name: str
    node: str
    process: str
    place: int
    keys: Mapping[str, Any]
    seen: Mapping[str, Any]
    is_one_of_several: bool = False
    told_by: Mapping[str, Any] = field(default_factory=dict)

    @property
    def step(self) -> dict[str, Any]:
        """The step by which a message reaches just this receiver."""
        about = {"activity": self.node, "correlation": dict(self.told_by)} if self.is_one_of_several else {}
        return {"message": self.name, **about}


@dataclass(frozen=True)
class Trial:
    """Where a trial stands after its steps. instances: the version's own first, then what it called.

    next_due: the earliest timer's moment; receivers: what waits for messages; signals: the names of those awaited.
    """

    results: tuple[StepResult, ...]
    instances: tuple[Simulation, ...]
    status: str
    now: datetime
    next_due: datetime | None
    tasks: tuple[OpenTask, ...]
    receivers: tuple[Receiver, ...]
    signals: tuple[str, ...]

    @property
    def failed(self) -> StepResult | None:
        """The step that did not hold."""
        return next((result for result in self.results if not result.ok), None)


def new_plan(version: ProcessVersion, now: datetime, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The plan of a trial that has just begun."""
    held = [node.id for drawn in deployed(version) for node in drawn.nodes.values() if node.element in HELD]
    return {"now": now.isoformat(), "variables": dict(variables), "hold": sorted(set(held)), "steps": []}


def deployed(version: ProcessVersion, instead: ProcessVersion | None = None) -> list[Graph]:
    """The version's process under its key, then those that it calls, each once. instead: see `play`."""
    below = called_in_force(version, instead)
    named = [(version.model.key, version), *((each.model.key, each) for each in below)]
    return [replace(graph(each.pk), process=key) for key, each in named]


def play(
    version: ProcessVersion, plan: Mapping[str, Any], now: datetime, instead: ProcessVersion | None = None
) -> Trial:
    """Play a plan, all of it within `engine.patience.MAX_SECONDS`. now: the real moment, at which tables and calendars
    answer. instead: called in place of the version in force of its process. Raises BadTrial."""
    _expect_steps(plan)
    drawn, *others = deployed(version, instead)
    try:
        stage, steps = prepared(drawn, plan, outside(now), others, Patience(time.monotonic))
    except (BadSteps, ValueError) as wrong:
        raise BadTrial(str(wrong)) from wrong
    results = tuple(played(stage, steps))
    world = stage.world
    due = world.next_due()
    return Trial(
        results=results,
        instances=tuple(world.instances),
        status=stage.statuses({})[0],
        now=world.now,
        next_due=due[0] if due else None,
        tasks=tuple(_tasks(world.instances)),
        receivers=tuple(_receivers(world.instances)),
        signals=_names(world.instances, "signal"),
    )


def _expect_steps(plan: Mapping[str, Any]) -> None:
    steps = plan.get("steps") or []
    if not isinstance(steps, list) or not all(isinstance(step, Mapping) for step in steps):
        raise BadTrial("a list of steps, each a JSON object")
    if len(steps) > MAX_STEPS:
        raise BadTrial(f"at most {MAX_STEPS} steps")


def as_case(version: ProcessVersion, plan: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The plan with what was seen after each of its deeds as what is expected from then on. Raises BadTrial."""
    _expect_steps(plan)
    deeds = [step for step in plan.get("steps") or () if any(verb in step for verb in ACTS)]
    seen = play(version, {**plan, "steps": deeds}, now)
    if seen.failed:
        raise BadTrial(f"step {seen.failed.step}: {seen.failed.message}")
    steps: list[Mapping[str, Any]] = []
    for deed, result in zip(deeds, seen.results, strict=True):
        steps += [deed, {"expect_active": result.active}, {"expect_status": result.status}]
    last = seen.results[-1] if seen.results else None
    if last:
        steps += [{"expect_waiting": last.waiting}, {"expect_variables": last.variables}]
    return {**plan, "steps": steps}


def broken(
    version: ProcessVersion, plan: Mapping[str, Any], now: datetime, instead: ProcessVersion | None = None
) -> str:
    """Why a case does not hold on a version, or nothing. instead: as for `play`."""
    try:
        failed = play(version, plan, now, instead).failed
    except BadTrial as wrong:
        return wrong.sentence
    return Said(_("step %(step)s: %(message)s"), step=failed.step, message=failed.message) if failed else ""


def _tasks(instances: Sequence[Simulation]) -> Iterator[OpenTask]:
    for place, one in enumerate(instances):
        if one.runs:
            for node in one.graph.open_tasks(one.state).values():
                yield OpenTask(node, one.graph.nodes[node].element, one.graph.process, place)


def _receivers(instances: Sequence[Simulation]) -> Iterator[Receiver]:
    found = [
        Receiver(wait.name, wait.node, one.graph.process, place, wait.keys, seen_at(one.graph, one.state, number))
        for place, one in enumerate(instances)
        for number, wait in (one.graph.open_waits(one.state).items() if one.runs else ())
        if wait.kind == "message"
    ]
    for one in sorted(found, key=lambda one: one.name):
        others = [other for other in found if other is not one and other.name == one.name]
        yield replace(one, is_one_of_several=bool(others), told_by=_told_by(one, others)) if others else one


def _told_by(one: Receiver, others: Sequence[Receiver]) -> dict[str, Any]:
    """The keys that a receiver asks for; variables beside them where others at its element ask for the same."""
    told = dict(one.keys)
    for name in sorted(one.seen, key=lambda name: name == "loopCounter"):
        alike = [other for other in others if other.node == one.node and not denies(other.keys, told, other.seen)]
        value = one.seen[name]
        if isinstance(value, (str, int)) and any(denies(other.keys, {name: value}, other.seen) for other in alike):
            told[name] = value
    return told


def _names(instances: Sequence[Simulation], kind: str) -> tuple[str, ...]:
    waits = (wait for one in instances if one.runs for wait in one.graph.open_waits(one.state).values())
    return tuple(sorted({wait.name for wait in waits if wait.kind == kind}))
