"""Moving running instances to another version, each in its own transaction or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from processes import migration, queries
from processes.actions.locking import lock_instance, lock_order_of
from processes.actions.recording import keep_waiting
from processes.actions.versions import expect_right
from processes.models import Instance, ProcessVersion, Subscription, Timer
from processes.outside import outside
from processes.refusals import NotMovable, NotRunning


@action
def migrate_instance(
    instance_id: int, *, to: ProcessVersion, given: Mapping[str, str], actor: Actor, now: datetime, reason: str = ""
) -> None:
    """Move one running instance to another version of its process. given: elements that have another id there.

    Work that is open stays as it was opened. Raises NotMovable with every reason, NotRunning, NotAllowed, BadMap.
    """
    found = Instance.objects.get(pk=instance_id)
    order = lock_order_of(found)
    instance = lock_instance(instance_id)
    expect_right(actor, "approve_process", instance.version.model)
    if instance.status != Instance.Status.RUNNING:
        raise NotRunning(instance.status)
    old, new = queries.graph(instance.version_id), queries.graph(to.pk)
    nodes = migration.mapping(old, new, given)
    hindered = migration.problems(old, new, instance.state, nodes)
    if hindered or to.model_id != instance.version.model_id:
        raise NotMovable([f"{problem.node} {problem.why}" for problem in hindered])
    before = instance.version
    instance.state, effects = migration.moved(old, new, instance.state, nodes, now, outside(now))
    instance.version = to
    instance.save()
    keep_waiting(effects, instance, now)
    _rename_rows(instance, nodes)
    record(
        "processes.instance.migrated",
        subject=instance.ledger_subject,
        order=order,
        actor=actor,
        now=now,
        reason=reason,
        before={"version": before.number},
        after={"version": to.number},
        data={"from": before.pk, "to": to.pk, "nodes": dict(given)},
    )


def _rename_rows(instance: Instance, nodes: Mapping[str, str]) -> None:
    changed = {name for name, target in nodes.items() if name != target}
    if not changed:
        return
    waiting = {"ended_at": None, "node__in": changed}
    rows: list[Timer | Subscription] = list(lock(instance.timers.filter(**waiting)))
    rows += lock(instance.subscriptions.filter(**waiting))
    for row in rows:
        row.node = nodes[row.node]
        row.save(update_fields=["node"])
