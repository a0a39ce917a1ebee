"""Steps files: what to do with a simulated model and what to expect. The format is that of `process run`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from processes.engine.graph import Graph
from processes.engine.run import Evaluate
from processes.engine.simulate import Simulation, StepRefused, advance_to
from processes.engine.timers import after, as_moment, is_duration

DEFAULT_NOW = datetime(2026, 1, 1, tzinfo=UTC)
STATUSES = ("running", "completed", "error", "cancelled")
BESIDE = frozenset(("variables", "instance"))


class BadSteps(Exception):
    """A steps file that cannot be followed. step: from 1, 0 for the file's head."""

    def __init__(self, step: int, message: str) -> None:
        super().__init__(message)
        self.step = step


@dataclass(frozen=True, slots=True)
class StepResult:
    """Where everything stands after a step; message says what did not hold."""

    step: int
    ok: bool
    active: list[str]
    waiting: list[str]
    status: str
    variables: dict[str, Any]
    message: str


@dataclass(slots=True)
class Stage:
    """All instances of a steps file by name ("" where the file has only one)."""

    graph: Graph
    instances: dict[str, Simulation] = field(default_factory=dict)

    @property
    def all(self) -> list[Simulation]:
        """The instances in the order of the file."""
        return list(self.instances.values())

    def named(self, step: Mapping[str, Any]) -> list[Simulation]:
        """The instance that a step names, or all."""
        return [self.instances[step["instance"]]] if "instance" in step else self.all


def follow(graph: Graph, plan: Mapping[str, Any], evaluate: Evaluate) -> Iterator[StepResult]:
    """Play a steps file; stops after the first step that does not hold. Raises BadSteps before anything runs."""
    steps = _checked(graph, plan)
    stage = _set_stage(graph, plan, evaluate)
    for number, step in enumerate(steps, 1):
        message = _play(stage, step)
        yield _result(stage, number, step, message)
        if message:
            return


def _set_stage(graph: Graph, plan: Mapping[str, Any], evaluate: Evaluate) -> Stage:
    now = as_moment(plan["now"]) if plan.get("now") else DEFAULT_NOW
    stage = Stage(graph)
    common = plan.get("variables") or {}
    for name, variables in (plan.get("instances") or {"": {}}).items():
        simulation = Simulation(graph, evaluate, now=now, hold=plan.get("hold") or ())
        stage.instances[name] = simulation
        simulation.start({**common, **variables})
    return stage


def _play(stage: Stage, step: Mapping[str, Any]) -> str:
    try:
        return PLAYS[_verb(step)](stage, step) or ""
    except StepRefused as refusal:
        return str(refusal)


def _result(stage: Stage, number: int, step: Mapping[str, Any], message: str) -> StepResult:
    shown = stage.named(step)
    incidents = [str(simulation.incident) for simulation in shown if simulation.incident]
    return StepResult(
        step=number,
        ok=not message,
        active=sorted(node for simulation in shown for node in simulation.active),
        waiting=sorted(node for simulation in shown for node in simulation.waiting),
        status=shown[0].status,
        variables=shown[0].variables,
        message=message or "; ".join(incidents),
    )


# what each step does; the answer is what does not hold, or nothing


def _expect_active(stage: Stage, step: Mapping[str, Any]) -> str:
    found = sorted(node for simulation in stage.named(step) for node in simulation.active)
    expected = sorted(step["expect_active"])
    return "" if found == expected else f"Expected {expected} to be active, but active are {found}."


def _expect_waiting(stage: Stage, step: Mapping[str, Any]) -> str:
    """Exactly these intermediate events wait; boundary events need not be named, but those named must wait."""
    nodes = stage.graph.nodes
    found = sorted(node for simulation in stage.named(step) for node in simulation.waiting)
    expected = sorted(step["expect_waiting"])
    unnamed = [node for node in found if nodes[node].element == "boundaryEvent" and node not in expected]
    met = sorted(node for node in found if node not in unnamed) == expected
    return "" if met else f"Expected {expected} to wait, but waiting are {found}."


def _expect_status(stage: Stage, step: Mapping[str, Any]) -> str:
    found = sorted({simulation.status for simulation in stage.named(step)})
    reasons = [str(simulation.incident) for simulation in stage.named(step) if simulation.incident]
    expected = step["expect_status"]
    return "" if found == [expected] else " ".join([f"Expected status {expected}, but it is {found}.", *reasons])


def _expect_variables(stage: Stage, step: Mapping[str, Any]) -> str:
    wrong = [
        f"{name} to be {value!r}, but it is {simulation.variables.get(name)!r}"
        for simulation in stage.named(step)
        for name, value in step["expect_variables"].items()
        if name not in simulation.variables or simulation.variables[name] != value
    ]
    return f"Expected {'; '.join(wrong)}." if wrong else ""


def _complete(stage: Stage, step: Mapping[str, Any]) -> None:
    node = step["complete"]
    candidates = stage.named(step)
    holding = [s for s in candidates if node in s.graph.open_tasks(s.state).values()]
    (holding or candidates)[0].complete(node, step.get("variables") or {})


def _advance_time(stage: Stage, step: Mapping[str, Any]) -> None:
    try:
        moment = after(stage.all[0].now, step["advance_time"])
    except ValueError as error:
        raise StepRefused(str(error)) from error
    advance_to(stage.all, moment)


def _set_variables(stage: Stage, step: Mapping[str, Any]) -> None:
    for simulation in stage.named(step):
        simulation.set_variables(step["set_variables"])


def _cancel(stage: Stage, step: Mapping[str, Any]) -> None:
    for simulation in stage.named(step):
        simulation.cancel()


PLAYS: dict[str, Callable[[Stage, Mapping[str, Any]], str | None]] = {
    "expect_active": _expect_active,
    "expect_waiting": _expect_waiting,
    "expect_status": _expect_status,
    "expect_variables": _expect_variables,
    "complete": _complete,
    "advance_time": _advance_time,
    "set_variables": _set_variables,
    "cancel": _cancel,
}


# what a steps file must look like


def _checked(graph: Graph, plan: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    _check_head(plan)
    steps = plan.get("steps") or []
    instances = plan.get("instances") or {}
    for number, step in enumerate(steps, 1):
        problem = _problem(graph, instances, step)
        if problem:
            raise BadSteps(number, problem)
    return steps


def _check_head(plan: Mapping[str, Any]) -> None:
    for name, kind in (("steps", list), ("variables", dict), ("instances", dict), ("hold", list)):
        if not isinstance(plan.get(name) or kind(), kind):
            raise BadSteps(0, f'Expected "{name}" to be a JSON {"list" if kind is list else "object"}.')
    for name, variables in (plan.get("instances") or {}).items():
        if not isinstance(variables, dict):
            raise BadSteps(0, f'Expected the variables of instance "{name}" as a JSON object.')
    if not all(isinstance(node, str) for node in plan.get("hold") or ()):
        raise BadSteps(0, 'Expected "hold" to be a list of element ids.')
    try:
        as_moment(plan.get("now") or DEFAULT_NOW)
    except ValueError as error:
        raise BadSteps(0, str(error)) from error


def _problem(graph: Graph, instances: Mapping[str, Any], step: Any) -> str:
    if not isinstance(step, dict):
        return f"Expected a step as a JSON object, but it is {step!r}."
    verbs = [name for name in step if name not in BESIDE]
    if len(verbs) != 1 or verbs[0] not in PLAYS:
        return f"Expected one of {', '.join(PLAYS)}, but the step says: {', '.join(verbs) or 'nothing'}."
    if "instance" in step and step["instance"] not in list(instances):
        return f'Expected the name of an instance, but there is no "{step["instance"]}".'
    if not isinstance(step.get("variables") or {}, dict):
        return "Expected the step's variables as a JSON object."
    return _bad_argument(graph, verbs[0], step[verbs[0]])


def _bad_argument(graph: Graph, verb: str, value: Any) -> str:
    if verb in ("expect_active", "expect_waiting"):
        fits = isinstance(value, list) and all(isinstance(node, str) for node in value)
        return "" if fits else f"Expected {verb} to be a list of element ids."
    if verb in ("expect_variables", "set_variables"):
        return "" if isinstance(value, dict) else f"Expected {verb} to be a JSON object."
    if verb == "advance_time":
        fits = isinstance(value, str) and is_duration(value) and not value.startswith("-")
        return "" if fits else f"Expected a duration to move forward, but it is {value!r}."
    if verb == "expect_status":
        return "" if value in STATUSES else f"Expected one of {', '.join(STATUSES)}, but it is {value!r}."
    if verb == "complete":
        known = isinstance(value, str) and value in graph.nodes
        return "" if known else f"Expected the id of a task to complete, but there is no {value!r}."
    return "" if value is True else "Expected cancel to be true."


def _verb(step: Mapping[str, Any]) -> str:
    return next(name for name in step if name not in BESIDE)
