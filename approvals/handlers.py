"""What the engine's effects do in approvals: ask the matrix, open the chain, call it off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from math import ceil
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from approvals.carrying import STRAIGHT_BACK, basis_of, carry, earlier_of
from approvals.facts import facts_of
from approvals.models import Request, SupervisoryLog, Tier
from approvals.parts import keep_makers
from approvals.queries import matrix_in_force
from approvals.rules import AMOUNTS, Chain, explain, unit_of
from audit.actions import record, save
from audit.actors import Actor
from audit.canonical import plain
from audit.claims import lock
from audit.prepared import prepared
from calendars.queries import calendar
from calendars.rules import add_business_days, close_of, received_day
from orders.models import Order
from orders.money import places
from processes.steps import OpenedTask
from rulebook.models import Table, TableVersion
from rulebook.queries import table_of
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.tables import DecisionTable
from work.actions.assigning import give_by_name
from work.handlers import call_off, open_in
from work.models import OPEN, WorkItem
from work.queries import queue_of_role

OUTSIDE = ("advisor",)  # roles of the client's side, which learns of no rule: they attest none


def open_request(task: OpenedTask) -> Mapping[str, Any] | None:
    """A node of kind approval opened: the matrix says who signs. Nobody: it passes at once, with a log entry."""
    version, table = matrix_in_force(task.attribute("approval", "matrix"), task.now)
    facts = facts_of(task.order, table, task.variables, task.now)
    chain = without_own_consent(explain(table, facts), task.order)
    earlier = earlier_of(task)
    again = earlier if earlier is not None and earlier.state != Request.State.OPEN else None
    basis = basis_of(plain(facts), chain.as_json(), task)
    about = {"maker": _maker(task.order), "in_bulk": chain.in_bulk, "again_of": again, "basis": basis}
    request = open_chain(task, version, facts, chain, earlier=earlier, **about)
    return None if chain.tiers else _pass_at_once(request, task)


def open_chain(
    task: OpenedTask,
    version: TableVersion,
    facts: Mapping[str, Any],
    chain: Chain,
    *,
    earlier: Request | None = None,
    **about: Any,
) -> Request:
    """Open a request for what a matrix asks for, and its first stage.

    earlier: the request before about the same, of which signatures may stand. about: further fields of Request.
    """
    request = Request(
        order=task.order,
        task=task.task,
        node=task.node.id,
        table_version=version,
        facts=plain(facts),
        rules=list(chain.rules),
        evidence=list(chain.evidence),
        log_only=chain.log_only,
        opened_at=task.now,
        **about,
    )
    save(request, actor=task.actor, now=task.now)
    keep_makers(request)
    after = {"rules": request.rules, "matrix": str(version)}
    _record("approvals.request.opened", request, task, after=after, reason=request.question)
    if chain.tiers:
        tiers = _lay_out(request, chain)
        carry(request, tiers, earlier, task)
        waiting = [tier for tier in tiers if tier.carried is None and tier.removed_at is None]
        open_stage(waiting, task, _matter(table_of(version), facts, version.table.key))
    return request


def without_own_consent(chain: Chain, order: Order) -> Chain:
    """An advisor who placed the order has agreed by placing it: nobody else could sign that tier."""
    if order.placed_by_id is None or order.placed_by_id != order.client.advisor_id:
        return chain
    return replace(chain, tiers=tuple(tier for tier in chain.tiers if tier.role != "advisor"))


def why_unopenable(attributes: Mapping[str, Mapping[str, str]]) -> str:
    """What speaks against a drawn approval: its matrix, or its way back, does not exist. Empty when it can be asked."""
    key = attributes.get("approval", {}).get("matrix", "")
    again = attributes.get("approval", {}).get("resubmit", "")
    if again not in ("", STRAIGHT_BACK):
        sentence = _('Expected resubmit to be "%(known)s" or nothing, but it is "%(found)s".')
        return Said(sentence, known=STRAIGHT_BACK, found=again)
    known = Table.objects.filter(key=key, kind="approval_matrix").exists()
    return "" if known else Said(_('Expected an approval matrix, but there is none with the key "%(key)s".'), key=key)


@dataclass(frozen=True)
class Matter:
    """What a decision is about, as its items carry it: the matrix's key and the largest amount that it looked at."""

    matrix: str
    amount_minor: int | None = None
    currency: str = ""


def open_stage(tiers: list[Tier], task: OpenedTask, matter: Matter) -> None:
    """Open every seat of the first stage of some tiers that are still to sign."""
    first = min(tier.stage for tier in tiers)
    for tier in tiers:
        if tier.stage == first:
            open_tier(tier, task, matter)


def open_tier(tier: Tier, task: OpenedTask, matter: Matter) -> None:
    """Open the work item of a tier's seat in the queue of its role."""
    queue = queue_of_role(tier.role, task.order.branch_id)
    tier.work_item = open_in(
        queue,
        task,
        kind=WorkItem.Kind.APPROVAL,
        tier=tier.number,
        seat=tier.seat,
        role=tier.role,
        **asdict(matter),
        effort_minutes=10,
    )
    tier.save(update_fields=["work_item"])
    if tier.asked is not None:
        give_by_name(tier.work_item, tier.asked, actor=task.actor, now=task.now)
    spans = {"remind_after": tier.remind_after, "escalate_after": tier.escalate_after}
    data = {**said_of(tier), "item": str(tier.work_item.public_id), **spans}
    _record("approvals.tier.opened", tier.request, task, data=data)


def said_of(tier: Tier) -> dict[str, Any]:
    """What entries say of a tier; the seat only where there are several."""
    return {"tier": tier.number, "role": tier.role, **({"seat": tier.seat} if tier.needs > 1 or tier.seat > 1 else {})}


def void_request(task: OpenedTask) -> None:
    """The process moved on without a decision: the request is void and its items are called off."""
    request = lock(Request.objects.filter(order=task.order, task=task.task)).get()
    if request.state == Request.State.OPEN:
        request.order = task.order
        call_off_request(request, actor=task.actor, now=task.now)
    for item in lock(WorkItem.objects.filter(order=task.order, task=task.task, state__in=OPEN)):
        call_off(item, order=task.order, actor=task.actor, now=task.now)


def call_off_request(request: Request, *, actor: Actor, now: datetime) -> None:
    """Void one (locked) open request; its items are called off by whoever called off what it belongs to."""
    request.void()
    request.ended_at = now
    save(request, actor=actor, now=now)
    subject, after = f"approvals.request:{request.public_id}", {"state": request.state}
    record("approvals.request.void", subject=subject, order=request.order, actor=actor, now=now, after=after)


def _matter(table: DecisionTable, facts: Mapping[str, Any], key: str) -> Matter:
    """Sums included: what a delegation's limit is held against is the same that the matrix was asked about."""
    unit = unit_of(table)
    amounts = [facts[name] for name in AMOUNTS if facts.get(name) is not None]
    if not (amounts and unit):
        return Matter(key)
    return Matter(key, ceil(max(amounts).scaleb(places(unit))), unit)


def _maker(order: Order) -> User | None:
    return next((item.completed_by for item in _last_worked(order.pk)), None)


@prepared
def _last_worked(order_id: int) -> QuerySet[WorkItem]:
    done = WorkItem.objects.filter(order_id=order_id, kind=WorkItem.Kind.WORK).exclude(completed_by=None)
    return done.select_related("completed_by").order_by("-ended_at", "-pk")[:1]


def _lay_out(request: Request, chain: Chain) -> list[Tier]:
    return Tier.objects.bulk_create(
        Tier(
            request=request,
            number=tier.tier,
            seat=seat,
            stage=tier.stage,
            needs=tier.needs,
            role=tier.role,
            rules=[] if tier.role in OUTSIDE else list(tier.rules),
            time_limit=tier.time_limit or "",
            remind_after=tier.remind_after or "",
            escalate_after=tier.escalate_after or "",
            escalate_to=tier.escalate_to or "",
        )
        for tier in chain.tiers
        for seat in range(1, tier.needs + 1)
    )


def _pass_at_once(request: Request, task: OpenedTask) -> Mapping[str, Any]:
    request.approve()
    request.ended_at = task.now
    save(request, actor=task.actor, now=task.now)
    _record("approvals.request.approved", request, task, after={"state": request.state})
    if request.log_only:
        _open_log(request, task)
    return {"approval": "approved"}


def _open_log(request: Request, task: OpenedTask) -> None:
    cal = calendar(task.order.branch.calendar)
    due_at = close_of(cal, add_business_days(cal, received_day(cal, task.now, None), 1))
    log = SupervisoryLog.objects.create(order=task.order, request=request, logged_at=task.now, due_at=due_at)
    record(
        "approvals.log.opened",
        subject=f"approvals.log:{log.pk}",
        order=task.order,
        actor=task.actor,
        now=task.now,
        after={"due_at": due_at},
    )


def _record(fact: str, request: Request, task: OpenedTask, **what: Any) -> None:
    subject = f"approvals.request:{request.public_id}"
    record(fact, subject=subject, order=task.order, actor=task.actor, now=task.now, **what)
