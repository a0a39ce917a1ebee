"""Reads of approvals: the matrix in force, what waits for whom, the package that an approver sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.authority import held, roles
from accounts.hierarchy import roles_below
from approvals.models import Decision, Request, SupervisoryLog, Tier
from orders.models import Order
from rulebook.models import TableVersion
from rulebook.queries import in_force, table_of
from rulebook.tables import DecisionTable
from work.models import OPEN, PRESSING, WorkItem


def matrix_in_force(key: str, at: datetime) -> tuple[TableVersion, DecisionTable]:
    """The version of a matrix that governs at an instant, and its compiled table."""
    version = in_force(key, at)
    return version, table_of(version)


def waiting_for(user: Any) -> QuerySet[WorkItem]:
    """Open approval items of the user's queues that their roles can decide, the most urgent first: one statement.

    Those of the role below only once they press: then they were escalated to the user.
    """
    queues = held(user, "work_queue") | held(user, "lead_queue")
    items = WorkItem.objects.visible_to(user).filter(
        Q(role__in=roles(user)) | Q(role__in=roles_below(user), band__in=PRESSING),
        kind=WorkItem.Kind.APPROVAL,
        state__in=OPEN,
        queue_id__in=queues,
    )
    return items.select_related("client", "product", "holder", "approval_tier__request").order_by("due_at", "id")


def took_part(request: Request) -> dict[int, str]:
    """Who may not sign a request, by user id: "placed", "prepared" or "signed"."""
    order = request.order
    workers = WorkItem.objects.filter(order=order, kind=WorkItem.Kind.WORK).exclude(completed_by=None)
    parts = dict.fromkeys(Decision.objects.filter(request=request).values_list("by_id", flat=True), "signed")
    parts |= dict.fromkeys(workers.values_list("completed_by_id", flat=True), "prepared")
    if request.maker_id:
        parts[request.maker_id] = "prepared"
    if order.placed_by_id:
        parts.setdefault(order.placed_by_id, "placed")
    return parts


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
    barred: str  # why the user may not sign: "", "placed", "prepared" or "signed"


def package(item: WorkItem, user: Any) -> Package:
    """The review package of an approval item."""
    tier = Tier.objects.select_related("request__order", "request__maker", "request__table_version").get(work_item=item)
    request = tier.request
    body = request.table_version.body
    matched = [rule for rule in body["rules"] if rule["id"] in request.rules]
    tiers = list(request.tiers.select_related("decision__by", "work_item").order_by("number"))
    return Package(
        item=item,
        request=request,
        tier=tier,
        tiers=tiers,
        rules=matched,
        facts=request.facts,
        evidence=request.evidence,
        barred=took_part(request).get(getattr(user, "pk", 0), ""),
    )


def unsigned_logs(user: Any) -> QuerySet[SupervisoryLog]:
    """Supervisory log entries that wait for an acknowledgement by somebody like the user: one statement."""
    logs = SupervisoryLog.objects.filter(signed_at=None, order__in=Order.objects.visible_to(user))
    return logs.select_related("order__product", "order__client", "request__maker").order_by("due_at", "id")


def may_sign_logs(user: Any) -> bool:
    """Supervisors acknowledge the log."""
    return bool({"team_lead", "operations_manager"} & roles(user)) or bool(held(user, "oversee_branch"))
