"""What of an earlier request about the same still stands when an order comes back to its approval.

Seed decision 19: something material changed, so every signature is void and the matrix decides again. Only where the
drawing says so (`resubmit="straight_back"`), or somebody took their own decision back, do the other signatures stand;
and only while everything else that they were given on is as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from approvals.models import Decision, Part, Request, Tier
from approvals.parts import took_part
from audit.canonical import digest
from audit.writing import insert
from orders.models import Document
from processes.steps import OpenedTask
from work.models import WorkItem

STRAIGHT_BACK = "straight_back"
OUTCOME = "approval"  # the variable that a decision itself sets


def basis_of(facts: Mapping[str, Any], chain: Mapping[str, Any], task: OpenedTask) -> dict[str, str]:
    """Digests of what is signed: what the matrix looked at and asked, the client's answers, and each variable."""
    parts = {"facts": facts, "chain": chain, "answers": task.order.answers}
    variables = {f"variable {name}": value for name, value in task.variables.items() if name != OUTCOME}
    return {name: digest(value)[:32] for name, value in {**parts, **variables}.items()}


def carry(request: Request, tiers: list[Tier], earlier: Request | None, task: OpenedTask) -> None:
    """Let the signatures of the request before stand where they may; the tiers are laid out and not open yet.

    Who has prepared something meanwhile carries nothing over: then somebody else is asked.
    """
    if earlier is None or not _may_stand(request, earlier, task):
        return
    barred = took_part(request)
    signed = {(each.tier.number, each.tier.seat): each for each in _standing(earlier)}
    added = earlier.tiers.filter(removed_at=None).exclude(added_by=None)
    tiers += [_again(tier, request) for tier in added]
    for tier in tiers:
        decision = signed.get((tier.number, tier.seat))
        if decision is not None and not {decision.by_id, decision.on_behalf_of_id} & barred.keys():
            tier.carried = decision
            tier.save(update_fields=["carried"])
            _keep_part(request, decision)
    enough = {tier.number for tier in tiers if tier.any_of and tier.carried is not None}
    for tier in tiers:
        if tier.number in enough and tier.carried is None:
            tier.removed_at = task.now
            tier.save(update_fields=["removed_at"])


def earlier_of(task: OpenedTask) -> Request | None:
    """The last request of the order at the same node: one statement."""
    return Request.objects.filter(order=task.order, node=task.node.id).order_by("-pk").first()


def _may_stand(request: Request, earlier: Request, task: OpenedTask) -> bool:
    taken_back = earlier.decisions.exclude(taken_back_at=None).exists()
    straight_back = earlier.state == Request.State.RETURNED and task.attribute("approval", "resubmit") == STRAIGHT_BACK
    return (taken_back or straight_back) and _is_unchanged(request, earlier)


def _is_unchanged(request: Request, earlier: Request) -> bool:
    """Nothing is other than it was but what was asked of the steps that the order was sent back to."""
    papers = Document.objects.filter(order=request.order, uploaded_at__gte=earlier.opened_at)
    if not earlier.basis or papers.exists():
        return False
    asked = _answered_again(request, earlier)
    names = (request.basis.keys() | earlier.basis.keys()) - {f"variable {name}" for name in asked}
    return all(request.basis.get(name) == earlier.basis.get(name) for name in names)


def _answered_again(request: Request, earlier: Request) -> set[str]:
    since = earlier.ended_at or request.opened_at
    done = WorkItem.objects.filter(order=request.order, kind=WorkItem.Kind.WORK, ended_at__gte=since)
    return {name for result in done.values_list("result", flat=True) for name in result or ()}


def _standing(earlier: Request) -> list[Decision]:
    """Approvals of the request before, and those that it had carried over itself."""
    made = earlier.decisions.filter(choice=Decision.Choice.APPROVE, taken_back_at=None).select_related("tier")
    carried = earlier.tiers.exclude(carried=None).select_related("carried__tier")
    return [*made, *(tier.carried for tier in carried if tier.carried)]


def _again(tier: Tier, request: Request) -> Tier:
    """A signature that somebody had added, asked for in the new request as well."""
    about = {name: getattr(tier, name) for name in COPIED}
    return Tier.objects.create(request=request, **about)


COPIED = (
    "number", "seat", "stage", "needs", "role", "rules", "time_limit", "remind_after", "escalate_after", "escalate_to",
    "added_by", "asked", "any_of",
)  # fmt: skip


def _keep_part(request: Request, decision: Decision) -> None:
    parts = [Part(request=request, user_id=decision.by_id, kind=Part.Kind.SIGNED)]
    if decision.on_behalf_of_id:
        parts.append(Part(request=request, user_id=decision.on_behalf_of_id, kind=Part.Kind.LENT))
    insert(parts)
