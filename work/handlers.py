"""What the engine's effects do in work: open an item for a task, call it off when it is not wanted any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.db.models import QuerySet

from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import at_hand, keep_at_hand
from audit.prepared import prepared
from orders.models import Order
from orders.rules import ORDINARY, with_order
from processes.steps import OpenedTask
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from work.models import OPEN, Queue, WorkItem


def open_item(task: OpenedTask) -> None:
    """A user or manual task opened: a work item in the queue that its drawing names."""
    code = task.attribute("work", "queue")
    open_in(
        at_hand(f"work.queue:{code}", partial(_queue, code)),
        task,
        skill=task.attribute("work", "skill"),
        effort_minutes=int(task.attribute("work", "effort", "0")),
        priority=int(task.attribute("work", "priority", "3")),
        form=task.form,
    )


def _queue(code: str) -> Queue:
    queues = _queue_called(code)
    if not queues:
        raise Queue.DoesNotExist(f'Expected a queue, but there is none called "{code}".')
    return queues[0]


@prepared
def _queue_called(code: str) -> QuerySet[Queue]:
    return Queue.objects.filter(code=code)


def why_unopenable(attributes: Mapping[str, Mapping[str, str]]) -> str:
    """What speaks against a drawn task of kind work: its queue does not exist. Empty when it can be opened."""
    code = attributes.get("work", {}).get("queue", "")
    known = Queue.objects.filter(code=code).exists()
    return "" if known else Said(_('Expected a queue, but there is none called "%(code)s".'), code=code)


def open_in(queue: Queue, task: OpenedTask, **about: object) -> WorkItem:
    """Open an item for a task in a queue. about: further fields of WorkItem (kind, tier, role, form, skill, …)."""
    order = task.order
    about.setdefault("name", task.name)
    about["priority"] = with_order(int(str(about.get("priority", ORDINARY))), order.priority)
    item = WorkItem(
        order=order,
        queue=queue,
        client_id=order.client_id,
        product_id=order.product_id,
        order_number=order.number,
        task=task.task,
        node=task.node.id,
        opened_at=task.now,
        due_at=order.due_at,  # until it has a clock of its own
        band=order.band,
        **about,
    )
    save(keep_at_hand(item), actor=task.actor, now=task.now)
    record(
        "work.item.opened",
        subject=item.subject,
        order=order,
        actor=task.actor,
        now=task.now,
        after={"state": item.state, "queue": queue.code, "priority": item.priority},
        data={"node": item.node, "kind": item.kind, "tier": item.tier},
    )
    return item


def cancel_item(task: OpenedTask) -> None:
    """The process moved on without it: call off the open items of the task."""
    for item in lock(WorkItem.objects.filter(order=task.order, task=task.task, state__in=OPEN)):
        call_off(item, order=task.order, actor=task.actor, now=task.now)


def call_off(item: WorkItem, *, order: Order, actor: Actor, now: datetime) -> None:
    """Call off one (locked) open item."""
    asked = {"awaits_decision": True} if item.awaits_decision else {}
    before = {"state": item.state, "holder_id": item.holder_id}
    item.cancel()
    item.holder, item.ended_at, item.awaits_decision = None, now, False
    item.version += 1
    save(item, actor=actor, now=now)
    record(
        "work.item.cancelled",
        subject=item.subject,
        order=order,
        actor=actor,
        now=now,
        before=before,
        after={"state": item.state, "holder_id": None},
        data={"node": item.node, **asked},
    )
