"""What follows a signature: the rest of its stage, the next stage, or the end of the request. Part of the actions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from approvals.asking import answer
from approvals.handlers import Matter, open_stage, said_of
from approvals.models import Decision, Request, Tier
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from orders.models import Order
from processes import actions as processes
from processes import queries as process_queries
from processes.steps import OpenedTask
from work.handlers import call_off
from work.models import OPEN, WorkItem

ENDS = {  # choice → (facts of tier and request, the process's variable)
    Decision.Choice.REJECT: ("approvals.tier.rejected", "approvals.request.rejected", "rejected"),
    Decision.Choice.MORE_INFORMATION: ("approvals.tier.returned", "approvals.request.returned", "more_information"),
    Decision.Choice.APPROVE: ("approvals.tier.approved", "approvals.request.approved", "approved"),
}


def go_on(request: Request, stage: int, about: WorkItem, actor: Actor, now: datetime) -> None:
    """After somebody approved, or need not sign any more: nothing while others of the stage are asked, else the next.

    about: an item of the request, for what it is about.
    """
    waiting = to_sign(request)
    if any(tier.stage == stage for tier in waiting):
        return
    if not waiting:
        end(request, Decision.Choice.APPROVE, "", actor, now)
        return
    open_stage(waiting, task_of(request, actor, now), matter_of(about))


def end(request: Request, choice: Decision.Choice, to: str, actor: Actor, now: datetime) -> None:
    """The request is over, its other items are called off, and the process goes on, or back to a node."""
    _tier_fact, fact, variable = ENDS[choice]
    if to:
        fact = ENDS[Decision.Choice.MORE_INFORMATION][1]
    {"approved": request.approve, "rejected": request.reject, "returned": request.send_back}[fact.rpartition(".")[2]]()
    request.ended_at = now
    save(request, actor=actor, now=now)
    note(fact, request, actor, now, after={"state": request.state}, data={"sent_to": to} if to else None)
    for item in lock(WorkItem.objects.filter(approval_tier__request=request, state__in=OPEN)):
        call_off(item, order=request.order, actor=actor, now=now)
    order, task = request.order, request.task
    if request.asked_from_id is not None:
        answer(request, order, sent_to=to, actor=actor, now=now)
    if to:
        processes.send_back(order.process_id, task, to=to, order=order, actor=actor, now=now)
    elif request.asked_from_id is None:
        variables = {"approval": variable}
        processes.complete_task(order.process_id, task, variables=variables, order=order, actor=actor, now=now)


def to_sign(request: Request) -> list[Tier]:
    """The seats that still have to sign, in the order of the chain."""
    waiting = list(request.tiers.filter(decision=None, carried=None, removed_at=None))
    for tier in waiting:
        tier.request = request
    return sorted(waiting, key=lambda tier: (tier.stage, tier.number, tier.seat))


def spare_the_others(tier: Tier, order: Order, actor: Actor, now: datetime) -> None:
    """One of an added level was enough: the others need not sign any more."""
    others = tier.request.tiers.filter(number=tier.number, removed_at=None, decision=None).exclude(pk=tier.pk)
    for other in others.select_related("work_item"):
        other.request = tier.request
        remove(other, actor, now, data={"because": "one_was_enough"})


def remove(tier: Tier, actor: Actor, now: datetime, *, reason: str = "", data: dict[str, Any] | None = None) -> None:
    """Take an added signature out of the chain."""
    tier.removed_at = now
    tier.save(update_fields=["removed_at"])
    for item in lock(WorkItem.objects.filter(approval_tier=tier, state__in=OPEN)):
        call_off(item, order=tier.request.order, actor=actor, now=now)
    told = {**said_of(tier), "to": tier.asked_id, **(data or {})}
    note("approvals.signer.removed", tier.request, actor, now, reason=reason, data=told)


def task_of(request: Request, actor: Actor, now: datetime) -> OpenedTask:
    """The task at which an open request waits."""
    order = request.order
    instance = process_queries.holder_of(order.process_id, request.task)
    return OpenedTask(instance, order, request.task, process_queries.node_of(instance, request.task), actor, now)


def matter_of(item: WorkItem) -> Matter:
    """What the items of a request are about."""
    return Matter(item.matrix, item.amount_minor, item.currency)


def note(
    fact: str,
    request: Request,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    after: dict | None = None,
    data: dict | None = None,
    evidence: dict | None = None,
) -> None:
    """Put something about a request on record. evidence: whom one called on which number is personal."""
    record(
        fact,
        subject=f"approvals.request:{request.public_id}",
        order=request.order,
        actor=actor,
        now=now,
        reason=reason,
        after=after,
        data=data,
        person=request.order.client.person_key if evidence else "",
        personal={"evidence": evidence} if evidence else None,
    )
