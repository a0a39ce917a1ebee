"""Fetching a work item for an action: locked after its order, visible to the actor, with the right that is needed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.module_loading import import_string

from accounts.authority import held, holds, roles
from accounts.hierarchy import roles_below
from accounts.refusals import DelegationOver
from audit.actors import Actor
from audit.claims import lock_in_order
from audit.context import at_hand, keep_at_hand
from audit.prepared import prepared
from audit.reactions import wiring
from audit.refusals import Refusal
from orders.models import Order
from processes.actions.locking import take_at_hand
from work.lent import delegation_over, delegations_for
from work.models import HELD, State, WorkItem
from work.refusals import AlreadyClosed, NoSuchItem, NotYours, RightMissing, SkillMissing, WrongStep
from work.rules import PRESSING

# Long, and of no use to most steps: read when they are asked for.
UNREAD = ("order__product__form", "order__product__summary", "order__product__parameters")


def sees(user: Any, item: WorkItem, at: datetime | None = None) -> bool:
    """Whether somebody may see an item (with its queue): as `visible_to`, without a statement where it is theirs."""
    return _sees(user, item) or (at is not None and bool(delegations_for(item, user, at)))


def _sees(user: Any, item: WorkItem) -> bool:
    queues = held(user, "work_queue") | held(user, "lead_queue") | held(user, "view_queue")
    if getattr(user, "is_client_side", True):
        return item.queue_id in queues and item.client_id in held(user, "view_client")
    branches = held(user, "oversee_branch") | held(user, "examine_branch")
    return item.queue_id in queues or item.queue.branch_id in branches


def fetch(item: UUID | str, actor: Actor, at: datetime | None = None) -> WorkItem:
    """The open item, locked after its order. at: as for `find`. Raises NoSuchItem, DelegationOver, AlreadyClosed."""
    row = find(item, actor, at)
    expect_open(row)
    return row


def find(item: UUID | str, actor: Actor, at: datetime | None = None) -> WorkItem:
    """The item in whatever state, locked after its order. at: with an instant, also what was lent to the actor then.

    Raises NoSuchItem, DelegationOver.
    """
    found = _locked(UUID(str(item)))
    if not found:
        raise NoSuchItem()
    row = found[0]
    if not (actor.is_system or sees(actor.user, row, at)):
        raise missing(row, actor.user, at)
    row.order = keep_at_hand(row.order)
    take_at_hand(row.order.process)
    at_hand(f"work.queue:{row.queue.code}", lambda: row.queue)  # most often the next step's as well
    return keep_at_hand(row)


def missing(row: WorkItem | None, user: Any, at: datetime | None) -> Refusal:
    """How the item is refused that somebody does not see: who could once decide it for another is told why no more."""
    over = delegation_over(row, user, at) if row is not None and at is not None else None
    if over is None:
        return NoSuchItem()
    return DelegationOver(over.delegator.display_name, revoked=over.revoked_at is not None)


@prepared
def _locked(public_id: UUID) -> QuerySet[WorkItem]:
    """Joined without a lock is only what never changes: of a row that was waited for, the rest would be of before."""
    its = WorkItem.objects.filter(public_id=public_id)
    with_process = its.filter(order__process__started_at__isnull=False)  # an inner join, or it could not be locked
    locked = lock_in_order(with_process, "order", "order__process", "self")
    joined = locked.select_related("queue", "order__client", "order__product", "order__branch", "order__process")
    return joined.defer(*UNREAD)


def expect_releasable(row: WorkItem, actor: Actor) -> None:
    """Its holder or a lead gives it back. Raises AlreadyClosed, WrongStep, RightMissing."""
    expect_open(row)
    if row.state not in HELD:
        raise WrongStep(row.state, "released")
    if not actor.is_system and row.holder_id != actor.user.pk:
        expect_lead(row, actor)


def expect_pendable(row: WorkItem, actor: Actor) -> None:
    """Its holder parks it. Raises AlreadyClosed, NotYours, WrongStep."""
    expect_open(row)
    expect_holder(row, actor)
    if row.state not in (State.ASSIGNED, State.IN_PROGRESS):
        raise WrongStep(row.state, "pended")


def expect_led(row: WorkItem, actor: Actor) -> None:
    """A lead gives it to somebody or puts it first. Raises AlreadyClosed, RightMissing."""
    expect_open(row)
    expect_lead(row, actor)


def expect_open(row: WorkItem) -> None:
    """Raises AlreadyClosed."""
    if not row.is_open:
        raise AlreadyClosed(row.state, row.completed_by.display_name if row.completed_by else "")


def works_on(order: Order, user: Any) -> bool:
    """The user works or leads a queue in which an item of the order stands or stood. At most one statement."""
    return _through(order, held(user, "work_queue") | held(user, "lead_queue"))


def leads(order: Order, user: Any) -> bool:
    """The user leads such a queue. At most one statement."""
    return _through(order, held(user, "lead_queue"))


def _through(order: Order, queues: frozenset[int]) -> bool:
    return bool(queues) and order.work_items.filter(queue_id__in=queues).exists()


def expect_worker(row: WorkItem, user: Any, at: datetime | None = None) -> None:
    """The person works the queue, and has the skill or the role that the item needs.

    at: with an instant, it is enough that somebody lets them decide it then. Raises RightMissing, SkillMissing.
    """
    if row.kind == WorkItem.Kind.APPROVAL and row.role:
        if not decides(row, user) and not (at is not None and delegations_for(row, user, at)):
            raise RightMissing(row.role)
        return
    if not _works_queue(row, user):
        raise RightMissing("operations_analyst")
    if row.skill and row.skill not in user.skills:
        raise SkillMissing(row.skill)


def decides(row: WorkItem, user: Any) -> bool:
    """Whether the decision is the person's own: they work its queue and hold its role. Asks nothing of the database."""
    return _works_queue(row, user) and may_sign(row, user)


def _works_queue(row: WorkItem, user: Any) -> bool:
    return holds(user, "work_queue", row.queue_id) or holds(user, "lead_queue", row.queue_id)


def may_sign(row: WorkItem, user: Any) -> bool:
    """The role of a decision is theirs, or it presses and was escalated to theirs."""
    return row.role in roles(user) or (row.band in PRESSING and row.role in roles_below(user))


def expect_impartial(row: WorkItem, user: Any, actor: Actor, now: datetime) -> None:
    """Nothing speaks against this person doing this item, as far as its kind has such a question."""
    guard = wiring().GUARDS.get(row.kind)
    if guard:
        import_string(guard)(row, user, actor, now)


def expect_lead(row: WorkItem, actor: Actor) -> None:
    """The actor leads the queue; machines may as well."""
    if not actor.is_system and not holds(actor.user, "lead_queue", row.queue_id):
        raise RightMissing("team_lead")


def expect_holder(row: WorkItem, actor: Actor) -> None:
    """The actor holds the item."""
    if actor.user is None or row.holder_id != actor.user.pk:
        raise NotYours(row.holder.display_name if row.holder else "")
