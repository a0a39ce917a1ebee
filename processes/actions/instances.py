"""Moving instances: one event of the engine, stored, with all that follows from it, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action, running
from audit.refusals import Refusal
from processes import engine, queries
from processes.actions.incidents import failure, keep_incident
from processes.actions.locking import lock_instance, running_instance
from processes.actions.walking import Walk
from processes.models import Instance, Message, ProcessVersion, Timer
from processes.numbering import of_instance
from processes.refusals import NotRunning, NotStarted, NoWayBack, StepFailed

STAFF = ("work", "approval")  # kinds of steps; to a client another request is made by what is drawn

log = logging.getLogger(__name__)


@action
def start(model_key: str, *, order: Any, variables: Mapping[str, Any], actor: Actor, now: datetime) -> Instance:
    """Start the version in force of a model for a (locked) order, and set (not save) `order.process`.

    Raises NotStarted: nothing is left of the instance, so there is no incident; the cause is in the log.
    """
    version = queries.version_in_force(model_key)
    instance = begin(version, order.subject, engine.Started(dict(variables)), order=order, actor=actor, now=now)
    return instance


def begin(
    version: ProcessVersion, subject: str, event: engine.Started, *, order: Any, actor: Actor, now: datetime
) -> Instance:
    """A new instance at the top of its calls. order: None for one that runs for no order. Raises NotStarted."""
    instance = Instance(version=version, subject=subject, state={}, started_at=now)
    instance.save()
    if order is not None:
        order.process = instance
    data = {"model": version.model.key, "version": version.number}
    record("processes.instance.started", subject=instance.ledger_subject, order=order, actor=actor, now=now, data=data)
    try:
        Walk(order, actor, now, instance).take(event)
    except Exception as error:
        log.exception("%s of %s could not start", version, subject)
        raise NotStarted() from error
    return instance


@action
def complete_task(
    instance_id: int | None, task: int, *, variables: Mapping[str, Any], order: Any, actor: Actor, now: datetime
) -> Instance:
    """An open task is done. The order is locked by the caller; `task` is the number within the order.

    Raises NotRunning, StepFailed.
    """
    instance, number = _holder(instance_id, task)
    step(instance, engine.TaskCompleted(number, dict(variables)), order, actor, now)
    return instance


@action
def throw_error(
    instance_id: int | None, task: int, *, code: str, message: str = "", order: Any, actor: Actor, now: datetime
) -> None:
    """The work of an open task ended in a business error. Uncaught it is an incident. Raises NotRunning, StepFailed."""
    instance, number = _holder(instance_id, task)
    step(instance, engine.ErrorThrown(number, code, message), order, actor, now)


@action
def escalate(instance_id: int | None, task: int, *, code: str, order: Any, actor: Actor, now: datetime) -> None:
    """An open task escalates; it goes on unless what catches it interrupts it. Raises NotRunning, StepFailed."""
    instance, number = _holder(instance_id, task)
    step(instance, engine.EscalationThrown(number, code), order, actor, now)


@action
def send_back(instance_id: int | None, task: int, *, to: str, order: Any, actor: Actor, now: datetime) -> None:
    """An open task of a person is called off and the order goes back: to a step that it passed, or asks this one anew.

    to: a step of staff in `queries.steps_back`, or the task's own node. Raises NoWayBack, NotRunning, StepFailed.
    """
    instance, number = _holder(instance_id, task)
    own = queries.graph(instance.version_id).open_tasks(instance.state).get(number)
    if to != own and to not in queries.steps_back(instance, number, STAFF):
        raise NoWayBack()
    step(instance, engine.SentBack(number, to), order, actor, now)


@action
def fire_timer(timer: Timer, *, order: Any, actor: Actor, now: datetime) -> bool:
    """A timer's due time has come; fires once however many workers see it. Raises NotRunning, StepFailed."""
    instance = running_instance(timer.instance_id)
    ended = Timer.objects.filter(pk=timer.pk, ended_at=None).update(ended_at=now, fired=True)
    if ended:
        step(instance, engine.TimerDue(timer.number), order, actor, now)
    return bool(ended)


@action
def cancel_instance(instance_id: int | None, *, reason: str, order: Any, actor: Actor, now: datetime) -> None:
    """End an instance from outside: every task, timer and called process that is open is called off.

    Raises StepFailed where something cannot be called off: then nothing is, and an incident keeps the cause.
    """
    instance = lock_instance(instance_id)
    if instance.status not in (Instance.Status.RUNNING, Instance.Status.ERROR):
        return
    walk, was, before = Walk(order, actor, now, instance), instance.status, instance.state
    try:
        walk.cancel(instance, reason)
    except Refusal:
        raise
    except Exception as error:
        log.exception("calling %s off failed", instance.subject)
        if was == Instance.Status.RUNNING:  # one that failed before keeps that cause
            kept = failure(instance, before, engine.Cancelled(), error, walk.at, None)
            running().after_rollback.append(lambda: keep_incident(kept, order, now))
        raise StepFailed() from error


def step(
    instance: Instance, event: engine.Event, order: Any, actor: Actor, now: datetime, message: Message | None = None
) -> None:
    """One event with all that follows from it, or none of it and an incident: also what a handler refuses is one.

    message: what brought the event. Raises StepFailed.
    """
    walk = Walk(order, actor, now, instance)
    before = instance.state
    try:
        walk.take(event)
    except Exception as error:
        log.exception("a step of %s failed", instance.subject)
        kept = failure(instance, before, event, error, walk.at, message)
        running().after_rollback.append(lambda: keep_incident(kept, order, now))
        raise StepFailed() from error


def _holder(instance_id: int | None, task: int) -> tuple[Instance, int]:
    serial, number = of_instance(task)
    if not serial:
        return running_instance(instance_id), number
    instance = lock(Instance.objects.filter(root=instance_id, serial=serial)).get()
    if instance.status != Instance.Status.RUNNING:
        raise NotRunning(instance.status)
    return instance, number
