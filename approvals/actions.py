"""The verbs of approvals: decide a tier, acknowledge the supervisory log."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from approvals.access import authority_of, expect_no_part, held_firmly
from approvals.alternates import alternate_for
from approvals.asking import answer
from approvals.evidence import read as read_evidence
from approvals.handlers import Matter, open_tier
from approvals.models import Decision, Request, SupervisoryLog, Tier
from approvals.parts import keep_signers
from approvals.queries import may_sign_logs
from approvals.refusals import AlreadyDecided, ChoiceMissing, NotInBulk, ReasonMissing, TextTooLong
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action, running
from audit.refusals import NotAllowed, NotFound
from orders.models import Order
from orders.queries import locked
from processes import actions as processes
from processes import queries as process_queries
from processes.steps import OpenedTask
from work.access import expect_worker, find
from work.actions.assigning import assign
from work.actions.completing import close, keep_typed
from work.models import WorkItem
from work.refusals import NotYours

LONGEST_REASON = 2000
LONGEST_COMMENT = 500
ENDS = {  # choice → (facts of tier and request, the process's variable)
    Decision.Choice.REJECT: ("approvals.tier.rejected", "approvals.request.rejected", "rejected"),
    Decision.Choice.MORE_INFORMATION: ("approvals.tier.returned", "approvals.request.returned", "more_information"),
    Decision.Choice.APPROVE: ("approvals.tier.approved", "approvals.request.approved", "approved"),
}


@action
def decide(
    item: UUID, *, choice: str, reason: str, evidence: dict | None = None, actor: Actor, now: datetime
) -> Decision:
    """Decide one tier. The last approval, a rejection or a question ends the request and moves the process on.

    evidence: what was recorded, by field of `approvals.evidence` (who, number called, when, outcome of a call-back).
    Who decides for somebody else, under a delegation, is on record with both names.
    Raises FourEyes, ChoiceMissing, ReasonMissing, EvidenceMissing, EvidenceWrong, AlreadyDecided, RightMissing,
    NotYours, NoSuchItem, DelegationOver, StepFailed.
    Source: worked example 1 and core concept 3 of the seed; seed decisions 4, 6, 17.
    """
    row = find(item, actor, now)
    if row.kind != WorkItem.Kind.APPROVAL:
        raise NotFound(_("Expected a decision, but this item asks for none."))
    tier = Tier.objects.get(work_item=row)
    request = lock(Request.objects.filter(pk=tier.request_id)).select_related("maker").get()
    request.order = row.order
    _expect_open(row, request, tier)
    lender = _expect_signer(row, request, actor, now)
    actor = replace(actor, on_behalf_of=f"user:{lender.pk}") if lender else actor
    chosen, reason = _chosen(choice), _given(reason)
    kept = read_evidence(request, chosen, evidence or {}, now)
    typed = {"choice": choice, "reason": reason, "evidence": kept}
    running().after_rollback.append(lambda: keep_typed(item, answers=typed, actor=actor, now=now))
    decision = Decision.objects.create(
        request=request,
        tier=tier,
        by=actor.user,
        on_behalf_of=lender,
        maker=request.maker,
        choice=chosen,
        reason=reason,
        evidence=kept,
        decided_at=now,
    )
    keep_signers(request, actor.user.pk, lender.pk if lender else None)
    data = {"tier": tier.number, "role": tier.role}
    _record(ENDS[chosen][0], request, row.order, actor, now, reason=reason, data=data, evidence=kept)
    close(row, {}, actor=actor, now=now)
    _go_on(request, tier, chosen, row, actor, now)
    return decision


@action
def decide_in_bulk(item: UUID, *, choice: str, reason: str, actor: Actor, now: datetime) -> Decision:
    """Decide one of several items that were chosen together: each is an action and an entry of its own.

    Raises NotInBulk where a rule does not allow it, and what `decide` raises.
    """
    row = find(item, actor, now)
    if not Request.objects.filter(tiers__work_item=row, in_bulk=True).exists():
        raise NotInBulk()
    return decide(item, choice=choice, reason=reason, actor=actor, now=now)


def _go_on(request: Request, tier: Tier, choice: Decision.Choice, row: WorkItem, actor: Actor, now: datetime) -> None:
    following = request.tiers.filter(number__gt=tier.number).order_by("number").first()
    if choice == Decision.Choice.APPROVE and following is not None:
        instance = process_queries.holder_of(row.order.process_id, request.task)
        node = process_queries.node_of(instance, request.task)
        following.request = request
        matter = Matter(row.matrix, row.amount_minor, row.currency)
        open_tier(following, OpenedTask(instance, row.order, request.task, node, actor, now), matter)
        return
    _tier_fact, fact, variable = ENDS[choice]
    {"approved": request.approve, "rejected": request.reject, "more_information": request.send_back}[variable]()
    request.ended_at = now
    save(request, actor=actor, now=now)
    _record(fact, request, row.order, actor, now, after={"state": request.state})
    if request.asked_from_id is not None:
        answer(request, row.order, actor=actor, now=now)
        return
    variables = {"approval": variable}
    processes.complete_task(
        row.order.process_id, request.task, variables=variables, order=row.order, actor=actor, now=now
    )


@action
def reassign(item: str, *, actor: Actor, now: datetime) -> User | None:
    """Give an item that nobody decided in time to somebody else who can; who it is, None where there is nobody.

    Nothing happens to one that is decided or called off meanwhile.
    Source: core concept 3 of the seed, the third level of escalation; the pitfall "one absent approver".
    """
    row = find(item, actor)
    tier = Tier.objects.select_related("request").get(work_item=row)
    tier.request.order = row.order
    if not row.is_open:
        return None
    person = alternate_for(row, tier.request, actor, now)
    data = {"tier": tier.number, "role": tier.role}
    if person is None:
        _record("approvals.tier.stranded", tier.request, row.order, actor, now, data=data)
    else:
        assign(row.public_id, to=person, reason=f"no decision within twice {tier.escalate_after}", actor=actor, now=now)
    return person


@action
def sign_log(log_id: int, *, comment: str, actor: Actor, now: datetime) -> SupervisoryLog:
    """Acknowledge a self-reviewed order in the supervisory log.

    comment: at most `LONGEST_COMMENT` characters. Raises NotAllowed, FourEyes, AlreadyDecided, TextTooLong, NotFound.
    Source: seed decision 4.
    """
    found = SupervisoryLog.objects.filter(pk=log_id, order__in=Order.objects.visible_to(actor.user))
    ref = found.values_list("order__public_id", flat=True).first()
    if ref is None or actor.user.is_client_side:  # a client does not learn that there is one
        raise NotFound(_("Expected an entry that you may see, but there is none."))
    order = locked(actor, ref)
    log = lock(found).select_related("signed_by", "request").get()
    if not may_sign_logs(actor.user):
        raise NotAllowed(_("Expected a supervisor, but you are none."))
    if log.signed_by:
        raise AlreadyDecided(log.signed_by.display_name)
    log.request.order = order
    expect_no_part(log.request, actor.user, actor)
    comment = comment.strip()
    if len(comment) > LONGEST_COMMENT:
        raise TextTooLong(["comment"], LONGEST_COMMENT)
    log.signed_by, log.signed_at, log.comment = actor.user, now, comment
    log.save(update_fields=["signed_by", "signed_at", "comment"])
    subject = f"approvals.log:{log.pk}"
    record("approvals.log.signed", subject=subject, order=order, actor=actor, now=now, reason=log.comment)
    return log


def _expect_open(row: WorkItem, request: Request, tier: Tier) -> None:
    if not row.is_open or request.state != Request.State.OPEN:
        decision = Decision.objects.filter(tier=tier).select_related("by").first()
        raise AlreadyDecided(decision.by.display_name if decision else "")


def _expect_signer(row: WorkItem, request: Request, actor: Actor, now: datetime) -> User | None:
    """For whom the actor signs: None for themselves."""
    expect_worker(row, actor.user, now)
    if row.holder is not None and row.holder_id != actor.user.pk:
        raise NotYours(row.holder.display_name)
    lent = authority_of(row, request, actor.user, actor, now)
    return held_firmly(lent, now) if lent else None


def _chosen(choice: str) -> Decision.Choice:
    if choice not in Decision.Choice.values:
        raise ChoiceMissing()
    return Decision.Choice(choice)


def _given(reason: str) -> str:
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON:
        raise ReasonMissing()
    return text


def _record(
    fact: str,
    request: Request,
    order: Order,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    after: dict | None = None,
    data: dict | None = None,
    evidence: dict | None = None,
) -> None:
    """evidence: whom one called on which number is personal."""
    subject = f"approvals.request:{request.public_id}"
    record(
        fact,
        subject=subject,
        order=order,
        actor=actor,
        now=now,
        reason=reason,
        after=after,
        data=data,
        person=order.client.person_key if evidence else "",
        personal={"evidence": evidence} if evidence else None,
    )
