"""Moving running instances to another version, each in its own transaction or not at all."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import Refusal
from processes import engine, migration, queries
from processes.actions.locking import lock_instance, lock_order_of
from processes.actions.recording import MOVED_STATE
from processes.actions.versions import expect_right
from processes.actions.walking import Walk
from processes.models import Instance, ProcessVersion, Subscription, Timer
from processes.outside import outside
from processes.refusals import NotATarget, NotMovable, NotRunning
from rulebook.change_control import State

log = logging.getLogger(__name__)


@action
def migrate_instance(
    instance_id: int, *, to: ProcessVersion, given: Mapping[str, str], actor: Actor, now: datetime, reason: str = ""
) -> None:
    """Move one running instance to another version of its process. given: elements that have another id there.

    Work that is open stays as it was opened; what holds there already happens at once, as a step of its own on record.
    Raises NotATarget, NotMovable with every reason, NotRunning, NotAllowed, BadMap, EngineError (a step fails there).
    """
    found = Instance.objects.get(pk=instance_id)
    order = lock_order_of(found)
    instance = lock_instance(instance_id)
    before = instance.version
    expect_right(actor, "approve_process", before.model)
    expect_target(before, to)
    if instance.status != Instance.Status.RUNNING:
        raise NotRunning(instance.status)
    old, new = queries.graph(before.pk), queries.graph(to.pk)
    nodes = migration.mapping(old, new, given)
    hindered = migration.problems(old, new, instance.state, nodes)
    if hindered:
        raise NotMovable([str(problem) for problem in hindered])
    instance.state, effects = migration.moved(old, new, instance.state, nodes, now, outside(now))
    instance.version = to
    instance.save()
    _rename_rows(instance, nodes)
    came_to = {MOVED_STATE: instance.state}  # a replay takes it as it is: the rules of a move may be others by then
    record(
        "processes.instance.migrated",
        subject=instance.ledger_subject,
        order=order,
        actor=actor,
        now=now,
        reason=reason,
        before={"version": before.number},
        after={"version": to.number},
        data={"from": before.pk, "to": to.pk, "nodes": dict(given)} | ({} if order else {"payload": came_to}),
        person=order.client.person_key if order else "",
        personal=came_to if order else None,
    )
    _arrive(Walk(order, actor, now, instance), effects)


def expect_target(old: ProcessVersion, new: ProcessVersion) -> None:
    """Work moves only to another version of its process that two people agreed on and whose day has come.

    Raises NotATarget.
    """
    if old.pk == new.pk:
        raise NotATarget(_("Expected two versions, but they are the same."))
    if old.model_id != new.model_id:
        raise NotATarget(_("Expected two versions of one process, but they are of two."))
    if new.state not in (State.IN_FORCE, State.SUPERSEDED):
        raise NotATarget(
            _("Expected a version that is or was in force, but it is not."),
            next_step=_("Let it be approved and take effect first."),
        )


def _arrive(walk: Walk, effects: Sequence[Any]) -> None:
    """What follows the move, or no move: there is nothing to repair where the instance stays as it was."""
    try:
        walk.arrive(effects)
    except (Refusal, engine.EngineError):
        raise
    except Exception as error:
        log.exception("the first step of %s after its move failed", walk.entry.subject)
        at = walk.at[1] if walk.at else ""
        raise NotMovable([f"{at} fails there: {error}".strip()]) from error


def _rename_rows(instance: Instance, nodes: Mapping[str, str]) -> None:
    """Before rows are added: a new one may have the name that an old one gives up."""
    changed = {name for name, target in nodes.items() if name != target}
    if not changed:
        return
    waiting = {"ended_at": None, "node__in": changed}
    rows: list[Timer | Subscription] = list(lock(instance.timers.filter(**waiting)))
    rows += lock(instance.subscriptions.filter(**waiting))
    for row in rows:
        row.node = nodes[row.node]
        row.save(update_fields=["node"])
