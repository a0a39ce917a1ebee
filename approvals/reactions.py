"""What approvals do when something happens elsewhere."""

from __future__ import annotations

from uuid import UUID

from approvals import actions, asking, foreseeing, taking_back
from audit.actors import Actor
from audit.models import Entry

REASSIGN = "reassign"


def ask_somebody_else(entry: Entry) -> None:
    """A decision waited through every step of its time-out: it is given to an alternate."""
    if entry.data.get("says") == REASSIGN:
        actions.reassign(entry.data["item"], actor=Actor.system("approval time-outs"), now=entry.happened_at)


def foresee_stalls(entry: Entry) -> None:
    """Somebody will be away: who manages them is told if orders stall meanwhile."""
    absence = entry.subject.rpartition(":")[2]
    foreseeing.foresee(absence, entered_by=entry.actor, actor=Actor.system("look ahead"), now=entry.happened_at)


def withdraw_question(entry: Entry) -> None:
    """A step was called off while the decision that its holder had asked for was open: nobody has to take it."""
    if entry.data.get("awaits_decision"):
        item = entry.subject.rpartition(":")[2]
        asking.withdraw(item, actor=Actor.system("steps called off"), now=entry.happened_at)


def void_unseen(entry: Entry) -> None:
    """A paper was added to an order: whoever has signed has not seen it."""
    order, actor = UUID(entry.order_ref), Actor.system("papers added")
    taking_back.void_unseen(order, what="paper_added", actor=actor, now=entry.happened_at)


def void_changed(entry: Entry) -> None:
    """A skip set variables of an order at once: whoever has signed has not seen them."""
    if entry.data.get("sets") and entry.order_ref:
        order, actor = UUID(entry.order_ref), Actor.system("variables changed")
        taking_back.void_unseen(order, what="variables_changed", actor=actor, now=entry.happened_at)
