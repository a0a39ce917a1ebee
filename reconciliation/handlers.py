"""What the engine's effects and incoming statements do in reconciliation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from audit.actors import Actor
from integrations.models import InboxMessage
from processes.steps import OpenedTask
from reconciliation import actions


def take_step(task: OpenedTask) -> Mapping[str, Any]:
    """A service task of kind reconcile: it is done at once. `tl:reconcile step`: begin, compare or report."""
    return STEPS[task.attribute("reconcile", "step")](task)


def call_off(task: OpenedTask) -> None:
    """Nothing is left open by a task that is done at once."""


def keep_statement(message: InboxMessage, *, actor: Actor, now: datetime) -> bool:
    """A statement came in; False when it is not news."""
    return actions.keep_statement(message, actor=actor, now=now)


def _begin(task: OpenedTask) -> Mapping[str, Any]:
    files = actions.expect_statements(actor=task.actor, now=task.now)
    return {"files": [{"custodian": one.connector.code, "day": one.day.isoformat()} for one in files]}


def _compare(task: OpenedTask) -> Mapping[str, Any]:
    actions.compare_statement(**_file(task), actor=task.actor, now=task.now)
    return {}


def _report(task: OpenedTask) -> Mapping[str, Any]:
    actions.report_silence(**_file(task), actor=task.actor, now=task.now)
    return {}


def _file(task: OpenedTask) -> dict[str, Any]:
    file = task.variables["file"]
    return {"custodian": file["custodian"], "day": date.fromisoformat(file["day"])}


STEPS: dict[str, Callable[[OpenedTask], Mapping[str, Any]]] = {"begin": _begin, "compare": _compare, "report": _report}
