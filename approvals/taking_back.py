"""The verbs that undo: take one's own decision back before anybody acted on it, and void a request.

Source: 撤回, 作废 of the seed decisions; seed decision 19.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from approvals.actions import open_tier_of
from approvals.going_on import note
from approvals.handlers import said_of
from approvals.models import Decision, Request
from approvals.refusals import NotYourDecision, TooLate
from audit.actions import save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.refusals import NotFound
from processes import actions as processes
from work.access import expect_lead, find
from work.actions.moving import given
from work.actions.taking_back import next_task
from work.models import State, WorkItem


@action
def take_decision_back(item: UUID, *, reason: str, actor: Actor, now: datetime) -> Request:
    """Take back one's own decision before the next person acted: the approval is asked again, with all signatures that
    others gave, unless something else changed (`approvals.carrying`). The new request.

    reason: 1–500 characters. Raises NotYourDecision, TooLate, ReasonMissing, NoSuchItem, StepFailed.
    """
    row = find(item, actor, now)
    if row.kind != WorkItem.Kind.APPROVAL:
        raise NotFound(_("Expected a decision, but this item asks for none."))
    decision = Decision.objects.filter(tier__work_item=row).select_related("tier").first()
    if decision is None or decision.by_id != actor.user.pk or decision.taken_back_at is not None:
        raise NotYourDecision()
    request = lock(Request.objects.filter(pk=decision.request_id)).get()
    request.order = row.order
    task = _task_to_send_back(request, decision)
    reason = given(reason)
    decision.taken_back_at = now
    decision.save(update_fields=["taken_back_at"])
    note("approvals.decision.taken_back", request, actor, now, reason=reason, data=said_of(decision.tier))
    if request.state == Request.State.OPEN:
        _void(request, "", actor, now)
    _ask_again(request, task, actor, now)
    return Request.objects.filter(order=row.order, node=request.node).latest("pk")


@action
def void_request(item: UUID, *, reason: str, actor: Actor, now: datetime) -> Request:
    """A lead voids an open request: none of its signatures counts any more, and the matrix decides again.

    item: one of its open items. reason: 1–500 characters.
    Raises RightMissing, AlreadyDecided, ReasonMissing, NoSuchItem, StepFailed.
    """
    row, _tier, request = open_tier_of(item, actor, now)
    expect_lead(row, actor)
    if request.asked_from_id is not None:
        raise TooLate()
    _void(request, given(reason), actor, now)
    _ask_again(request, request.task, actor, now)
    return request


@action
def void_unseen(order: UUID, *, what: str, actor: Actor, now: datetime) -> None:
    """Something was added to a (locked) order: what was signed without it is void, and the matrix decides again.

    what: `paper_added` or `variables_changed`.

    A decision that a step asked for stays: it is about the question, which its holder has answered or asks again.
    Raises StepFailed. Source: seed decision 19; what counts as material is `approvals.carrying`.
    """
    still = Request.objects.filter(order__public_id=order, state=Request.State.OPEN, asked_from=None)
    for request in lock(still.select_related("order").order_by("pk")):
        if _is_signed(request):
            _void(request, "", actor, now, data={what: True})
            _ask_again(request, request.task, actor, now)


def may_be_taken_back(decision: Decision, request: Request) -> bool:
    """Whether nobody acted on a decision yet and all that followed can be undone. At most four statements."""
    try:
        return decision.taken_back_at is None and bool(_task_to_send_back(request, decision))
    except TooLate:
        return False


def _task_to_send_back(request: Request, decision: Decision) -> int:
    """The task from which the approval is asked again: its own, or the one that the request's end opened."""
    if request.asked_from_id is not None:  # the step that asked has its answer
        raise TooLate()
    if request.state == Request.State.OPEN:
        later = request.decisions.filter(pk__gt=decision.pk).exists()
        items = WorkItem.objects.filter(approval_tier__request=request)
        if later or items.filter(state__in=(State.IN_PROGRESS, State.PENDING)).exists():
            raise TooLate()
        return request.task
    is_last = request.decisions.order_by("-pk").values_list("pk", flat=True).first() == decision.pk
    following = next_task(request.order, request.task) if is_last else None
    if following is None:
        raise TooLate()
    return following


def _is_signed(request: Request) -> bool:
    signed = request.decisions.filter(choice=Decision.Choice.APPROVE, taken_back_at=None)
    return signed.exists() or request.tiers.exclude(carried=None).exists()


def _void(request: Request, reason: str, actor: Actor, now: datetime, data: dict | None = None) -> None:
    request.void()
    request.ended_at = now
    save(request, actor=actor, now=now)
    after = {"state": request.state}
    note("approvals.request.void", request, actor, now, reason=reason, after=after, data=data)


def _ask_again(request: Request, task: int, actor: Actor, now: datetime) -> None:
    order = request.order
    processes.send_back(order.process_id, task, to=request.node, order=order, actor=actor, now=now)
