"""Moving instances: one step of the engine, stored, with every effect handed to its handler, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.module_loading import import_string

from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action, running
from audit.reactions import wiring
from processes import engine, queries
from processes.evaluate import evaluate
from processes.models import Incident, Instance, Timer
from processes.refusals import NotRunning, NotStarted, StepFailed
from processes.steps import Ended, OpenedTask, ReachedMilestone, Settled

log = logging.getLogger(__name__)


@action
def start(model_key: str, *, order: Any, variables: Mapping[str, Any], actor: Actor, now: datetime) -> Instance:
    """Start the version in force of a model for a (locked) order, and set (not save) `order.process`.

    Raises NotStarted: nothing is left of the instance, so there is no incident; the cause is in the log.
    """
    version = queries.version_in_force(model_key)
    instance = Instance(version=version, subject=order.subject, state={}, started_at=now)
    instance.save()
    order.process = instance
    data = {"model": model_key, "version": version.number}
    record("processes.instance.started", subject=_subject(instance), order=order, actor=actor, now=now, data=data)
    try:
        _take(instance, engine.Started(dict(variables)), order, actor, now)
    except Exception as error:
        log.exception("%s of %s could not start", model_key, order.subject)
        raise NotStarted() from error
    return instance


@action
def complete_task(
    instance_id: int | None, task: int, *, variables: Mapping[str, Any], order: Any, actor: Actor, now: datetime
) -> Instance:
    """An open task is done. The order is locked by the caller. Raises NotRunning, StepFailed."""
    instance = _running_instance(instance_id)
    _step(instance, engine.TaskCompleted(task, dict(variables)), order, actor, now)
    return instance


@action
def fire_timer(timer: Timer, *, order: Any, actor: Actor, now: datetime) -> None:
    """A timer's due time has come; fires once however many workers see it."""
    instance = _running_instance(timer.instance_id)
    ended = Timer.objects.filter(pk=timer.pk, ended_at=None).update(ended_at=now, fired=True)
    if ended:
        _step(instance, engine.TimerDue(timer.number), order, actor, now)


@action
def cancel_instance(instance_id: int | None, *, reason: str, order: Any, actor: Actor, now: datetime) -> None:
    """End an instance from outside: every task and timer that is open is called off."""
    instance = lock(Instance.objects.filter(pk=instance_id or 0)).select_related("version").get()
    if instance.status not in (Instance.Status.RUNNING, Instance.Status.ERROR):
        return
    state, effects = engine.advance(
        queries.graph(instance.version_id), instance.state, engine.Cancelled(), now, evaluate
    )
    instance.state, instance.ended_at, instance.outcome = state, now, "cancelled"
    instance.cancel()
    instance.save()
    instance.incidents.filter(resolved_at=None).update(resolved_at=now)
    _record(instance, "cancelled", {}, effects, order, actor, now, reason=reason)
    _apply([effect for effect in effects if not isinstance(effect, engine.Finished)], instance, order, actor, now)


@action
def retry_instance(instance_id: int | None, *, reason: str, order: Any, actor: Actor, now: datetime) -> None:
    """Let a failed instance run again after what hindered it was repaired. Raises StepFailed when it fails again.

    A timer's step and the answer of a connected system are taken again. What a person did was rolled back with
    its record, and nobody's work or signature is repeated by a machine: their item still waits, with their draft.
    """
    instance = lock(Instance.objects.filter(pk=instance_id or 0)).select_related("version").get()
    incident = instance.incidents.filter(resolved_at=None).first()
    if incident is None:
        raise NotRunning(instance.status)
    incident.resolved_at = now
    incident.save(update_fields=["resolved_at"])
    instance.resume()
    subject = _subject(instance)
    record("processes.instance.resumed", subject=subject, order=order, actor=actor, now=now, reason=reason)
    event = _event_of(incident)
    if isinstance(event, engine.TimerDue):
        instance.timers.filter(number=event.timer, ended_at=None).update(ended_at=now, fired=True)
    if _is_a_persons(event, instance):
        instance.save(update_fields=["status"])
    else:
        _step(instance, event, order, actor, now)


def _event_of(incident: Incident) -> engine.Event:
    payload = {name: value for name, value in incident.event.items() if name != "kind"}
    return getattr(engine, incident.event["kind"])(**payload)


def _is_a_persons(event: engine.Event, instance: Instance) -> bool:
    if not isinstance(event, engine.TaskCompleted):
        return False
    graph = queries.graph(instance.version_id)
    node = graph.open_tasks(instance.state).get(event.task)
    return node is None or graph.nodes[node].element != "serviceTask"


def _running_instance(instance_id: int | None) -> Instance:
    instance = lock(Instance.objects.filter(pk=instance_id or 0)).select_related("version").get()
    if instance.status != Instance.Status.RUNNING:
        raise NotRunning(instance.status)
    return instance


def _step(instance: Instance, event: engine.Event, order: Any, actor: Actor, now: datetime) -> None:
    """One step with all that follows from it, or none of it and an incident: also what a handler refuses is one."""
    node = _node_of(event, instance)
    try:
        _take(instance, event, order, actor, now)
    except Exception as error:
        log.exception("a step of %s failed", order.subject)
        kept = {"kind": type(event).__name__, **asdict(event)}
        where, cause = getattr(error, "node", "") or node, f"{type(error).__name__}: {error}"
        running().after_rollback.append(lambda: keep_incident(instance.pk, where, cause, kept, order, now))
        raise StepFailed() from error


def _take(instance: Instance, event: engine.Event, order: Any, actor: Actor, now: datetime) -> None:
    graph = queries.graph(instance.version_id)
    instance.state, effects = engine.advance(graph, instance.state, event, now, evaluate)
    end = next((effect for effect in effects if isinstance(effect, engine.Finished)), None)
    if end:
        instance.complete()
        instance.outcome, instance.ended_at = end.outcome, now
    instance.save()
    _record(instance, type(event).__name__, getattr(event, "variables", {}), effects, order, actor, now)
    for task, variables in _apply(effects, instance, order, actor, now).items():
        if task in graph.open_tasks(instance.state):
            _take(instance, engine.TaskCompleted(task, variables), order, actor, now)


def _node_of(event: engine.Event, instance: Instance) -> str:
    if isinstance(event, engine.TimerDue):
        return instance.timers.filter(number=event.timer).values_list("node", flat=True).first() or ""
    if isinstance(event, engine.TaskCompleted):
        return queries.graph(instance.version_id).open_tasks(instance.state).get(event.task, "")
    return ""


def _apply(
    effects: list[Any], instance: Instance, order: Any, actor: Actor, now: datetime
) -> dict[int, Mapping[str, Any]]:
    """Hand every effect to its handler; returns the tasks whose handlers said at once that nothing is to be done."""
    graph = queries.graph(instance.version_id)
    passed: dict[int, Mapping[str, Any]] = {}
    _keep_timers(effects, instance, now)
    for effect in effects:
        if isinstance(effect, (engine.OpenTask, engine.CancelTask)):
            node = graph.nodes[effect.node]
            handler = _handler(node, cancelled=isinstance(effect, engine.CancelTask))
            variables = handler(OpenedTask(instance, order, effect.task, node, actor, now))
            if variables is not None:
                passed[effect.task] = variables
        elif isinstance(effect, engine.ReachMilestone):
            _finished("milestone")(ReachedMilestone(order, effect.key, effect.node, actor, now))
        elif isinstance(effect, engine.Finished):
            _finished("finished")(Ended(order, effect.outcome, actor, now))
    if instance.status == Instance.Status.RUNNING:
        kinds = {_kind(graph.nodes[node]) for node in graph.open_tasks(instance.state).values()}
        _finished("settled")(Settled(order, kinds == {"client"}, actor, now))
    return passed


def _keep_timers(effects: list[Any], instance: Instance, now: datetime) -> None:
    new = [
        Timer(instance=instance, number=effect.timer, node=effect.node, due_at=effect.due)
        for effect in effects
        if isinstance(effect, engine.SetTimer)
    ]
    gone = [effect.timer for effect in effects if isinstance(effect, engine.CancelTimer)]
    if new:
        Timer.objects.bulk_create(new)
    if gone:
        instance.timers.filter(number__in=gone, ended_at=None).update(ended_at=now)


def _record(
    instance: Instance,
    event: str,
    variables: Mapping[str, Any],
    effects: list[Any],
    order: Any,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    data = {
        "event": event,
        "entered": [effect.node for effect in effects if isinstance(effect, engine.Entered)],
        "left": [effect.node for effect in effects if isinstance(effect, engine.Left)],
        "timers": {str(e.timer): e.due for e in effects if isinstance(e, engine.SetTimer)},
    }
    record(
        "processes.instance.advanced",
        subject=_subject(instance),
        order=order,
        actor=actor,
        now=now,
        reason=reason,
        data=data,
        person=order.client.person_key if variables else "",
        personal={"variables": dict(variables)} if variables else None,
    )


@action
def keep_incident(instance_id: int, node: str, cause: str, event: dict, order: Any, now: datetime) -> None:
    """Write down a step that failed, after its transaction was rolled back."""
    order = lock(type(order).objects.filter(pk=order.pk)).get()
    instance = lock(Instance.objects.filter(pk=instance_id or 0)).first()
    if instance is None or instance.status != Instance.Status.RUNNING:
        return
    instance.fail()
    instance.save(update_fields=["status"])
    Incident.objects.create(instance=instance, node=node, cause=cause[:4000], event=event, happened_at=now)
    record(
        "processes.instance.failed",
        subject=_subject(instance),
        order=order,
        actor=Actor.system("process engine"),
        now=now,
        data={"node": node, "cause": cause.split(":")[0]},
    )


def _handler(node: engine.Node, *, cancelled: bool) -> Any:
    key = (node.element, _kind(node), "cancel") if cancelled else (node.element, _kind(node))
    return import_string(wiring().HANDLERS[key])


def _kind(node: engine.Node) -> str:
    return node.kind or "work"


def _finished(name: str) -> Any:
    return import_string(wiring().ENGINE[name])


def _subject(instance: Instance) -> str:
    return f"processes.instance:{instance.pk}"
