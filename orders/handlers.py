"""What the engine's effects do to an order: milestones, requests to the client, its state and its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from audit.actions import record, save
from audit.actors import Actor
from audit.refusals import NotAllowed
from orders.access import expect_charge, expect_part
from orders.models import ClientRequest, Order, State
from orders.queries import locked
from processes.steps import Ended, OpenedTask, ReachedMilestone, Resumed, Settled

MOVED = ["state", "process", "ended_at", "ended_reason", "resume_state", "version"]


def open_request(task: OpenedTask) -> None:
    """A node of kind client opened: ask the client."""
    attributes = task.node.attributes
    request = ClientRequest.objects.create(
        order=task.order,
        task=task.task,
        node=task.node.id,
        title=_both(attributes["title"]),
        text=_both(attributes["text"]),
        form=task.form,
        opened_at=task.now,
    )
    _record("orders.request.opened", request, task.order, task.actor, task.now)


def close_request(task: OpenedTask) -> None:
    """The process no longer waits for the client."""
    request = ClientRequest.objects.get(order=task.order, task=task.task)
    request.closed_at, request.draft = task.now, {}
    request.save(update_fields=["closed_at", "draft"])
    _record("orders.request.closed", request, task.order, task.actor, task.now)


def reach_milestone(step: ReachedMilestone) -> None:
    """A step of the client's line is reached; the first time counts."""
    reached = step.order.milestones.filter(key=step.key, reached_at=None).update(reached_at=step.now)
    if reached:
        record(
            "orders.milestone.reached",
            subject=step.order.subject,
            order=step.order,
            actor=step.actor,
            now=step.now,
            data={"milestone": step.key},
        )


def settle_state(step: Settled) -> None:
    """After a step: the order's state says whose turn it is."""
    order = step.order
    if order.state == State.SUBMITTED:
        move(order, order.proceed, "orders.order.started", actor=step.actor, now=step.now)
    if step.waits_for_client and order.state == State.IN_PROGRESS:
        move(order, order.wait_for_client, "orders.order.waiting_on_client", actor=step.actor, now=step.now)
    elif not step.waits_for_client and order.state == State.WAITING_ON_CLIENT:
        move(order, order.proceed, "orders.order.proceeded", actor=step.actor, now=step.now)


def return_from_repair(step: Resumed) -> None:
    """What failed runs again: an order that waited on the exception desk goes back to where it was."""
    order = step.order
    if order.state == State.EXCEPTION:
        move(order, order.back_to_work, "orders.order.repaired", actor=step.actor, now=step.now, reason=step.reason)


def expect_repairer(order: Order, actor: Actor) -> None:
    """Only staff who take part in an order propose how to repair what failed in it. Raises NotAllowed, NoSuchOrder."""
    if actor.user is not None and actor.user.is_client_side:
        raise NotAllowed(_("Expected a member of staff, but this desk is not open to you."))
    expect_part(locked(actor, order.public_id), actor)


def expect_in_charge(order: Order, actor: Actor) -> None:
    """Only who may call an order off agrees to such a proposal. Raises NotAllowed, NoSuchOrder."""
    expect_charge(locked(actor, order.public_id), actor)


def finish(end: Ended) -> None:
    """The process is over: so is the order."""
    verbs = {
        "completed": (end.order.complete, "orders.order.completed"),
        "rejected": (end.order.reject, "orders.order.rejected"),
        "cancelled": (end.order.cancel, "orders.order.cancelled"),
    }
    verb, fact = verbs[end.outcome]
    end.order.ended_at = end.now
    move(end.order, verb, fact, actor=end.actor, now=end.now)


def move(
    order: Order, transition: Callable[[], None], fact: str, *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """Take one transition of the order's state, and put it on record."""
    before = order.state
    transition()
    order.version += 1
    save(order, actor=actor, now=now, fields=MOVED)
    record(
        fact,
        subject=order.subject,
        order=order,
        actor=actor,
        now=now,
        reason=reason,
        before={"state": before},
        after={"state": order.state},
    )


def _both(texts: Mapping[str, str]) -> dict[str, str]:
    return {"en": texts["en"], "zh-Hans": texts["zh-Hans"]}


def _record(fact: str, request: ClientRequest, order: Order, actor: Actor, now: datetime) -> None:
    subject = f"orders.request:{request.public_id}"
    record(fact, subject=subject, order=order, actor=actor, now=now, data={"node": request.node})
