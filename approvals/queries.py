"""Reads of approvals: the matrix in force, what waits for whom, the package that an approver sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.authority import held, roles
from accounts.hierarchy import roles_below
from accounts.models import User
from approvals.access import is_asked, is_with_another
from approvals.models import Part, Request, SupervisoryLog, Tier
from approvals.parts import took_part
from approvals.rules import TIER_ORDER
from audit.refusals import NotFound
from orders.models import Order
from processes import queries as process_queries
from processes.numbering import of_instance
from rulebook.change_control import State
from rulebook.models import Table, TableVersion
from rulebook.queries import in_force, table_of
from rulebook.tables import DecisionTable
from work.access import decides
from work.lent import delegations_for, lent_conditions
from work.models import OPEN, Queue, WorkItem
from work.queries import queue_of_role, workers
from work.rules import PRESSING


def matrix_in_force(key: str, at: datetime) -> tuple[TableVersion, DecisionTable]:
    """The version of a matrix that governs at an instant, and its compiled table."""
    version = in_force(key, at)
    return version, table_of(version)


def matrix_begins(key: str, at: datetime) -> datetime | None:
    """When the first version of a matrix after an instant governs, or is to; None where there is none."""
    later = TableVersion.objects.filter(table__key=key, table__kind="approval_matrix")
    begun = later.filter(in_force_at__gt=at).order_by("in_force_at").values_list("in_force_at", flat=True).first()
    agreed = later.filter(state=State.APPROVED, effective_at__gt=at).order_by("effective_at")
    coming = agreed.values_list("effective_at", flat=True).first()
    return min(filter(None, (begun, coming)), default=None)


@dataclass(frozen=True)
class Matrix:
    """An approval matrix in force. unit: the currency of its amounts, "" where it looks at none."""

    key: str
    name: dict[str, str]
    unit: str


def matrices(at: datetime) -> list[Matrix]:
    """The approval matrices in force at an instant, by key: one statement."""
    governing = TableVersion.objects.filter(table__kind="approval_matrix", in_force_at__lte=at)
    governing = governing.filter(Q(superseded_at=None) | Q(superseded_at__gt=at)).select_related("table")
    return [
        Matrix(version.table.key, version.table.name, _unit(version.body))
        for version in governing.order_by("table__key")
    ]


def is_matrix(key: str) -> bool:
    """Whether a table of that key is an approval matrix: one statement."""
    return Table.objects.filter(key=key, kind="approval_matrix").exists()


def _unit(body: dict[str, Any]) -> str:
    columns = (column for column in body.get("inputs", []) if column["name"] == "amount")
    return next((column.get("unit") or "" for column in columns), "")


def waiting_for(user: Any, at: datetime) -> QuerySet[WorkItem]:
    """Open approval items that the user can decide at an instant, the most urgent first: one statement.

    Those of their queues and roles, those of the role below once they press (then they were escalated to the user), and
    those that others let them decide, which costs at most three statements more.
    """
    queues = held(user, "work_queue") | held(user, "lead_queue")
    by_role = Q(role__in=roles(user)) | Q(role__in=roles_below(user), band__in=PRESSING)
    mine = Q(by_role, _own_clients(user), _asked(user), queue_id__in=queues)
    lent = (
        Q(each, _asked(delegation.delegator)) & ~_signed(delegation.delegator)
        for delegation, each in lent_conditions(user, at)
    )
    items = WorkItem.objects.filter(reduce(or_, lent, mine))
    items = items.filter(kind=WorkItem.Kind.APPROVAL, state__in=OPEN)
    items = items.exclude(_signed(user))  # of several signatures that a tier needs, one is theirs already
    return items.select_related("client", "product", "holder", "approval_tier__request").order_by("due_at", "id")


def _asked(person: Any) -> Q:
    """As `approvals.access.is_asked`."""
    return Q(approval_tier__asked=None) | Q(approval_tier__asked=person)


def _signed(person: Any) -> Exists:
    """Whether the person signed a request, or somebody did for them."""
    kinds = (Part.Kind.SIGNED, Part.Kind.LENT)
    return Exists(Part.objects.filter(user=person, kind__in=kinds, request__tiers__work_item=OuterRef("pk")))


def _own_clients(user: Any) -> Q:
    return Q(client_id__in=held(user, "view_client")) if user.is_client_side else Q()


@dataclass(frozen=True)
class Package:
    """What an approver must see before deciding. rules: (id, note) of each matched row with the facts behind it."""

    item: WorkItem
    request: Request
    tier: Tier
    tiers: list[Tier]
    rules: list[dict[str, Any]]
    facts: dict[str, Any]
    evidence: list[str]
    barred: (
        str  # why the user may not sign: "", "placed", "prepared", "signed", "lent"; "lender"; "asked": see for_whom
    )
    for_whom: User | None  # for whom the user would sign: None where the decision is theirs; or who was asked by name
    can_decide: bool
    ways_back: list[str]  # ids of the steps to which a rejection may lead back


def package(item: WorkItem, user: Any, at: datetime) -> Package:
    """The review package of an approval item, and whether the user can decide it at an instant, and for whom."""
    about = ("request__order", "request__maker", "request__table_version", "asked")
    tier = Tier.objects.select_related(*about).get(work_item=item)
    request = tier.request
    body = request.table_version.body
    matched = [rule for rule in body["rules"] if rule["id"] in request.rules]
    tiers = list(with_signatures(request.tiers.all()))
    barred, for_whom, may = _standing(item, tier, user, at)
    can_decide = may and item.is_open and not is_with_another(item, tier, user)
    return Package(
        item=item,
        request=request,
        tier=tier,
        tiers=tiers,
        rules=matched,
        facts=request.facts,
        evidence=request.evidence,
        barred=barred,
        for_whom=for_whom,
        can_decide=can_decide,
        ways_back=ways_back(request) if can_decide else [],
    )


def with_signatures(tiers: QuerySet[Tier]) -> QuerySet[Tier]:
    """Tiers with who signed them, here or on an earlier request, and who was added: in the order of the chain."""
    people = ("decision__by", "decision__on_behalf_of", "carried__by", "carried__on_behalf_of", "added_by", "asked")
    return tiers.select_related(*people, "work_item").order_by("stage", "number", "seat")


def _standing(item: WorkItem, tier: Tier, user: Any, at: datetime) -> tuple[str, User | None, bool]:
    """What bars the user, for whom they would sign, and whether they may: as `authority_of` without refusing."""
    parts = took_part(tier.request)
    if user.pk in parts:
        return parts[user.pk], None, False
    own = decides(item, user)
    if own and is_asked(tier, user):
        return "", None, True
    all_lent = delegations_for(item, user, at)
    lent = [each for each in all_lent if is_asked(tier, each.delegator)]
    if (own or all_lent) and not lent:
        return "asked", tier.asked, False
    free = [delegation.delegator for delegation in lent if delegation.delegator_id not in parts]
    if lent and not free:
        return "lender", lent[0].delegator, False
    return "", free[0] if free else None, bool(free)


def ways_back(request: Request) -> list[str]:
    """Ids of the steps to which a rejection of a request may lead back, the first that the order passed first.

    Of one that a step asked for: the steps before that one. At most two statements.
    """
    instance = process_queries.holder_of(request.order.process_id, request.task)
    return process_queries.steps_back(instance, of_instance(request.task)[1])


def request_seen(user: Any, public_id: UUID) -> Request:
    """A request of an order that the user, who is staff, may see: one statement. Raises NotFound."""
    seen = Request.objects.filter(public_id=public_id, order__in=Order.objects.visible_to(user))
    found = seen.select_related("order__product").first()
    if found is None or user.is_client_side:
        raise NotFound(_("Expected an approval that you may see, but there is none."))
    return found


def seat_of(request: Request, number: int, seat: int) -> Tier:
    """One signature that a request asks for, with its item and whoever added it: one statement. Raises NotFound."""
    tiers = request.tiers.select_related("added_by", "asked", "work_item").exclude(work_item=None)
    tier = tiers.filter(number=number, seat=seat).first()
    if tier is None:
        raise NotFound(_("Expected a signer who is asked, but there is none."))
    tier.request = request
    return tier


def people_to_add(request: Request, asking: User, at: datetime) -> list[tuple[User, str]]:
    """Whom somebody may ask to sign a request beside those whom its rules require, each with the role for it.

    Others than who asks, by name within the role: they hold a role that signs and work its queue for the branch, are
    not away at that instant, had no part and are not asked by name yet.
    At most eight statements.
    """
    parts = took_part(request)
    asked = request.tiers.filter(removed_at=None).exclude(asked=None).values_list("asked_id", flat=True)
    known = {asking.pk, *parts, *asked}
    found: dict[int, tuple[User, str]] = {}
    for role in TIER_ORDER:
        queue = _queue_of(role, request.order.branch_id)
        for person in workers(queue, role=role, at=at) if queue else ():
            found.setdefault(person.pk, (person, role))
    return [each for pk, each in found.items() if pk not in known]


def _queue_of(role: str, branch: int) -> Queue | None:
    try:
        return queue_of_role(role, branch)
    except Queue.DoesNotExist:
        return None


def unsigned_logs(user: Any) -> QuerySet[SupervisoryLog]:
    """Supervisory log entries that wait for an acknowledgement by somebody like the user: one statement."""
    logs = SupervisoryLog.objects.filter(signed_at=None, order__in=Order.objects.visible_to(user))
    return logs.select_related("order__product", "order__client", "request__maker").order_by("due_at", "id")


def may_sign_logs(user: Any) -> bool:
    """Supervisors acknowledge the log."""
    return bool({"team_lead", "operations_manager"} & roles(user)) or bool(held(user, "oversee_branch"))
