"""The verbs of service levels: check a clock, reckon it anew, explain a breach."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.queries import holders
from audit.actions import changes, record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.models import Entry
from audit.refusals import Invalid, NotFound
from orders.models import SUBJECT, Order
from orders.queries import lock_order
from rulebook.models import Table
from sla import clocks, moving, rules
from sla.access import expect_explainable
from sla.escalation import bands_passed
from sla.models import Breach, Clock
from sla.targets import TARGETS

CAUSES = {  # root causes that a manager can name
    "client_late", "missing_papers", "volume", "absence", "custodian", "system", "error", "priority", "other",
}  # fmt: skip
LONGEST_EXPLANATION = 2000
RUNNING_OUT = "sla.calendar.running_out"


@action
def check_clock(clock_id: int, *, actor: Actor, now: datetime) -> bool:
    """Turn a clock's band when it is time, keep a breach, and tell who must be told. Safe to run twice.

    Returns whether anything changed.
    """
    order = _locked_order_of(clock_id)
    clock = next((clock for clock in clocks.running_of(order) if clock.pk == clock_id), None)
    if clock is None or clock.next_check_at is None or clock.next_check_at > now:  # another sweeper was first
        return False
    band = rules.band(clocks.window_of(clock), now)
    passed = bands_passed(clock.band, band)
    if not passed and clock.escalates_at and clock.escalates_at <= now:
        return clocks.escalate(clock, order, actor=actor, now=now)
    if not passed:  # looked at before its time: look again at the next turn
        clocks.look_again(clock)
        save(clock, actor=actor, now=now, fields=["next_check_at"])
        return False
    clocks.turn(clock, band, passed, order, actor=actor, now=now)
    clocks.set_times(order, actor=actor, now=now)
    return True


@action
def reckon_clock(clock_id: int, *, actor: Actor, now: datetime) -> bool:
    """Set an open clock's times by the targets and calendars that are in force now. Safe to run twice.

    Returns whether they moved; each that did leaves an entry, and the order and its items follow.
    """
    order = _locked_order_of(clock_id)
    clock = next((each for each in clocks.running_of(order) if each.pk == clock_id), None)
    if clock is None or clock.state not in moving.STILL_TO_COME:
        return False
    if not moving.reckon(clock, order, actor=actor, now=now):
        return False
    clocks.set_times(order, actor=actor, now=now)
    return True


@action
def note_running_out(code: str, last_year: int, *, actor: Actor, now: datetime) -> bool:
    """Put on record, once for a calendar and its last year, that it ends; administrators are named to be told.

    Returns whether that is new.
    """
    lock(Table.objects.filter(key=TARGETS)).get()  # of two workers one says it
    subject = f"sla.calendar:{code}"
    if Entry.objects.filter(fact=RUNNING_OUT, subject=subject, data__last_year=last_year).exists():
        return False
    to = list(holders("administrator").values_list("pk", flat=True))
    record(RUNNING_OUT, subject=subject, actor=actor, now=now, data={"code": code, "last_year": last_year, "to": to})
    return True


@action
def explain_breach(breach_id: int, *, cause: str, explanation: str, actor: Actor, now: datetime) -> Breach:
    """Name a breach's root cause, as the manager of its branch or a lead of a queue that worked on it.

    explanation: 1 to `LONGEST_EXPLANATION` characters. Raises Invalid, NotAllowed, NotFound. Source: worked example 2.
    """
    orders = Order.objects.all() if actor.is_system else Order.objects.visible_to(actor.user)
    order_ref = orders.filter(clocks__breach_record=breach_id).values_list("public_id", flat=True).first()
    if order_ref is None:
        raise NotFound(_("Expected a breach that you may see, but there is none."))
    order = lock_order(f"{SUBJECT}{order_ref}")
    breach = lock(Breach.objects.filter(pk=breach_id)).get()
    expect_explainable(breach_id, actor)
    explanation = explanation.strip()
    _expect_explained(cause, explanation)
    before, after = changes(breach, cause=cause, explanation=explanation)
    breach.explained_by, breach.explained_at = actor.user, now
    save(breach, actor=actor, now=now)
    subject = f"sla.breach:{breach.pk}"
    record(
        "sla.breach.explained",
        subject=subject,
        order=order,
        actor=actor,
        now=now,
        reason=explanation,
        before=before,
        after=after,
    )
    return breach


def _locked_order_of(clock_id: int) -> Order:
    order_ref = Clock.objects.filter(pk=clock_id).values_list("order__public_id", flat=True).get()
    return lock_order(f"{SUBJECT}{order_ref}")


def _expect_explained(cause: str, explanation: str) -> None:
    wrong = {}
    if cause not in CAUSES:
        wrong["cause"] = _("Choose a cause.")
    if not explanation:
        wrong["explanation"] = _("Say what happened.")
    elif len(explanation) > LONGEST_EXPLANATION:
        wrong["explanation"] = _("Use at most %(count)s characters.") % {"count": LONGEST_EXPLANATION}
    if wrong:
        raise Invalid(_("Expected a cause and an explanation of ordinary length."), fields=wrong)
