"""Fetching a work item for an action: locked after its order, visible to the actor, with the right that is needed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.module_loading import import_string

from accounts.authority import holds, roles
from audit.actors import Actor
from audit.claims import lock
from audit.reactions import wiring
from orders.handlers import lock_order
from work.models import WorkItem
from work.refusals import AlreadyClosed, NoSuchItem, NotYours, RightMissing, SkillMissing


def fetch(item: UUID | str, actor: Actor) -> WorkItem:
    """The open item, locked after its order. Raises NoSuchItem, AlreadyClosed."""
    row = find(item, actor)
    if not row.is_open:
        raise AlreadyClosed(row.state)
    return row


def find(item: UUID | str, actor: Actor) -> WorkItem:
    """The item in whatever state, locked after its order. Raises NoSuchItem."""
    items = WorkItem.objects.all() if actor.is_system else WorkItem.objects.visible_to(actor.user)
    order_ref = items.filter(public_id=item).values_list("order__public_id", flat=True).first()
    if order_ref is None:
        raise NoSuchItem()
    order = lock_order(f"orders.order:{order_ref}")
    row = lock(WorkItem.objects.filter(public_id=item)).select_related("queue", "holder").get()
    row.order = order
    return row


def expect_worker(row: WorkItem, user: Any) -> None:
    """The person works the queue, and has the skill or the role that the item needs."""
    if row.kind == WorkItem.Kind.APPROVAL and row.role:
        if row.role not in roles(user):
            raise RightMissing(row.role)
        return
    if not (holds(user, "work_queue", row.queue_id) or holds(user, "lead_queue", row.queue_id)):
        raise RightMissing("operations_analyst")
    if row.skill and row.skill not in user.skills:
        raise SkillMissing(row.skill)


def expect_impartial(row: WorkItem, user: Any, actor: Actor) -> None:
    """Nothing speaks against this person doing this item, as far as its kind has such a question."""
    guard = wiring().GUARDS.get(row.kind)
    if guard:
        import_string(guard)(row, user, actor)


def expect_lead(row: WorkItem, actor: Actor) -> None:
    """The actor leads the queue; machines may as well."""
    if not actor.is_system and not holds(actor.user, "lead_queue", row.queue_id):
        raise RightMissing("team_lead")


def expect_holder(row: WorkItem, actor: Actor) -> None:
    """The actor holds the item."""
    if actor.user is None or row.holder_id != actor.user.pk:
        raise NotYours(row.holder.display_name if row.holder else "")
