"""Which decisions somebody may take for somebody else, under a delegation: as a condition, and of one item."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts.authority import held, roles
from accounts.delegates import branches_seen
from accounts.delegations import lent_to, over_for
from accounts.hierarchy import roles_below
from accounts.models import Delegation
from work.rules import PRESSING

if TYPE_CHECKING:
    from work.models import WorkItem


def lent_items(user: Any, at: datetime) -> Q | None:
    """Items that others let the user decide at an instant; None where nobody does. At most three statements."""
    conditions = [condition for _delegation, condition in lent_conditions(user, at)]
    return reduce(or_, conditions) if conditions else None


def lent_conditions(user: Any, at: datetime) -> list[tuple[Delegation, Q]]:
    """Each delegation to the user at an instant with the items that it lends. At most three statements."""
    return [(delegation, _items_under(delegation)) for delegation in lent_to(user, at)]


def delegations_for(item: WorkItem, user: Any, at: datetime) -> list[Delegation]:
    """Under which delegations the user may decide an item at an instant, the oldest first. At most three statements."""
    if item.kind != "approval":
        return []
    return [delegation for delegation in lent_to(user, at) if covers(delegation, item)]


def delegation_over(item: WorkItem, user: Any, at: datetime) -> Delegation | None:
    """The last delegation that would have let the user decide an item, had it not ended. At most three statements."""
    if item.kind != "approval":
        return None
    return next((delegation for delegation in over_for(user, at) if covers(delegation, item)), None)


def covers(delegation: Delegation, item: WorkItem) -> bool:
    """Whether who lends may decide the item and lends that, and the delegate sees its branch, whatever the time.

    The same as `_items_under`, of one.
    """
    lends = delegation.delegator
    if item.kind != "approval" or item.queue_id not in _queues(lends):
        return False
    if lends.is_client_side and item.client_id not in held(lends, "view_client"):
        return False
    if item.order.branch_id not in branches_seen(delegation.delegate):
        return False
    by_role = item.role in roles(lends) or (item.role in roles_below(lends) and item.band in PRESSING)
    return by_role and delegation.matrix in ("", item.matrix) and _within(delegation, item)


def _within(delegation: Delegation, item: WorkItem) -> bool:
    if delegation.most_minor is None:
        return True
    known = item.amount_minor is not None and item.currency == delegation.currency
    return known and (item.amount_minor or 0) <= delegation.most_minor


def _items_under(delegation: Delegation) -> Q:
    lends = delegation.delegator
    by_role = Q(role__in=roles(lends)) | Q(role__in=roles_below(lends), band__in=PRESSING)
    seen = branches_seen(delegation.delegate)
    items = Q(by_role, kind="approval", queue_id__in=_queues(lends), order__branch_id__in=seen)
    if lends.is_client_side:
        items &= Q(client_id__in=held(lends, "view_client"))
    if delegation.matrix:
        items &= Q(matrix=delegation.matrix)
    if delegation.most_minor is not None:
        items &= Q(currency=delegation.currency, amount_minor__lte=delegation.most_minor)
    return items


def _queues(user: Any) -> frozenset[int]:
    return held(user, "work_queue") | held(user, "lead_queue")
