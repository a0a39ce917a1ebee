"""Steps files: what to do with simulated models and what to expect. The format is that of `process run`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from processes.engine.errors import EngineError
from processes.engine.events import ErrorThrown, EscalationThrown, Event, SentBack, TaskCompleted, VariablesSet
from processes.engine.graph import Graph
from processes.engine.outside import Evaluate, Outside
from processes.engine.patience import Patience
from processes.engine.simulate import Simulation, StepRefused
from processes.engine.stage import Stage, set_stage
from processes.engine.steps_check import BESIDE, BadSteps, checked
from processes.engine.timers import after, as_moment
from rulebook.said import Said
from rulebook.said import gettext_noop as _

__all__ = ["PLAYS", "BadSteps", "StepResult", "follow", "played", "prepared"]

DEFAULT_NOW = datetime(2026, 1, 1, tzinfo=UTC)


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


def follow(
    graph: Graph,
    plan: Mapping[str, Any],
    evaluate: Evaluate | Outside,
    others: Sequence[Graph] = (),
    patience: Patience | None = None,
) -> Iterator[StepResult]:
    """Play a steps file; stops after the first step that does not hold.

    others: processes that may be called or begun by messages, signals and time; patience: anew for each step.
    Raises BadSteps before anything runs.
    """
    stage, steps = prepared(graph, plan, evaluate, others, patience)
    yield from played(stage, steps, renews=True)


def prepared(
    graph: Graph,
    plan: Mapping[str, Any],
    evaluate: Evaluate | Outside,
    others: Sequence[Graph] = (),
    patience: Patience | None = None,
) -> tuple[Stage, Sequence[Mapping[str, Any]]]:
    """The world of a steps file before its first step, and its steps. Raises BadSteps."""
    graphs = (graph, *others)
    steps = checked(graphs, plan, PLAYS)
    now = as_moment(plan["now"]) if plan.get("now") else DEFAULT_NOW
    try:
        return set_stage(graphs, plan, Outside.of(evaluate), now, patience or Patience()), steps
    except (EngineError, StepRefused) as error:
        raise BadSteps(0, str(error)) from error


def played(stage: Stage, steps: Sequence[Mapping[str, Any]], *, renews: bool = False) -> Iterator[StepResult]:
    """Play steps in a world, up to the first that does not hold. renews: each has its own time to come to rest."""
    for number, step in enumerate(steps, 1):
        if renews:
            stage.world.patience.renew()
        message = _play(stage, step)
        yield _result(stage, number, step, message)
        if message:
            return


def _play(stage: Stage, step: Mapping[str, Any]) -> str:
    try:
        return PLAYS[_verb(step)](stage, step) or ""
    except StepRefused as refusal:
        return str(refusal)


def _result(stage: Stage, number: int, step: Mapping[str, Any], message: str) -> StepResult:
    shown, roots = stage.named(step), stage.roots(step)
    incidents = [str(one.incident) for one in shown if one.incident]
    return StepResult(
        step=number,
        ok=not message,
        active=sorted(node for one in shown for node in one.active),
        waiting=sorted(node for one in shown for node in one.waiting),
        status=stage.statuses(step)[0],
        variables=roots[0].variables if roots else {},
        message=message or "; ".join(incidents),
    )


# what each step does; the answer is what does not hold, or nothing


def _expect_active(stage: Stage, step: Mapping[str, Any]) -> str:
    found = sorted(node for one in stage.named(step) for node in one.active)
    expected = sorted(step["expect_active"])
    sentence = _("Expected these to be active: %(expected)s; but active are: %(found)s.%(why)s")
    return "" if found == expected else _unmet(sentence, expected, found, stage, step)


def _expect_waiting(stage: Stage, step: Mapping[str, Any]) -> str:
    """Exactly these intermediate events wait; boundary and start events may be left out, but those named must wait."""
    found = [(node, one.graph.nodes[node].element) for one in stage.named(step) for node in one.waiting]
    found += [(node.id, node.element) for _graph, node in stage.open_starts()]
    expected = sorted(step["expect_waiting"])
    met = sorted(node for node, element in found if element == "intermediateCatchEvent" or node in expected) == expected
    shown = sorted(node for node, element in found if element != "startEvent" or node in expected)
    sentence = _("Expected these to wait: %(expected)s; but waiting are: %(found)s.%(why)s")
    return "" if met else _unmet(sentence, expected, shown, stage, step)


def _expect_status(stage: Stage, step: Mapping[str, Any]) -> str:
    found, expected = sorted(set(stage.statuses(step))), step["expect_status"]
    sentence = _("Expected the status %(expected)s, but it is %(found)s.%(why)s")
    return "" if found == [expected] else _unmet(sentence, [expected], found, stage, step)


def _expect_variables(stage: Stage, step: Mapping[str, Any]) -> str:
    expected, roots = step["expect_variables"], stage.roots(step)
    if not roots and expected:
        return Said(_("Expected variables, but no instance has begun."))
    for one in roots:
        for name, value in expected.items():
            if name not in one.variables or one.variables[name] != value:
                sentence = _("Expected %(name)s to be %(expected)s, but it is %(found)s.")
                return Said(sentence, name=name, expected=_json(value), found=_json(one.variables.get(name)))
    return ""


def _unmet(sentence: str, expected: list[str], found: list[str], stage: Stage, step: Mapping[str, Any]) -> str:
    listed = {"expected": ", ".join(expected) or Said(_("none")), "found": ", ".join(found) or Said(_("none"))}
    return Said(sentence, why=_why(stage, step), **listed)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _why(stage: Stage, step: Mapping[str, Any]) -> str:
    return "".join(f" {one.incident}" for one in stage.named(step) if one.incident)


def _complete(stage: Stage, step: Mapping[str, Any]) -> None:
    node = step["complete"]
    instance, task = _task_of(stage, step, node)
    stage.world.send(instance, TaskCompleted(task, step.get("variables") or {}))


def _throw_error(stage: Stage, step: Mapping[str, Any]) -> None:
    given = step["throw_error"]
    instance, task = _task_of(stage, step, given["task"])
    variables = given.get("variables") or step.get("variables") or {}
    event: Event = ErrorThrown(task, str(given.get("code", "")), str(given.get("message", "")), variables)
    stage.world.send(instance, event)


def _escalate(stage: Stage, step: Mapping[str, Any]) -> None:
    given = step["escalate"]
    instance, task = _task_of(stage, step, given["task"])
    variables = given.get("variables") or step.get("variables") or {}
    stage.world.send(instance, EscalationThrown(task, str(given.get("code", "")), variables))


def _send_back(stage: Stage, step: Mapping[str, Any]) -> None:
    given = step["send_back"]
    instance, task = _task_of(stage, step, given["task"])
    stage.world.send(instance, SentBack(task, given["to"]))


def _task_of(stage: Stage, step: Mapping[str, Any], node: str) -> tuple[Simulation, int]:
    shown = stage.named(step)
    for instance in shown:
        task = instance.task(node) if instance.runs else None
        if task is not None:
            return instance, task
    active = ", ".join(sorted(name for one in shown for name in one.active)) or "none"
    raise StepRefused(f'Expected an open task "{node}", but open are: {active}.{_why(stage, step)}')


def _advance_time(stage: Stage, step: Mapping[str, Any]) -> None:
    try:
        moment = after(stage.world.now, step["advance_time"])
        stage.clock.advance_to(moment)
    except (ValueError, EngineError) as error:
        raise StepRefused(str(error)) from error


def _message(stage: Stage, step: Mapping[str, Any]) -> str:
    refusal = stage.deliver(step)
    if step.get("expect_rejected"):
        return "" if refusal else f'Expected the message "{step["message"]}" to be refused, but it was taken.'
    return refusal


def _signal(stage: Stage, step: Mapping[str, Any]) -> None:
    stage.world.signal(step["signal"], step.get("payload") or step.get("variables") or {})


def _set_variables(stage: Stage, step: Mapping[str, Any]) -> None:
    roots = stage.roots(step)
    if not roots and stage.begin_by_condition(step["set_variables"]):
        return
    if not roots:
        raise StepRefused("Expected a running instance, but none has begun.")
    for instance in roots:
        if not instance.runs:
            raise StepRefused(f"Expected a running instance, but its status is {instance.status}.")
        stage.world.send(instance, VariablesSet(step["set_variables"]))


def _cancel(stage: Stage, step: Mapping[str, Any]) -> None:
    for instance in stage.roots(step):
        if stage.status_of(instance) not in ("running", "error"):
            raise StepRefused(f"Expected a running instance, but its status is {instance.status}.")
        stage.world.cancel(instance)


PLAYS: dict[str, Callable[[Stage, Mapping[str, Any]], str | None]] = {
    "expect_active": _expect_active,
    "expect_waiting": _expect_waiting,
    "expect_status": _expect_status,
    "expect_variables": _expect_variables,
    "complete": _complete,
    "throw_error": _throw_error,
    "escalate": _escalate,
    "send_back": _send_back,
    "advance_time": _advance_time,
    "message": _message,
    "signal": _signal,
    "set_variables": _set_variables,
    "cancel": _cancel,
}


def _verb(step: Mapping[str, Any]) -> str:
    return next(name for name in step if name not in BESIDE)
