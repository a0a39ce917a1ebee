"""Letting a failed instance go on: tried again, or with the failed element skipped, which takes two people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.authority import holds
from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import Invalid, NotAllowed, NotFound
from audit.texts import is_storable
from processes import engine, queries
from processes.actions.incidents import event_of, is_a_persons, next_retry
from processes.actions.instances import step
from processes.actions.locking import lock_instance, lock_order_of
from processes.actions.throwing import mark_delivered, parked
from processes.actions.walking import taker
from processes.models import Incident, Instance, Message, Skip, Subscription
from processes.reasons import reason_of
from processes.refusals import NotRunning
from processes.steps import Resumed
from rulebook.refusals import SameMakerAndChecker

PASSABLE = ("userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "businessRuleTask", "callActivity")
# Rights on a process, of which one is needed where what failed is for no order
KEEPING, AGREEING = ("edit_process", "approve_process"), ("approve_process",)


@action
def retry_instance(instance_id: int | None, *, reason: str, order: Any, actor: Actor, now: datetime) -> None:
    """Let a failed instance run again after what hindered it was repaired. Raises StepFailed when it fails again.

    instance_id: the one at the top of the calls. A timer's or message's step and the answer of a connected system are
    taken again, a message's only while nobody else has it. What a person did was rolled back with its record, and
    nobody's work or signature is repeated by a machine: their item still waits, with their draft. Raises NotRunning
    when nothing failed.
    """
    root = lock_instance(instance_id)
    incident = _open_incident(root)
    if incident is None:
        raise NotRunning(root.status)
    _resume(incident, order, reason, actor, now)
    if not is_a_persons(incident):
        _take_again(incident, order, actor, now)


@action
def retry_by_itself(incident_id: int, *, actor: Actor, now: datetime) -> None:
    """An automatic attempt at a failed step. Raises StepFailed."""
    incident = Incident.objects.select_related("instance").get(pk=incident_id)
    order = lock_order_of(incident.instance)
    if not Incident.objects.filter(pk=incident_id, resolved_at=None).exists():
        return
    reason = f"attempt {incident.attempts + 1}"
    retry_instance(incident.instance.root_key, reason=reason, order=order, actor=actor, now=now)


@action
def count_attempt(incident_id: int, *, now: datetime) -> bool:
    """Count an automatic attempt before it begins, so that one that kills its worker is not tried for ever."""
    found = lock(Incident.objects.filter(pk=incident_id, resolved_at=None, next_retry_at__lte=now))
    incident = found.select_related("instance").first()
    if incident is None:
        return False
    incident.next_retry_at = next_retry(incident, now)
    incident.attempts += 1
    incident.save(update_fields=["attempts", "next_retry_at"])
    return True


@action
def propose_skip(incident_id: int, *, variables: Mapping[str, Any], reason: str, actor: Actor, now: datetime) -> Skip:
    """Propose to let the failed element pass with variables; what is no activity is taken again with them instead.

    For who takes part in the order or keeps the process. Raises Invalid, NotAllowed, NotFound, NotRunning.
    """
    incident, order = _incident_for(incident_id, "repairer", KEEPING, actor)
    reason = reason_of(reason, _("Say why it may be skipped."))
    if not is_storable(dict(variables)):
        raise Invalid(
            _("Expected variables that can be kept, but one is not."),
            fields={
                "variables": _("Use texts without control characters, finite numbers, and lists in at most 100 levels.")
            },
        )
    if incident.is_calling_off:
        raise Invalid(_("Expected a step that failed, but calling off did. Try again, then call it off anew."))
    if incident.skips.filter(decided_at=None).exists():
        raise Invalid(_("Expected no other proposal, but one waits for its approval."))
    if not is_passable(incident) and incident.failed_in_id != incident.instance.version_id:
        raise Invalid(_("Expected a task of this process, but what failed is none. Repair it and try again."))
    skip = Skip.objects.create(
        incident=incident,
        node=incident.element,
        variables=dict(variables),
        reason=reason,
        proposed_by=actor.user,
        proposed_at=now,
    )
    _record("processes.skip.proposed", skip, incident, order, actor, now, reason=skip.reason)
    return skip


@action
def approve_skip(skip_id: int, *, actor: Actor, now: datetime) -> None:
    """Agree to somebody else's proposal: the element passes and the process goes on.

    For who is in charge of the order, or approves versions of the process. Raises NotAllowed, NotFound, NotRunning,
    SameMakerAndChecker, StepFailed (something else fails).
    """
    skip, incident, order = _proposed(skip_id, actor)
    skip.approved_by, skip.decided_at = actor.user, now
    skip.save(update_fields=["approved_by", "decided_at"])
    _resume(incident, order, skip.reason, actor, now)
    instance = incident.instance
    if is_passable(incident):
        held = {"variables": skip.variables, "task": incident.event.get("task") if is_a_persons(incident) else None}
        instance.passing = {**instance.passing, f"{incident.failed_in_id}/{incident.element}": held}
        instance.save(update_fields=["passing"])
    elif skip.variables:
        step(instance, engine.VariablesSet(skip.variables), order, actor, now)
    if not is_a_persons(incident):
        _take_again(incident, order, actor, now)
    _record("processes.skip.approved", skip, incident, order, actor, now)  # what follows sees the variables


@action
def reject_skip(skip_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Disagree with somebody else's proposal. Raises NotAllowed, NotFound, SameMakerAndChecker."""
    skip, incident, order = _proposed(skip_id, actor)
    skip.decided_at = now
    skip.save(update_fields=["decided_at"])
    _record("processes.skip.rejected", skip, incident, order, actor, now, reason=reason)


def _open_incident(root: Instance) -> Incident | None:
    found = Incident.objects.filter(instance__in=queries.family(root), resolved_at=None)
    return found.select_related("instance__version").first()


def _resume(incident: Incident, order: Any, reason: str, actor: Actor, now: datetime) -> None:
    """The incident is over and all of the order's processes run again."""
    incident.resolved_at, incident.next_retry_at = now, None
    incident.save(update_fields=["resolved_at", "next_retry_at"])
    incident.skips.filter(decided_at=None).update(decided_at=now)
    for one in lock(queries.family(incident.instance)).filter(status=Instance.Status.ERROR).order_by("pk"):
        one.resume()
        one.save(update_fields=["status"])
        if one.pk == incident.instance_id:
            incident.instance = one
    _ring_for(incident.instance, now)
    subject = incident.instance.ledger_subject
    record("processes.instance.resumed", subject=subject, order=order, actor=actor, now=now, reason=reason)
    if order is not None:
        taker("resumed")(Resumed(order, reason, actor, now))


def _ring_for(instance: Instance, now: datetime) -> None:
    """Messages that came meanwhile for what runs again are not left to the pause after an attempt in vain."""
    waiting = Subscription.objects.filter(kind="message", instance__in=queries.family(instance), ended_at=None)
    names = set(waiting.values_list("name", flat=True))
    if names:
        parked(kind=Message.Kind.MESSAGE, name__in=names, next_attempt_at__gt=now).update(next_attempt_at=now)


def _take_again(incident: Incident, order: Any, actor: Actor, now: datetime) -> None:
    instance, event = incident.instance, event_of(incident)
    if isinstance(event, engine.TimerDue):
        instance.timers.filter(number=event.timer, ended_at=None).update(ended_at=now, fired=True)
    message = lock(parked(pk=incident.message_id or 0)).first()
    if message is not None:
        mark_delivered(message, instance, order, actor, now)
    elif incident.message_id is not None:
        return  # somebody else has it by now, or its time is over: it takes effect once, and this one waits on
    step(instance, event, order, actor, now, message)


def is_passable(incident: Incident) -> bool:
    """Whether what failed may be let pass: an activity that asks for no decision, which is signed instead."""
    version = incident.failed_in_id or incident.instance.version_id
    node = queries.graph(version).nodes.get(incident.element)
    return node is not None and node.element in PASSABLE and not queries.holds_decision(node)


def _incident_for(incident_id: int, part: str, rights: tuple[str, ...], actor: Actor) -> tuple[Incident, Any]:
    """An open incident and its locked order, for who has that part in the order, or a right on what is for no order."""
    found = Incident.objects.filter(pk=incident_id).select_related("instance__version").first()
    if found is None or actor.user is None:
        raise (
            NotFound(_("Expected an incident, but there is none."))
            if found is None
            else NotAllowed(_("Expected a person, but a machine skips nothing."))
        )
    order = lock_order_of(found.instance)
    if order is not None:
        taker(part)(order, actor)
    elif not any(holds(actor.user, right, found.instance.version.model_id) for right in rights):
        raise NotAllowed(_("Expected somebody who keeps this process, but you may only read it."))
    incident = lock(Incident.objects.filter(pk=incident_id)).select_related("instance__version").get()
    if incident.resolved_at is not None:
        raise NotRunning(incident.instance.status)
    return incident, order


def _proposed(skip_id: int, actor: Actor) -> tuple[Skip, Incident, Any]:
    found = Skip.objects.filter(pk=skip_id).values_list("incident", flat=True).first()
    incident, order = _incident_for(found or 0, "in_charge", AGREEING, actor)
    skip = lock(Skip.objects.filter(pk=skip_id, decided_at=None)).first()
    if skip is None:
        raise NotFound(_("Expected a proposal that waits, but there is none."))
    if skip.proposed_by_id == actor.user.pk:
        raise SameMakerAndChecker()
    return skip, incident, order


def _record(
    fact: str, skip: Skip, incident: Incident, order: Any, actor: Actor, now: datetime, reason: str = ""
) -> None:
    record(
        fact,
        subject=incident.instance.ledger_subject,
        order=order,
        actor=actor,
        now=now,
        reason=reason,
        # those that an element gives when it passes are like the outcome that it would have had, later
        data={"skip": skip.pk, "node": skip.node, "sets": [] if is_passable(incident) else sorted(skip.variables)},
        person=order.client.person_key if order is not None and skip.variables else "",
        personal={"variables": skip.variables} if order is not None and skip.variables else None,
    )
