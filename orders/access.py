"""What somebody may do with an order that they see: write in it, call it off, repair it, act for its client."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.authority import holds
from audit.actors import Actor
from audit.reactions import wiring
from audit.refusals import NotAllowed
from orders.models import Order, State
from orders.refusals import WrongMoment


def has_part(order: Order, user: Any) -> bool:
    """Whether the user may write in the order, not only read it. At most one statement.

    Who orders for its client does, and among staff who oversees its branch or works or leads a queue it came through.
    """
    if holds(user, "order_for_client", order.client_id):
        return True
    return not user.is_client_side and (_oversees(order, user) or _asks("works_on", order, user))


def is_in_charge(order: Order, user: Any) -> bool:
    """Whether the order is the user's to call off or repair. At most one statement.

    It is for who oversees its branch or leads a queue it came through.
    """
    return not user.is_client_side and (_oversees(order, user) or _asks("leads", order, user))


def expect_part(order: Order, actor: Actor) -> None:
    """Raises NotAllowed."""
    if not actor.is_system and not has_part(order, actor.user):
        raise NotAllowed(_("Expected somebody who works on this order, but you may only read it."))


def expect_for_client(order: Order, actor: Actor) -> None:
    """The actor is the client, or orders for them. Raises NotAllowed."""
    if not actor.is_system and not holds(actor.user, "order_for_client", order.client_id):
        raise NotAllowed(_("Expected the client or somebody who orders for them, but you are neither."))


def expect_cancellable(order: Order, actor: Actor) -> None:
    """The client's side takes its own order back; staff in charge call it off. Raises NotAllowed, WrongMoment."""
    if actor.user is not None and actor.user.is_client_side:
        expect_for_client(order, actor)
    else:
        expect_charge(order, actor)
    if not order.is_open:
        raise WrongMoment(order.state, "cancelled")


def expect_repairable(order: Order, actor: Actor) -> None:
    """Only staff who are in charge, and only what failed. Raises NotAllowed, WrongMoment."""
    expect_charge(order, actor)
    if order.state != State.EXCEPTION:
        raise WrongMoment(order.state, "repaired")


def expect_charge(order: Order, actor: Actor) -> None:
    """Raises NotAllowed."""
    if not actor.is_system and not is_in_charge(order, actor.user):
        raise NotAllowed(
            _("Expected somebody in charge of this order, but it came through no queue that you lead."),
            next_step=_("Ask the lead of the team that works on it, or the manager of its branch."),
        )


def _oversees(order: Order, user: Any) -> bool:
    return holds(user, "oversee_branch", order.branch_id)


def _asks(question: str, order: Order, user: Any) -> bool:
    return import_string(wiring().PARTS[question])(order, user)
