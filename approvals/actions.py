"""The verbs of approvals: decide a tier, acknowledge the supervisory log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Delegation, User
from approvals.access import authority_of, expect_no_part, held_firmly, is_with_another
from approvals.alternates import alternate_for
from approvals.evidence import read as read_evidence
from approvals.going_on import ENDS, end, go_on, note, spare_the_others
from approvals.handlers import said_of
from approvals.models import Decision, Request, SupervisoryLog, Tier
from approvals.parts import keep_signers
from approvals.queries import may_sign_logs, ways_back
from approvals.refusals import (
    AlreadyDecided,
    AttestationMissing,
    ChoiceMissing,
    NotInBulk,
    ReasonMissing,
    TextTooLong,
    WrongTarget,
)
from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action, running
from audit.refusals import NotAllowed, NotFound
from orders.models import Order
from orders.queries import locked
from work.access import expect_worker, find
from work.actions.assigning import assign
from work.actions.completing import close, keep_typed
from work.models import WorkItem
from work.refusals import NotYours

LONGEST_REASON = 2000
LONGEST_COMMENT = 500


@action
def decide(
    item: UUID,
    *,
    choice: str,
    reason: str,
    evidence: dict | None = None,
    attested: Collection[str] = (),
    to: str = "",
    actor: Actor,
    now: datetime,
) -> Decision:
    """Decide one tier. The last approval, a rejection or a question ends the request and moves the process on.

    evidence: what was recorded, by field of `approvals.evidence` (who, number called, when, outcome of a call-back).
    attested: ids of the matched rows of the tier, each of which an approval names. to: with a rejection the node (a
    step that the order passed) to which it goes back; "" ends as the drawing says.
    Who decides for somebody else, under a delegation, is on record with both names.
    Raises FourEyes, AskedByName, ChoiceMissing, ReasonMissing, EvidenceMissing, EvidenceWrong, AttestationMissing,
    AlreadyDecided, RightMissing, NotYours, NoSuchItem, DelegationOver, WrongTarget, StepFailed.
    Source: worked example 1 and core concept 3 of the seed; seed decisions 4, 6, 17.
    """
    row, tier, request = open_tier_of(item, actor, now)
    lender = expect_signer(row, request, actor, now)
    actor = replace(actor, on_behalf_of=f"user:{lender.pk}") if lender else actor
    chosen, reason = _chosen(choice), _given(reason)
    to = _target(request, chosen, to)
    kept = read_evidence(request, chosen, evidence or {}, now)
    rows = _attested(tier, chosen, attested)
    typed = {"choice": choice, "reason": reason, "evidence": kept, "attested": rows, "to": to}
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
        attested=rows,
        sent_to=to,
        decided_at=now,
    )
    keep_signers(request, actor.user.pk, lender.pk if lender else None)
    data = {**said_of(tier), **({"attested": rows} if rows else {}), **({"sent_to": to} if to else {})}
    note(ENDS[chosen][0], request, actor, now, reason=reason, data=data, evidence=kept)
    close(row, {}, actor=actor, now=now)
    if chosen != Decision.Choice.APPROVE:
        end(request, chosen, to, actor, now)
        return decision
    if tier.any_of:
        spare_the_others(tier, row.order, actor, now)
    go_on(request, tier.stage, row, actor, now)
    return decision


def open_tier_of(item: UUID, actor: Actor, now: datetime) -> tuple[WorkItem, Tier, Request]:
    """An approval item that is open, with its tier and its (locked) request. Raises NoSuchItem, AlreadyDecided."""
    row = find(item, actor, now)
    if row.kind != WorkItem.Kind.APPROVAL:
        raise NotFound(_("Expected a decision, but this item asks for none."))
    tier = Tier.objects.select_related("asked").get(work_item=row)
    tier.work_item = row  # which is then known to have this tier
    request = lock(Request.objects.filter(pk=tier.request_id)).select_related("maker").get()
    request.order, tier.request = row.order, request
    expect_open(row, request, tier)
    return row, tier, request


@action
def decide_in_bulk(item: UUID, *, choice: str, reason: str, actor: Actor, now: datetime) -> Decision:
    """Decide one of several items that were chosen together: each is an action and an entry of its own.

    Every rule of such an item lets it be decided with others; an approval attests its rows, which are shown before.
    Raises NotInBulk where a rule does not allow it, and what `decide` raises.
    """
    row = find(item, actor, now)
    tier = Tier.objects.filter(work_item=row, request__in_bulk=True).first()
    if tier is None:
        raise NotInBulk()
    return decide(item, choice=choice, reason=reason, attested=tier.rules, actor=actor, now=now)


@action
def reassign(item: str, *, actor: Actor, now: datetime) -> User | None:
    """Give an item that nobody decided in time to somebody else who can; who it is, None where there is nobody.

    Nothing happens to one that is decided or called off meanwhile. Of somebody who was asked by name it can only be one
    of their own delegates; else whoever asked them is told.
    Source: core concept 3 of the seed, the third level of escalation; the pitfall "one absent approver".
    """
    row = find(item, actor)
    tier = Tier.objects.select_related("request").get(work_item=row)
    tier.request.order = row.order
    if not row.is_open:
        return None
    tier.work_item = row
    person = alternate_for(row, tier.request, actor, now)
    if person is None:
        data = {**said_of(tier), **({"to": tier.added_by_id} if tier.added_by_id else {})}
        note("approvals.tier.stranded", tier.request, actor, now, data=data)
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


def expect_open(row: WorkItem, request: Request, tier: Tier) -> None:
    """Nobody decided the tier, and the request is open. Raises AlreadyDecided."""
    if not row.is_open or request.state != Request.State.OPEN:
        decision = Decision.objects.filter(tier=tier).select_related("by").first()
        raise AlreadyDecided(decision.by.display_name if decision else "")


def expect_signer(row: WorkItem, request: Request, actor: Actor, now: datetime) -> User | None:
    """For whom the actor signs: None for themselves. Raises RightMissing, NotYours, FourEyes, DelegationOver."""
    lent = authority_to_sign(row, request, actor, now)
    return held_firmly(lent, now) if lent else None


def authority_to_sign(row: WorkItem, request: Request, actor: Actor, now: datetime) -> Delegation | None:
    """The same without holding on to a delegation: what a page asks before it shows its form."""
    expect_worker(row, actor.user, now)
    if row.holder is not None and is_with_another(row, row.approval_tier, actor.user):
        raise NotYours(row.holder.display_name)
    return authority_of(row, request, actor.user, actor, now)


def _chosen(choice: str) -> Decision.Choice:
    if choice not in Decision.Choice.values:
        raise ChoiceMissing()
    return Decision.Choice(choice)


def _given(reason: str) -> str:
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON:
        raise ReasonMissing()
    return text


def _target(request: Request, choice: Decision.Choice, to: str) -> str:
    if not to:
        return ""
    if choice != Decision.Choice.REJECT or to not in ways_back(request):
        raise WrongTarget()
    return to


def _attested(tier: Tier, choice: Decision.Choice, attested: Collection[str]) -> list[str]:
    """The tier's rows that are named, in its order; an approval names each. Seed decision 6."""
    named = [rule for rule in tier.rules if rule in attested]
    if choice == Decision.Choice.APPROVE and len(named) < len(tier.rules):
        raise AttestationMissing([rule for rule in tier.rules if rule not in named])
    return named
