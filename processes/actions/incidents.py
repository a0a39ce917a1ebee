"""What failed: kept with its cause, tried again by itself as configured, then it waits for a person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from processes import engine, queries
from processes.engine.timers import after
from processes.models import Incident, Instance, Message

ENGINE = Actor.system("process engine")
PERSONS = (engine.TaskCompleted, engine.ErrorThrown, engine.EscalationThrown, engine.SentBack)
LONGEST_CAUSE = 4000


@dataclass(frozen=True)
class Failure:
    """A step that failed. node: where it began; element: what failed, of version `failed_in`."""

    instance: int
    node: str
    cause: str
    event: dict[str, Any]
    element: str = ""
    failed_in: int | None = None
    message: int | None = None
    pauses: tuple[str, ...] = ()


def failure(
    instance: Instance,
    before: dict[str, Any],
    event: engine.Event,
    error: Exception,
    at: tuple[Instance, str] | None,
    message: Message | None,
) -> Failure:
    """What is kept of a failed step. before: the state that the event came to."""
    where, element = at or (instance, "")
    element = getattr(error, "node", "") or element
    node = _node_of(event, instance, before)
    return Failure(
        instance=instance.pk,
        node=(element if isinstance(error, engine.EngineError) and where is instance else "") or node,
        cause=f"{type(error).__name__}: {error}",
        event={"kind": type(event).__name__, **asdict(event)},
        element=element or node,
        failed_in=where.version_id,
        message=message.pk if message else None,
        pauses=() if _is_a_persons(event, instance, before) else _pauses(where.version_id, element or node),
    )


@action
def keep_incident(failed: Failure, order: Any, now: datetime) -> None:
    """Write down a step that failed, after its transaction was rolled back; the order's processes stand still."""
    if order is not None:
        order = lock(type(order).objects.filter(pk=order.pk)).get()
    instance = Instance.objects.filter(pk=failed.instance).select_related("version").first()
    if instance is None:
        return
    family = list(lock(queries.family(instance)).order_by("pk"))
    if instance.status == Instance.Status.ERROR:  # it was tried again and failed again
        instance.incidents.filter(resolved_at=None).update(cause=failed.cause[:LONGEST_CAUSE])
    if instance.status != Instance.Status.RUNNING:
        return
    for one in family:
        if one.status == Instance.Status.RUNNING:
            one.fail()
            one.save(update_fields=["status"])
    Incident.objects.create(
        instance=instance,
        node=failed.node,
        element=failed.element,
        failed_in_id=failed.failed_in,
        message_id=failed.message,
        cause=failed.cause[:LONGEST_CAUSE],
        event=failed.event,
        happened_at=now,
        next_retry_at=after(now, failed.pauses[0]) if failed.pauses else None,
    )
    record(
        "processes.instance.failed",
        subject=instance.ledger_subject,
        order=order,
        actor=ENGINE,
        now=now,
        data={"node": failed.node, "element": failed.element, "cause": failed.cause.split(":")[0]},
    )


def next_retry(incident: Incident, now: datetime) -> datetime | None:
    """When a failed step is tried again after the attempt that begins now; None: then a person is needed."""
    version = incident.failed_in_id or incident.instance.version_id
    pauses = _pauses(version, incident.element)
    return after(now, pauses[incident.attempts + 1]) if incident.attempts + 1 < len(pauses) else None


def event_of(incident: Incident) -> engine.Event:
    """The event that failed."""
    payload = {name: value for name, value in incident.event.items() if name != "kind"}
    return getattr(engine, incident.event["kind"])(**payload)


def is_a_persons(incident: Incident) -> bool:
    """Whether what a person did failed: nobody's work, signature or calling off is repeated by a machine."""
    return _is_a_persons(event_of(incident), incident.instance, incident.instance.state)


def _is_a_persons(event: engine.Event, instance: Instance, state: dict[str, Any]) -> bool:
    if not isinstance(event, PERSONS):
        return isinstance(event, engine.Cancelled)
    graph = queries.graph(instance.version_id)
    node = graph.open_tasks(state).get(event.task)
    return node is None or graph.nodes[node].element != "serviceTask"


def _pauses(version: int, element: str) -> tuple[str, ...]:
    """How long to wait before each automatic attempt: `tl:retry pauses="PT1M PT1H"` at the element, or the setting."""
    node = queries.graph(version).nodes.get(element)
    given = node.attributes.get("retry", {}).get("pauses") if node is not None else None
    return tuple(settings.PROCESS_RETRY_PAUSES if given is None else given.split())


def _node_of(event: engine.Event, instance: Instance, state: dict[str, Any]) -> str:
    graph = queries.graph(instance.version_id)
    match event:
        case engine.TimerDue(timer):
            return graph.open_timers(state).get(timer, "")
        case engine.MessageArrived(subscription):
            wait = graph.open_waits(state).get(subscription)
            return wait.node if wait else ""
        case engine.TaskCompleted(task) | engine.ErrorThrown(task) | engine.EscalationThrown(task):
            return graph.open_tasks(state).get(task, "")
        case engine.SentBack(task):
            return graph.open_tasks(state).get(task, "")
    return ""
