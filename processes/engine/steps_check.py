"""What a steps file must look like: judged as a whole before anything runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from processes.engine.graph import Graph
from processes.engine.timers import after, as_moment, is_duration

STATUSES = ("running", "completed", "error", "cancelled")
BESIDE = frozenset(
    ("variables", "instance", "correlation", "payload", "activity", "expect_rejected", "comment", "shows")
)
MAX_STEPS = 10_000
EARLIEST = datetime.min.replace(tzinfo=UTC)
HEAD = (
    ("steps", list),
    ("variables", dict),
    ("instances", dict),
    ("hold", list),
    ("decisions", dict),
    ("calendars", dict),
)


class BadSteps(Exception):
    """A steps file that cannot be followed. step: from 1, 0 for the file's head."""

    def __init__(self, step: int, message: str) -> None:
        super().__init__(message)
        self.step = step


def checked(graphs: Sequence[Graph], plan: Mapping[str, Any], verbs: Collection[str]) -> list[Mapping[str, Any]]:
    """The steps of a plan. Raises BadSteps."""
    _check_head(plan)
    steps = plan.get("steps") or []
    if len(steps) > MAX_STEPS:
        raise BadSteps(0, f"Expected at most {MAX_STEPS:,} steps, but there are {len(steps):,}.")
    known = {name for graph in graphs for name in graph.nodes}
    instances = list(plan.get("instances") or {})
    for number, step in enumerate(steps, 1):
        problem = _problem(known, instances, step, verbs)
        if problem:
            raise BadSteps(number, problem)
    return steps


def _check_head(plan: Mapping[str, Any]) -> None:
    for name, kind in HEAD:
        if name in plan and not isinstance(plan[name], kind):
            raise BadSteps(0, f'Expected "{name}" to be a JSON {"list" if kind is list else "object"}.')
    for name, variables in (plan.get("instances") or {}).items():
        if not isinstance(variables, dict):
            raise BadSteps(0, f'Expected the variables of instance "{name}" as a JSON object.')
    if not all(isinstance(node, str) for node in plan.get("hold") or ()):
        raise BadSteps(0, 'Expected "hold" to be a list of element ids.')
    if plan.get("now") is not None:
        try:
            as_moment(plan["now"])
        except ValueError as error:
            raise BadSteps(0, str(error)) from error


def _problem(known: set[str], instances: list[str], step: Any, plays: Collection[str]) -> str:
    if not isinstance(step, dict):
        return f"Expected a step as a JSON object, but it is {step!r}."
    verbs = [name for name in step if name not in BESIDE]
    if len(verbs) != 1 or verbs[0] not in plays:
        return f"Expected one of {', '.join(plays)}, but the step says: {', '.join(verbs) or 'nothing'}."
    if not isinstance(step.get("expect_rejected", False), bool):
        return "Expected expect_rejected to be true or false."
    if "instance" in step and step["instance"] not in instances:
        return f'Expected the name of an instance, but there is no "{step["instance"]}".'
    for name in ("variables", "correlation", "payload"):
        if not _is_object(step.get(name)):
            return f"Expected the step's {name} as a JSON object."
    told = step.get("correlation") or {}
    if not all(isinstance(one.get("activity"), str | None) for one in (step, told)):
        return "Expected the step's activity as the id of an element."
    return _bad_argument(known, verbs[0], step[verbs[0]])


def _bad_argument(known: set[str], verb: str, value: Any) -> str:
    if verb in ("expect_active", "expect_waiting"):
        fits = isinstance(value, list) and all(isinstance(node, str) for node in value)
        return "" if fits else f"Expected {verb} to be a list of element ids."
    if verb in ("expect_variables", "set_variables"):
        return "" if isinstance(value, dict) else f"Expected {verb} to be a JSON object."
    if verb == "advance_time":
        fits = isinstance(value, str) and is_duration(value) and not value.startswith("-")
        return _too_far(value) if fits else f"Expected a duration to move forward, but it is {value!r}."
    if verb == "expect_status":
        return "" if value in STATUSES else f"Expected one of {', '.join(STATUSES)}, but it is {value!r}."
    if verb == "complete":
        return "" if _is_known(known, value) else f"Expected the id of a task to complete, but there is no {value!r}."
    if verb == "send_back":
        fits = isinstance(value, dict) and all(_is_known(known, value.get(name)) for name in ("task", "to"))
        return "" if fits else f'Expected {{"task": id, "to": id}} of known steps, but it is {value!r}.'
    if verb in ("throw_error", "escalate"):
        return _bad_throw(known, verb, value)
    if verb in ("message", "signal"):
        return "" if isinstance(value, str) and value else f"Expected the name of a {verb}, but it is {value!r}."
    return "" if value is True else "Expected cancel to be true."


def _too_far(duration: str) -> str:
    try:
        after(EARLIEST, duration)
    except ValueError as error:
        return str(error)
    return ""


def _bad_throw(known: set[str], verb: str, value: Any) -> str:
    if not isinstance(value, dict) or not _is_known(known, value.get("task")):
        return f'Expected {verb} to name a task, such as {{"task": "check", "code": "E1"}}, but it is {value!r}.'
    for name in ("code", "message"):
        given = value.get(name, "")
        if isinstance(given, bool) or not isinstance(given, str | int):
            return f"Expected its {name} as a text, but it is {given!r}."
    return "" if _is_object(value.get("variables")) else "Expected its variables as a JSON object."


def _is_object(value: Any) -> bool:
    return value is None or isinstance(value, dict)


def _is_known(known: set[str], value: Any) -> bool:
    return isinstance(value, str) and value in known
