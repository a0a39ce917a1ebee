"""The verbs of service levels: check a clock, explain a breach."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.authority import has_any, holds
from accounts.models import User
from accounts.queries import team_chain
from audit.actions import record, save
from audit.actors import Actor
from audit.claims import claim, lock
from audit.context import action
from audit.refusals import Invalid, NotAllowed, NotFound
from calendars.queries import calendar
from calendars.rules import business_seconds
from orders.handlers import lock_order
from orders.models import Order
from sla import clocks, rules
from sla.models import Breach, Clock, Escalation
from sla.targets import EscalationRow, escalations_for
from work.models import WorkItem

CAUSES = {  # root causes that a manager can name; words in `sla/causes.py`
    "client_late", "missing_papers", "volume", "absence", "custodian", "system", "error", "priority", "other",
}  # fmt: skip
ACTIVE_SECONDS = 2 * 3600  # an action on the item within so much business time counts as worked on (seed decision 18)


@action
def check_clock(clock_id: int, *, actor: Actor, now: datetime) -> bool:
    """Turn a clock's band when it is time, keep a breach, and tell who must be told. Safe to run twice.

    Returns whether anything changed.
    """
    order_ref = Clock.objects.filter(pk=clock_id).values_list("order__public_id", flat=True).first()
    order = lock_order(f"orders.order:{order_ref}")
    clock = claim(Clock.objects.filter(pk=clock_id, next_check_at__lte=now)).select_related("work_item__holder").first()
    if clock is None or clock.state != Clock.State.RUNNING:
        return False
    before, band = clock.band, rules.band(clocks.window_of(clock), now)
    if band == "breached":
        clocks.breach(clock, order, actor=actor, now=now)
    elif band == before:
        clock.next_check_at = rules.next_check(clocks.window_of(clock), band)
        clock.save(update_fields=["next_check_at"])
        return False
    else:
        clock.band = band
        clock.next_check_at = rules.next_check(clocks.window_of(clock), band)
        clocks.keep(
            clock, "sla.clock.turned", order, actor=actor, now=now, before={"band": before}, after={"band": band}
        )
    _escalate(clock, order, actor=actor, now=now)
    clocks.set_times(order, actor=actor, now=now)
    return True


def _escalate(clock: Clock, order: Order, *, actor: Actor, now: datetime) -> None:
    item = clock.work_item or _open_item(order)
    rows = escalations_for(
        clock.band,
        actively_worked=_actively_worked(item, clock, now),
        regulatory=clock.kind == Clock.Kind.REGULATORY,
        order=order,
        at=now,
    )
    for row in rows:
        _raise_tier(clock, row, item, order, actor, now)


def _raise_tier(
    clock: Clock, row: EscalationRow, item: WorkItem | None, order: Order, actor: Actor, now: datetime
) -> None:
    try:
        with transaction.atomic():
            to = _person(row.to, item)
            raised = Escalation.objects.create(clock=clock, tier=row.tier, role=row.to, to=to, happened_at=now)
    except IntegrityError:  # this tier was told already
        return
    clock.escalation_tier = max(clock.escalation_tier, row.tier)
    clock.save(update_fields=["escalation_tier"])
    record(
        "sla.escalation.raised",
        subject=f"sla.escalation:{raised.pk}",
        order=order,
        actor=actor,
        now=now,
        data={"tier": row.tier, "role": row.to, "to": raised.to_id, "band": clock.band, "says": row.says},
    )


def _person(role: str, item: WorkItem | None) -> User | None:
    if role == "holder":
        return item.holder if item else None
    people = team_chain(item.queue.team if item else None, role)
    return people[0] if people else None


def _open_item(order: Order) -> WorkItem | None:
    items = WorkItem.objects.open().filter(order=order)
    return items.select_related("holder", "queue__team__lead", "queue__team__manager").order_by("pk").first()


def _actively_worked(item: WorkItem | None, clock: Clock, now: datetime) -> bool:
    if item is None or item.holder_id is None or item.acted_at is None:
        return False
    return business_seconds(calendar(clock.calendar), item.acted_at, now) <= ACTIVE_SECONDS


@action
def explain_breach(breach_id: int, *, cause: str, explanation: str, actor: Actor, now: datetime) -> Breach:
    """Name a breach's root cause, as team lead or manager. Raises Invalid, NotAllowed, NotFound."""
    breach = lock(Breach.objects.filter(pk=breach_id)).select_related("clock__work_item").first()
    order = Order.objects.visible_to(actor.user).filter(clocks__breach_record=breach_id).first() if breach else None
    if breach is None or order is None:
        raise NotFound(_("Expected a breach that you may see, but there is none."))
    _expect_manager(breach, order, actor)
    if cause not in CAUSES or not explanation.strip():
        raise Invalid(
            _("Expected a cause and an explanation, but one of them is missing."),
            fields={"cause": _("Choose a cause.")} if cause not in CAUSES else {"explanation": _("Say what happened.")},
        )
    before = {"cause": breach.cause}
    breach.cause, breach.explanation = cause, explanation.strip()[:2000]
    breach.explained_by, breach.explained_at = actor.user, now
    save(breach, actor=actor, now=now)
    record(
        "sla.breach.explained",
        subject=f"sla.breach:{breach.pk}",
        order=lock_order(order.subject),
        actor=actor,
        now=now,
        reason=breach.explanation,
        before=before,
        after={"cause": cause},
    )
    return breach


def _expect_manager(breach: Breach, order: Order, actor: Actor) -> None:
    if holds(actor.user, "oversee_branch", order.branch_id) or has_any(actor.user, "lead_queue"):
        return
    raise NotAllowed(_("Expected a team lead or manager, but you are neither."))
