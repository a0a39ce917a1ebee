"""Who is told when something happened. Run later by the worker, perhaps twice: the entry's id is the dedupe key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from audit.prepared import prepared
from notifications import actions
from orders.models import Order
from work.models import HELD, OPEN, WorkItem
from work.queries import workers

# What a driver replays from the past is news only when it is young, and never by e-mail.
NEWS = timedelta(days=7)
ENDS = {
    "orders.order.completed": "order_completed",
    "orders.order.rejected": "order_rejected",
    "orders.order.cancelled": "order_cancelled",
}
LENDING = {"accounts.delegation.given": "lent", "accounts.delegation.revoked": "taken_back"}


def tell_client_of_receipt(entry: Entry) -> None:
    """The client's people: we have the order."""
    _tell_client(entry, "order_received", also_who_did_it=True)


def tell_client_of_request(entry: Entry) -> None:
    """The client's people: it is your turn."""
    _tell_client(entry, "order_waits_for_you")


def tell_client_of_end(entry: Entry) -> None:
    """The client's people: it is over, and how."""
    _tell_client(entry, ENDS[entry.fact])


def tell_of_message(entry: Entry) -> None:
    """The other side of a message: the client's people, or who holds the order's work."""
    if not _is_news(entry):
        return
    if not entry.data.get("from_client"):
        _tell_client(entry, "message_from_us")
        return
    held = WorkItem.objects.filter(order__public_id=entry.order_ref, state__in=HELD)
    order = _order(entry)
    people = User.objects.filter(pk__in=held.values("holder_id")).order_by("pk")
    _tell(people, entry, "message_from_client", order, reverse("staff:order", args=[order.number]))


def tell_assignee(entry: Entry) -> None:
    """Who was given an item by somebody else."""
    if not _is_news(entry):
        return
    item = WorkItem.objects.select_related("order").get(public_id=entry.subject.rpartition(":")[2])
    people = User.objects.filter(pk=entry.data["to"])
    _tell(people, entry, "item_assigned", item.order, reverse("staff:item", args=[item.public_id]))


def tell_of_question(entry: Entry) -> None:
    """Who was asked about an item."""
    advice = entry.subject.rpartition(":")[2]
    _tell_one(entry, "question_asked", reverse("staff:advice", args=[advice]))


def tell_of_advice(entry: Entry) -> None:
    """Who had asked: the answer is there."""
    _tell_one(entry, "question_answered", reverse("staff:item", args=[entry.data["item"]]))


def tell_of_copy(entry: Entry) -> None:
    """Whom an order was shown to for information."""
    _tell_one(entry, "order_copied", reverse("staff:order", args=[_order(entry).number]))


def tell_of_missing_signer(entry: Entry) -> None:
    """Who asked somebody by name to sign too: they do not, and nobody else can in their place."""
    if entry.data.get("to"):
        _tell_one(entry, "signer_missing", reverse("staff:order", args=[_order(entry).number]))


def tell_of_lent_authority(entry: Entry) -> None:
    """Who is lent somebody's authority, or no more; and whose it is, where an administrator did it."""
    if _is_news(entry):
        what, url = LENDING[entry.fact], reverse("staff:delegations")
        _tell(User.objects.filter(pk=entry.data["to"]), entry, f"authority_{what}", None, url)
        _tell(User.objects.filter(pk=entry.data["delegator"]), entry, f"own_authority_{what}", None, url)


def tell_of_depth(entry: Entry) -> None:
    """Who manages a queue in which more waits than its limit."""
    if entry.data.get("to") and _is_news(entry):
        url = reverse("staff:queue", args=[entry.data["queue"]])
        _tell(User.objects.filter(pk=entry.data["to"]), entry, "queue_too_long", None, url)


def tell_of_calendar(entry: Entry) -> None:
    """Who administers the firm: a calendar that is in use ends soon."""
    if _is_news(entry):
        _tell(User.objects.filter(pk__in=entry.data["to"]), entry, "calendar_ends", None, reverse("staff:calendars"))


def tell_of_stalls(entry: Entry) -> None:
    """Who manages somebody whose absence makes orders stall; the address is that of the look ahead."""
    if _is_news(entry):
        days = {name: entry.data[name] for name in ("person", "first_day", "ends_at")}
        url = f"{reverse('staff:look_ahead')}?{urlencode(days)}"
        _tell(User.objects.filter(pk=entry.data["to"]), entry, "absence_stalls", None, url)


def _tell_one(entry: Entry, template: str, url: str) -> None:
    if _is_news(entry):
        _tell(User.objects.filter(pk=entry.data["to"]), entry, template, _order(entry), url)


def tell_asker(entry: Entry) -> None:
    """Who asked for a decision in a step: it is taken, more is asked of them, or the order went back."""
    if not _is_news(entry):
        return
    item = WorkItem.objects.select_related("order").get(public_id=entry.subject.rpartition(":")[2])
    people = User.objects.filter(pk=entry.data["to"])
    back = "order_went_back" if entry.data.get("sent_to") else "more_is_asked"
    template = back if entry.data["approval"] == "returned" else "decision_taken"
    _tell(people, entry, template, item.order, reverse("staff:item", args=[item.public_id]))


def tell_of_escalation(entry: Entry) -> None:
    """Whom a clock was raised to; of a decision that nobody holds, all who could take it."""
    if not _is_news(entry):
        return
    order = _order(entry)
    people = list(User.objects.filter(pk=entry.data["to"])) if entry.data.get("to") else _who_could_decide(entry)
    _tell(people, entry, "order_escalated", order, reverse("staff:order", args=[order.number]))


def _who_could_decide(entry: Entry) -> list[User]:
    item = WorkItem.objects.select_related("queue").filter(public_id=entry.data.get("item")).first()
    if item is None or entry.data["role"] != "holder":
        return []
    there = workers(item.queue, role=item.role, at=entry.happened_at)
    return there or workers(item.queue, role=item.role)


def tell_of_urge(entry: Entry) -> None:
    """Who holds the order's open work, and who leads the teams where it waits."""
    if not _is_news(entry):
        return
    order = _order(entry)
    items = WorkItem.objects.filter(order=order, state__in=OPEN)
    concerned = Q(pk__in=items.values("holder_id")) | Q(pk__in=items.values("queue__team__lead_id"))
    people = User.objects.filter(concerned, is_client_side=False).order_by("pk")
    _tell(people, entry, "order_urged", order, reverse("staff:order", args=[order.number]))


def _tell_client(entry: Entry, template: str, *, also_who_did_it: bool = False) -> None:
    if not _is_news(entry):
        return
    order = _order(entry)
    if order.number is None:
        return
    people = User.objects.filter(groups__name=f"client:{order.client.ref}", is_client_side=True).order_by("pk")
    url = reverse("customer:order", args=[order.number])
    _tell(people, entry, template, order, url, also_who_did_it=also_who_did_it)


def _tell(
    people: Iterable[User], entry: Entry, template: str, order: Order | None, url: str, *, also_who_did_it: bool = False
) -> None:
    for person in people:
        if entry.actor == f"user:{person.pk}" and not also_who_did_it:
            continue
        actions.tell(
            person,
            template,
            context={"number": order.number} if order else {},
            url=url,
            dedupe_key=f"{template}:{entry.public_id}",
            now=entry.happened_at,
            by_mail=not entry.replayed,
        )


def _is_news(entry: Entry) -> bool:
    return not entry.replayed or entry.recorded_at - entry.happened_at < NEWS


def _order(entry: Entry) -> Order:
    return _with_client(UUID(entry.order_ref))[0]


@prepared
def _with_client(public_id: UUID) -> QuerySet[Order]:
    return Order.objects.filter(public_id=public_id).select_related("client")
