"""Taking back a step that one completed, before the next person acted. Source: 撤回 of the seed decisions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from audit.actions import save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from orders.models import Order
from processes import actions as processes
from processes import queries as process_queries
from processes.models import Instance
from processes.numbering import of_instance, within_order
from work.access import find
from work.actions.claiming import claim
from work.actions.moving import given, keep
from work.models import State, WorkItem
from work.refusals import NotYoursToTakeBack, TooLate

UNTOUCHED = (State.QUEUED, State.ASSIGNED, State.CANCELLED)


@action
def take_back(item: UUID, *, reason: str, actor: Actor, now: datetime) -> WorkItem:
    """Take back a step that one completed: the order returns to it, with what was answered as a draft; the new item.

    reason: 1–500 characters. Raises NotYoursToTakeBack, TooLate, ReasonMissing, NoSuchItem, StepFailed.
    """
    row = find(item, actor, now)
    if row.kind != WorkItem.Kind.WORK or row.completed_by_id != actor.user.pk:
        raise NotYoursToTakeBack()
    following = next_task(row.order, row.task)
    if following is None:
        raise TooLate()
    keep(row, "work.item.taken_back", actor=actor, now=now, before={}, reason=given(reason))
    order = row.order
    processes.send_back(order.process_id, following, to=row.node, order=order, actor=actor, now=now)
    again = lock(WorkItem.objects.filter(order=order, node=row.node, state=State.QUEUED).order_by("-pk")[:1]).get()
    taken = claim(again.public_id, actor=actor, now=now)
    taken.draft = row.result or {}
    taken.typed_by.add(actor.user)
    save(taken, actor=actor, now=now, fields=["draft"])
    return taken


def next_task(order: Order, task: int) -> int | None:
    """The task, within the order, that a completed one led to and on which nobody acted; None where there is none.

    Also none where the client was asked, a system was called, or anything else followed that cannot be undone.
    At most three statements.
    """
    instance = process_queries.holder_of(order.process_id, task)
    if instance.status != Instance.Status.RUNNING:
        return None
    number = process_queries.followed_at_once_by(instance, of_instance(task)[1])
    if number is None:
        return None
    following = within_order(instance, number)
    items = list(WorkItem.objects.filter(order=order, task=following).values_list("state", flat=True))
    return following if items and all(state in UNTOUCHED for state in items) else None
