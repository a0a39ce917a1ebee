"""Orders played through the real actions, as the benchmarks need them."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Client, User
from audit.actors import Actor
from catalog.models import Product
from orders import actions as orders
from orders.models import Order
from work import actions as work
from work.models import Queue, WorkItem
from work.queries import workers

PRODUCT, QUEUE, CLIENT = "address_change", "maintenance", "C-0001"
ANSWERS = {
    "applies_to": "all",
    "street": "18 Orchard Lane",
    "city": "Albany",
    "region": "New York",
    "postal_code": "12207",
    "country": "US",
}
FROM_THEN_ON = timedelta(days=30)  # when a new address is valid
STEPS = {
    "verify_address": {"address_check": "confirmed", "checked_against": "login"},
    "update_records": {"record_reference": "REC-1001"},
    "send_letters": {"sent_by": "post"},
}


def submit(key: str, now: datetime) -> Order:
    """A submitted address change with one open work item."""
    client = Client.objects.get(ref=CLIENT)
    actor = Actor.of(User.objects.get(groups__name=f"client:{CLIENT}"))
    draft = orders.save_draft(
        product=Product.objects.get(code=PRODUCT),
        client=client,
        channel="web",
        answers={**ANSWERS, "valid_from": (now + FROM_THEN_ON).date().isoformat()},
        idempotency_key=key,
        actor=actor,
        now=now,
    )
    return orders.submit_order(draft.public_id, actor=actor, now=now)


def complete(order: Order, analyst: User, now: datetime) -> None:
    """Claim and complete its three work items; the last one completes the order."""
    actor = Actor.of(analyst)
    for minute, (node, answers) in enumerate(STEPS.items(), start=1):
        item = WorkItem.objects.open().get(order=order, node=node)
        at = now + timedelta(minutes=minute)
        typed = {**answers, "sent_on": order.branch.day(at).isoformat()} if node == "send_letters" else answers
        work.claim(item.public_id, actor=actor, now=at)
        work.complete(item.public_id, answers=typed, actor=actor, now=at)


def analyst() -> User:
    """Somebody who works the queue of address changes and has the general skill that they need."""
    people = workers(Queue.objects.get(code=QUEUE))
    return next(person for person in people if "general" in person.skills and person.team and not person.leads.exists())
