"""Everything that waits, and for what: the answer to "why does this not go on?"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from processes import queries
from processes.models import Incident, Instance, Message, Timer

OPEN = (Instance.Status.RUNNING, Instance.Status.ERROR)


@dataclass(frozen=True, slots=True)
class Waits:
    """One thing that is waited for. what: task, timer, message, signal, condition, call, incident or nobody.

    since, due: where they are known. detail: name of a message, key of a called process, cause of an incident.
    """

    instance: int | None
    process: str
    version: int
    subject: str
    what: str
    node: str
    detail: str = ""
    since: datetime | None = None
    due: datetime | None = None


def everything(process: str = "") -> Iterator[Waits]:
    """All that open instances wait for, of one process or of all; then messages that nobody waits for.

    Four statements for each 500 instances, and one for the messages.
    """
    open_instances = Instance.objects.filter(status__in=OPEN).order_by("pk")
    if process:
        open_instances = open_instances.filter(version__model__key=process)
    for instance in _with_rows(open_instances).iterator(chunk_size=500):
        yield from _of(instance)
    if not process:
        yield from _parked()


def _with_rows(instances: QuerySet[Instance]) -> QuerySet[Instance]:
    return instances.select_related("version__model").prefetch_related(
        Prefetch("timers", Timer.objects.filter(ended_at=None)),
        Prefetch("incidents", Incident.objects.filter(resolved_at=None)),
        Prefetch("called", Instance.objects.filter(status__in=OPEN).select_related("version__model")),
    )


def _of(instance: Instance) -> Iterator[Waits]:
    graph, state = queries.graph(instance.version_id), instance.state
    version = instance.version

    def waits(
        what: str, node: str, detail: str = "", since: datetime | None = None, due: datetime | None = None
    ) -> Waits:
        return Waits(instance.pk, version.model.key, version.number, instance.subject, what, node, detail, since, due)

    for incident in instance.incidents.all():
        detail = f"{incident.cause} (attempts: {incident.attempts})"
        yield waits("incident", incident.element or incident.node, detail, incident.happened_at, incident.next_retry_at)
    for node in graph.open_tasks(state).values():
        yield waits("message" if graph.nodes[node].element == "receiveTask" else "task", node)
    for timer in instance.timers.all():
        yield waits("timer", timer.node, due=timer.due_at)
    for wait in graph.open_waits(state).values():
        if graph.nodes[wait.node].element != "receiveTask":
            yield waits(wait.kind, wait.node, wait.name)
    for called in instance.called.all():
        node = graph.open_calls(state).get(called.call, "")
        yield waits("call", node, f"{called.version.model.key} (instance {called.pk})", called.started_at)


def _parked() -> Iterator[Waits]:
    for message in Message.objects.filter(delivered_at=None, expired_at=None).order_by("received_at", "pk"):
        detail = " ".join(part for part in (message.name, message.last_error) if part)
        yield Waits(message.target_id, "", 0, "", "nobody", "", detail, message.received_at, message.expires_at)
