"""What an advisor is asked on the orders of their own clients: a decision, or a look with a short form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.authority import roles
from approvals.parts import took_part
from orders.models import Order
from orders.projection import Texts, name_of
from portal_customer.access import NoSuchPage
from portal_customer.words import BARRED, DECIDED
from ui.templatetags.ui import when
from work.models import State, WorkItem, WorkItemQuerySet

ADVISOR = "advisor"
MOST_SHOWN = 50


@dataclass(frozen=True)
class Asked:
    """Something that waits for an advisor. title: of the form to fill in, empty when it is a decision."""

    public_id: UUID
    number: str
    product: Texts
    client: Texts
    title: Texts
    is_approval: bool
    due_at: datetime | None


def is_advisor(user: Any) -> bool:
    """Whether the reader advises clients. One statement a request."""
    return ADVISOR in roles(user)


def waiting(user: Any, order: Order | None = None) -> list[Asked]:
    """What the user can answer now, the most urgent first; of one order if given. One statement, none for a client."""
    if not is_advisor(user):
        return []
    items = _open_to(user) if order is None else _open_to(user).filter(order=order)
    return [asked(item) for item in items.select_related("product", "client").order_by("due_at", "pk")[:MOST_SHOWN]]


def count_waiting(user: Any) -> int:
    """How many things the user can answer now. One statement."""
    return _open_to(user).count()


def item_asked(user: Any, public_id: UUID) -> WorkItem:
    """What the advisor was asked, also when it is answered. One statement. Raises NoSuchPage, for clients always."""
    if not is_advisor(user):
        raise NoSuchPage()
    related = ("product", "client", "order__branch", "holder", "completed_by", "approval_tier__request__order")
    found = _asked_of(user).select_related(*related, "approval_tier__decision__by").filter(public_id=public_id).first()
    if found is None:
        raise NoSuchPage()
    return found


def asked(item: WorkItem) -> Asked:
    """An item as the advisor may know it: neither its own name nor where it waits."""
    return Asked(
        public_id=item.public_id,
        number=item.order_number,
        product=item.product.name,
        client=name_of(item.client),
        title=item.form.get("x-tl", {}).get("title", {}),
        is_approval=item.kind == WorkItem.Kind.APPROVAL,
        due_at=item.due_at,
    )


def why_closed(item: WorkItem, user: Any) -> str:
    """Why the user cannot answer the item, in a sentence; empty while they can."""
    decision = _decision_on(item)
    if decision:
        return format_html(str(DECIDED[decision.choice]), name=decision.by.display_name, date=when(decision.decided_at))
    if item.completed_by:
        return format_html(
            _("{name} answered this on {date}."), name=item.completed_by.display_name, date=when(item.ended_at)
        )
    if item.state == State.CANCELLED:
        return _("Your answer is no longer needed: the order went on or ended without it.")
    if item.holder and item.holder_id != user.pk:
        return format_html(_("{name} has taken this on."), name=item.holder.display_name)
    return _why_barred(item, user)


def _decision_on(item: WorkItem) -> Any:
    return getattr(getattr(item, "approval_tier", None), "decision", None)


def _why_barred(item: WorkItem, user: Any) -> str:
    if item.kind != WorkItem.Kind.APPROVAL:
        return ""
    part = took_part(item.approval_tier.request).get(user.pk)
    return str(BARRED[part]) if part else ""


def _asked_of(user: Any) -> WorkItemQuerySet:
    """Items of the user's own clients that ask an advisor; approvals only of the advisor's own tier."""
    decisions = Q(kind=WorkItem.Kind.APPROVAL, role=ADVISOR)
    return WorkItem.objects.visible_to(user).filter(decisions | Q(kind=WorkItem.Kind.WORK))


def _open_to(user: Any) -> WorkItemQuerySet:
    """Those of them that nobody else holds, without decisions on orders that the user placed: four eyes."""
    free = Q(holder=None) | Q(holder=user)
    own = {"kind": WorkItem.Kind.APPROVAL, "order__placed_by": user}
    return _asked_of(user).open().filter(free).exclude(**own)
