"""Showing an order to a colleague for information. Source: 抄送 of the seed decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from audit.actions import record
from audit.actors import Actor
from audit.context import action
from audit.refusals import Invalid, NotAllowed
from audit.texts import is_readable
from orders.access import expect_part
from orders.models import Copy, Order
from orders.queries import locked, people_who_see

LONGEST_REASON = 500


@action
def copy_to(order: UUID, *, to: Any, reason: str, actor: Actor, now: datetime) -> Copy:
    """Tell a colleague about an order that they may see; it stands in their list of copies. A second copy is no news.

    reason: 1–500 characters. Raises NoSuchOrder, NotAllowed, Invalid. Nobody sees more by it than before.
    """
    row = locked(actor, order)
    if actor.user.is_client_side:
        raise NotAllowed(_("Expected a member of staff, but copies are not open to you."))
    expect_part(row, actor)
    _expect_reader(row, to, actor)
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON or not is_readable(text):
        said = _("Say why, in at most %(count)s characters.") % {"count": LONGEST_REASON}
        raise Invalid(_("Expected a reason of 1 to 500 characters."), fields={"reason": said})
    known = Copy.objects.filter(order=row, to=to).first()
    if known is not None:
        return known
    made = Copy.objects.create(order=row, to=to, by=actor.user, reason=text, sent_at=now)
    record("orders.order.copied", subject=row.subject, order=row, actor=actor, now=now, reason=text, data={"to": to.pk})
    return made


def _expect_reader(row: Order, to: Any, actor: Actor) -> None:
    if to.pk == actor.user.pk or not people_who_see(row).filter(pk=to.pk).exists():
        raise Invalid(
            _("Expected a colleague who may see this order, but they may not."),
            fields={"to": _("Choose from the people listed.")},
        )
