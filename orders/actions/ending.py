"""Ending an order from outside its process, and repairing one that failed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.context import action
from audit.refusals import Invalid
from orders.access import expect_cancellable, expect_repairable
from orders.handlers import move
from orders.models import Order
from orders.queries import locked
from processes import actions as processes

LONGEST_REASON = 2000


@action
def cancel_order(order: UUID, *, reason: str, actor: Actor, now: datetime) -> Order:
    """Call an order off: open work, timers and calls are withdrawn.

    Raises Invalid, NotAllowed, WrongMoment, NoSuchOrder.
    """
    row = locked(actor, order)
    expect_cancellable(row, actor)
    reason = _given(reason, _("Say why, in a few words."))
    processes.cancel_instance(row.process_id, reason=reason, order=row, actor=actor, now=now)
    row.ended_at, row.ended_reason = now, reason
    move(row, row.cancel, "orders.order.cancelled", actor=actor, now=now, reason=reason)
    return row


@action
def repair_order(order: UUID, *, reason: str, actor: Actor, now: datetime) -> Order:
    """Let an order go on from where it failed; see `retry_instance` for what is taken again.

    Raises Invalid, NotAllowed, WrongMoment, StepFailed (it fails again).
    """
    row = locked(actor, order)
    expect_repairable(row, actor)
    reason = _given(reason, _("Say what was repaired."))

    move(row, row.back_to_work, "orders.order.repaired", actor=actor, now=now, reason=reason)
    processes.retry_instance(row.process_id, reason=reason, order=row, actor=actor, now=now)
    return row


def _given(reason: str, asked: str) -> str:
    """The reason without blanks around it. Raises Invalid at the field."""
    text = reason.strip()
    if not text:
        raise Invalid(_("Expected a reason, but it is empty."), fields={"reason": asked})
    if len(text) > LONGEST_REASON:
        sentence = _("Expected at most %(count)s characters, but it has more.") % {"count": LONGEST_REASON}
        raise Invalid(sentence, fields={"reason": _("Use at most %(count)s characters.") % {"count": LONGEST_REASON}})
    return text
