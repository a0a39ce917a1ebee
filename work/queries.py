"""Reads of queues and work items for pages. Every read of a queue follows one index, however many items are open.

The conditions of the partial indexes are written with literals: SQLite proves them from the text only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from guardian.models import GroupObjectPermission

from accounts.absences import away_at
from accounts.authority import held
from accounts.models import Client, User
from audit.prepared import prepared
from audit.refusals import NotFound
from catalog.models import Product
from orders.numbers import read_number
from work.access import decides, missing
from work.line import Place, line_of
from work.models import Advice, Queue, WorkItem
from work.refusals import NoSuchAdvice

PAGE = 50
MOST_COUNTED = 1000
MOST_CLIENTS = 200
MOST_PARTS = 100
VIEWS = ("open", "next", "unassigned", "breached", "mine", "waiting")
BANDS = ("green", "yellow", "red", "breached", "paused")

_OPEN = "work_workitem.state IN ('queued', 'assigned', 'in_progress', 'pending')"
_HELD = "work_workitem.state IN ('assigned', 'in_progress', 'pending')"
_QUEUED = "work_workitem.state = 'queued'"
_OF_VIEW = {"unassigned": _QUEUED, "next": _QUEUED, "mine": _HELD}


@dataclass(frozen=True)
class Filters:
    """What a queue page was narrowed to; "" is no filter. skill: "mine" or ""; text: an order number or a name."""

    product: str = ""
    skill: str = ""
    band: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.product or self.skill or self.band or self.text)


@dataclass(frozen=True)
class Page:
    """One page of a queue's rows. `after`: where the next page begins, "" at the end."""

    items: list[WorkItem]
    after: str


def queues_for(user: Any) -> QuerySet[Queue]:
    """Queues that the user works, leads, views, oversees or examines: one statement."""
    keys = held(user, "work_queue") | held(user, "lead_queue") | held(user, "view_queue")
    branches = held(user, "oversee_branch") | held(user, "examine_branch")
    visible = Queue.objects.filter(Q(pk__in=keys) | Q(branch_id__in=branches))
    return visible.select_related("team", "branch").order_by("branch__code", "code")


def queue_for(user: Any, code: str) -> Queue:
    """A queue that the user may see. Raises NotFound."""
    queue = queues_for(user).filter(code=code).first()
    if queue is None:
        raise NotFound(_("Expected a queue that you may see, but there is none."))
    return queue


def queue_of_role(role: str, branch_id: int) -> Queue:
    """Where the approvals of a role wait for a branch: its own queue, or else the one opened first, which serves all.

    One statement. Raises Queue.DoesNotExist.
    """
    own_first = Case(When(branch_id=branch_id, then=Value(0)), default=Value(1))
    return Queue.objects.filter(role=role).order_by(own_first, "pk")[:1].get()


def queue_page(
    queue: Queue, view: str, user: Any, *, filters: Filters = Filters(), after: str = "", size: int = PAGE
) -> Page:
    """Rows of a view of a (visible) queue, in the view's line. One statement or two: see `Line.page`.

    after: the `after` of the page before. Anything else than a cursor begins from the start.
    """
    items = line_of(view).page(_shown(narrowed(queue, view, user, filters)), Place.read(after), size + 1)
    return Page(items[:size], Place.of(items[size - 1]).cursor() if len(items) > size else "")


def narrowed(queue: Queue, view: str, user: Any, filters: Filters) -> QuerySet[WorkItem]:
    """Items of a view of a queue that pass the filters."""
    items = in_view(queue, view, user)
    if filters.product:
        items = items.filter(product__code=filters.product)
    if filters.skill == "mine":
        items = items.filter(skill__in=["", *user.skills])
    if filters.band in BANDS:
        items = items.filter(band=filters.band)
    if filters.text:
        number = read_number(filters.text)
        items = items.filter(order_number=number) if number else items.filter(client_id__in=_named(filters.text))
    return items


def in_view(queue: Queue, view: str, user: Any) -> QuerySet[WorkItem]:
    """Items of a view of a queue; each view is served by partial indexes of `WorkItem`."""
    items = queue.items.filter(RawSQL(_OF_VIEW.get(view, _OPEN), (), BooleanField()))  # noqa: S611 - our own constant
    match view:
        case "next":
            return items.filter(kind=WorkItem.Kind.WORK, skill__in=["", *user.skills])
        case "breached":
            return items.filter(band="breached")
        case "waiting":
            return items.filter(band="paused")
        case "mine":
            return items.filter(holder=user)
        case _:
            return items


def counts(queue: Queue, user: Any, views: Iterable[str] = VIEWS) -> dict[str, int]:
    """How many items each view holds, counted up to `MOST_COUNTED`: one bounded statement."""
    return counts_of([queue], user, views)[queue.pk]


def counts_of(queues: Iterable[Queue], user: Any, views: Iterable[str]) -> dict[int, dict[str, int]]:
    """The same of several queues, by their keys. One bounded statement, more only beyond a hundred counts."""
    asked = [(queue, view) for queue in queues for view in views]
    found: dict[int, dict[str, int]] = {queue.pk: {} for queue, _view in asked}
    numbers = _capped_each([in_view(queue, view, user) for queue, view in asked])
    for (queue, view), number in zip(asked, numbers, strict=True):
        found[queue.pk][view] = number
    return found


def capped(rows: QuerySet[Any]) -> int:
    """How many rows there are, at most `MOST_COUNTED`."""
    return rows.order_by().values("pk")[:MOST_COUNTED].count()


def _capped_each(rows: list[QuerySet[Any]]) -> list[int]:
    """`capped` of each, each along its own index, in one statement; engines bound how many parts it may have."""
    numbers: list[int] = []
    for part in (rows[first : first + MOST_PARTS] for first in range(0, len(rows), MOST_PARTS)):
        bounded = [each.order_by().values("pk")[:MOST_COUNTED].query.sql_with_params() for each in part]
        counted = [
            f"SELECT {place} AS place, COUNT(*) FROM ({sql}) AS rows{place}"  # noqa: S608 - Django's own statements
            for place, (sql, _values) in enumerate(bounded)
        ]
        with connection.cursor() as cursor:
            values = [value for _sql, given in bounded for value in given]
            cursor.execute(" UNION ALL ".join(counted) + " ORDER BY place", values)
            numbers += [number for _place, number in cursor.fetchall()]
    return numbers


def next_due(queue: Queue, now: datetime) -> datetime | None:
    """When the open item of a queue that is due next is due: one statement along the queue's index."""
    rows = in_view(queue, "open", None).filter(due_at__gt=now).order_by("due_at", "id")
    return rows.values_list("due_at", flat=True).first()


def my_items(user: Any) -> QuerySet[WorkItem]:
    """What the user holds, the earliest due first: one statement."""
    mine = WorkItem.objects.filter(RawSQL(_HELD, (), BooleanField()), holder=user)  # noqa: S611 - our own constant
    return mine.select_related("order__branch", "client", "product", "holder", "queue").order_by("due_at", "id")


def open_in_my_queues(user: Any) -> int:
    """Open items of the queues that the user works or leads, at most `MOST_COUNTED`."""
    keys = held(user, "work_queue") | held(user, "lead_queue")
    if not keys:
        return 0
    opened = RawSQL(_OPEN, (), BooleanField())  # noqa: S611 - our own constant
    return capped(WorkItem.objects.filter(opened, queue_id__in=keys))


def item_for(user: Any, public_id: UUID, at: datetime | None = None) -> WorkItem:
    """A work item that the user may see, with what its page shows of its order: one statement.

    at: with an instant, also a decision that was lent to them then; five statements more, only where it is not theirs.
    Raises NoSuchItem, DelegationOver.
    """
    item = _with_order(WorkItem.objects.visible_to(user)).filter(public_id=public_id).first()
    if item is None and at is not None:
        item = _with_order(WorkItem.objects.visible_to(user, at)).filter(public_id=public_id).first()
    if item is None:
        raise missing(WorkItem.objects.filter(public_id=public_id).first(), user, at)
    item.order.client, item.order.product = item.client, item.product
    return item


def _with_order(items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    return items.select_related(
        "queue__team", "holder", "completed_by", "client", "product", "order__process__version", "order__branch",
        "order__channel", "order__placed_by",
    )  # fmt: skip


def items_by_id(user: Any, public_ids: Iterable[UUID]) -> dict[UUID, WorkItem]:
    """Those of the items that the user may see, by public id, with their holders: one statement."""
    items = WorkItem.objects.visible_to(user).filter(public_id__in=list(public_ids)).select_related("holder")
    return {item.public_id: item for item in items.defer("form", "draft", "result")}


def items_of(order: Any) -> list[WorkItem]:
    """All work items of a (visible) order, the oldest first: one statement."""
    items = order.work_items.select_related("queue", "holder", "completed_by").defer("form", "draft")
    return list(items.order_by("id"))


@prepared
def open_items_at(order_id: int, node: str) -> QuerySet[WorkItem]:
    """The order's open items at a node of its process, the oldest first."""
    return WorkItem.objects.filter(order_id=order_id, node=node, ended_at=None).order_by("pk")


def led_among(user: Any, items: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the items, by public id, that stand in a queue that the user leads. One statement."""
    led = WorkItem.objects.filter(public_id__in=items, queue_id__in=held(user, "lead_queue"))
    return frozenset(led.values_list("public_id", flat=True))


def people_for(item: WorkItem, at: datetime) -> list[User]:
    """Who could be given the item at an instant: they work its queue, hold its role, have its skill and are not away.

    One statement.
    """
    people = workers(item.queue, role=item.role, at=at)
    return [person for person in people if not item.skill or item.skill in person.skills]


def workers(queue: Queue, role: str = "", *, at: datetime | None = None) -> list[User]:
    """Active people who work a queue, and who hold the role that its approvals need, by name: one statement.

    at: with an instant, without those who are away then.
    """
    rights = {"permission__codename__in": ["work_queue", "lead_queue"], "object_pk": str(queue.pk)}
    groups = GroupObjectPermission.objects.filter(**rights).values("group")
    people = User.objects.filter(is_active=True, is_client_side=False, groups__in=groups)
    if role:
        people = people.filter(groups__name=f"role:{role}")
    if at is not None:
        people = people.exclude(pk__in=away_at(at))
    return list(people.distinct().order_by("display_name", "pk"))


def people_to_ask(item: WorkItem, asker: Any) -> list[User]:
    """Colleagues who may see an item, by name, without who asks: one statement."""
    queue, branch = str(item.queue_id), str(item.queue.branch_id)
    of_queue = Q(permission__codename__in=["work_queue", "lead_queue", "view_queue"], object_pk=queue)
    of_branch = Q(permission__codename__in=["oversee_branch", "examine_branch"], object_pk=branch)
    groups = GroupObjectPermission.objects.filter(of_queue | of_branch).values("group")
    people = User.objects.filter(is_active=True, is_client_side=False, groups__in=groups).exclude(pk=asker.pk)
    return list(people.distinct().order_by("display_name", "pk"))


def asked_of(user: Any) -> QuerySet[Advice]:
    """Questions that wait for the user's answer, the oldest first: one statement."""
    waiting = Advice.objects.filter(asked=user, answered_at=None, item__ended_at=None)
    return waiting.select_related("item__order__branch", "asked_by").order_by("asked_at", "pk")


def advice_for(user: Any, public_id: UUID) -> Advice:
    """A question that was asked of the user: one statement. Raises NoSuchAdvice."""
    found = Advice.objects.select_related("item", "asked_by").filter(public_id=public_id, asked=user).first()
    if found is None:
        raise NoSuchAdvice()
    return found


def advice_on(item: WorkItem) -> list[Advice]:
    """What was asked about an item, the oldest first: one statement."""
    return list(item.advice.select_related("asked_by", "asked").order_by("asked_at", "pk"))


def products_in(user: Any) -> QuerySet[Product]:
    """Products whose orders the user may see, for the queue's filter: one statement."""
    if held(user, "oversee_branch") or held(user, "examine_branch"):
        return Product.objects.order_by("code")
    return Product.objects.filter(pk__in=held(user, "view_product")).order_by("code")


def can_work(user: Any, item: WorkItem) -> bool:
    """Whether the user may claim the item: their queue, and the role or the skill. Asks nothing of the database."""
    if item.queue_id not in held(user, "work_queue") | held(user, "lead_queue"):
        return False
    if item.kind == WorkItem.Kind.APPROVAL and item.role:
        return decides(item, user)
    return not item.skill or item.skill in user.skills


def _named(text: str) -> QuerySet[Any]:
    named = Q(name__icontains=text) | Q(native_name__contains=text) | Q(ref__iexact=text)
    return Client.objects.filter(named).values("pk")[:MOST_CLIENTS]


def _shown(items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    rows = items.select_related("client", "product", "holder", "order__branch")
    return rows.defer("order__answers", "form", "draft", "result")
