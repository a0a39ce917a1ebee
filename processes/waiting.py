"""Everything that waits, and for what: the answer to "why does this not go on?"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from processes import queries
from processes.models import Incident, Instance, Message, ProcessVersion, Start, Timer
from rulebook.change_control import State

OPEN = (Instance.Status.ERROR, Instance.Status.RUNNING)  # in this order they are shown


@dataclass(frozen=True, slots=True)
class Waits:
    """One thing that is waited for. what: task, timer, message, signal, condition, call, join, incident or nobody.

    A join is a gateway at which a token waits for those of other ways.

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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list begins: behind this instance of those with this status."""

    status: str
    key: int


def everything(process: str = "") -> Iterator[Waits]:
    """All that open instances wait for, of one process or of all; start events that failed; versions whose date
    came and that cannot come into force; messages for nobody.

    Four statements for each 500 instances, and one for each of the others.
    """
    for instance in with_rows(_of_process(Instance.objects.filter(status__in=OPEN), process).order_by("pk")).iterator(
        chunk_size=500
    ):
        yield from of(instance)
    for start in failed_starts(process):
        yield _failed(start)
    for version in withheld(process):
        yield _withheld(version)
    if not process:
        for message in parked():
            yield _parked(message)


def page(seen: QuerySet[Instance], *, process: str = "", after: Place | None = None, size: int) -> list[Instance]:
    """Open instances among those seen, with the rows that `of` reads: failed ones first, then the oldest.

    At most six statements. What is looked at are keys of open instances, never those that have ended.
    """
    keys: list[int] = []
    for status in OPEN[OPEN.index(Instance.Status(after.status)) :] if after else OPEN:
        rows = _of_process(seen, process).filter(status=status)
        if after and after.status == status:
            rows = rows.filter(pk__gt=after.key)
        keys += rows.order_by("pk").values_list("pk", flat=True)[: size - len(keys)]
        if len(keys) >= size:
            break
    found = {instance.pk: instance for instance in with_rows(Instance.objects.filter(pk__in=keys))}
    return [found[key] for key in keys if key in found]


def parked() -> QuerySet[Message]:
    """Messages that nobody waits for yet, the oldest first."""
    return Message.objects.filter(delivered_at=None, expired_at=None).order_by("received_at", "pk")


def failed_starts(process: str = "") -> QuerySet[Start]:
    """Start events whose time, message or signal came but at which no instance could begin: tried again later."""
    failed = Start.objects.filter(ended_at=None).exclude(last_error="").select_related("version__model")
    return (failed.filter(version__model__key=process) if process else failed).order_by("due_at", "pk")


def withheld(process: str = "") -> QuerySet[ProcessVersion]:
    """Approved versions whose date has come and that cannot come into force, with why."""
    found = ProcessVersion.objects.filter(state=State.APPROVED).exclude(withheld={}).select_related("model")
    found = found.defer("xml", "forms").order_by("effective_at", "pk")
    return found.filter(model__key=process) if process else found


def with_rows(instances: QuerySet[Instance]) -> QuerySet[Instance]:
    """Instances with all that `of` reads, and not the drawings, which are compiled once."""
    return _light(instances).prefetch_related(
        Prefetch("timers", Timer.objects.filter(ended_at=None)),
        Prefetch("incidents", Incident.objects.filter(resolved_at=None)),
        Prefetch("called", _light(Instance.objects.filter(status__in=OPEN))),
    )


def of(instance: Instance) -> Iterator[Waits]:
    """What one instance waits for; it comes from `with_rows`."""
    graph, state = queries.graph(instance.version_id), instance.state
    version = instance.version

    def waits(
        what: str, node: str, detail: str = "", since: datetime | None = None, due: datetime | None = None
    ) -> Waits:
        return Waits(instance.pk, version.model.key, version.number, instance.subject, what, node, detail, since, due)

    for incident in instance.incidents.all():
        detail = f"{incident.cause} (attempts: {incident.attempts})"
        yield waits("incident", incident.element or incident.node, detail, incident.happened_at, incident.next_retry_at)
    messages = graph.open_waits(state).values()
    told = {wait.node for wait in messages}
    for node in graph.open_tasks(state).values():
        if node not in told:  # a receive task is named with its message
            yield waits("message" if graph.nodes[node].element == "receiveTask" else "task", node)
    for timer in instance.timers.all():
        yield waits("timer", timer.node, due=timer.due_at)
    for wait in messages:
        yield waits(wait.kind, wait.node, _awaited(wait.name, wait.keys))
    for gateway in graph.open_joins(state):
        yield waits("join", gateway)
    for called in instance.called.all():
        node = graph.open_calls(state).get(called.call, "")
        yield waits("call", node, f"{called.version.model.key} (instance {called.pk})", called.started_at)


def _awaited(name: str, keys: Mapping[str, Any]) -> str:
    """The name of what is awaited, with what it must say: "paid (order: TL-7K3F9Q2M-C)"."""
    said = ", ".join(f"{key}: {value}" for key, value in sorted(keys.items()))
    return f"{name} ({said})" if said else name


def _light(instances: QuerySet[Instance]) -> QuerySet[Instance]:
    return instances.select_related("version__model").defer("version__xml", "version__forms")


def _of_process(instances: QuerySet[Instance], process: str) -> QuerySet[Instance]:
    """Those of one process or of all: by versions, so that an index finds the open ones among very many."""
    versions = ProcessVersion.objects.filter(model__key=process) if process else ProcessVersion.objects.all()
    return instances.filter(version__in=versions.order_by().values("pk"))


def _failed(start: Start) -> Waits:
    version, detail = start.version, f"{start.last_error} (attempts: {start.attempts})"
    subject = f"processes.start:{start.pk}"
    return Waits(
        None,
        version.model.key,
        version.number,
        subject,
        "incident",
        start.node,
        detail,
        start.due_at,
        start.leased_until,
    )


def _withheld(version: ProcessVersion) -> Waits:
    detail = "; ".join(f"{name}: {why}" if name else why for name, why in version.withheld.items())
    subject = f"processes.version:{version.pk}"
    return Waits(None, version.model.key, version.number, subject, "incident", "", detail, version.effective_at)


def _parked(message: Message) -> Waits:
    detail = " ".join(part for part in (message.name, message.last_error) if part)
    return Waits(message.target_id, "", 0, "", "nobody", "", detail, message.received_at, message.expires_at)
