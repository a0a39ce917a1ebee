"""One address change from the client's click to the archived record."""

from audit.actors import Actor
from audit.models import Entry
from orders.models import Order
from tests.firm import address_change, open_item
from work import actions as work


def test_an_address_change_runs_from_submission_to_completion(firm, now):
    order = address_change(firm, now)
    assert order.number.startswith("TL-")
    steps = {
        "verify_address": {"address_check": "confirmed", "checked_against": "login"},
        "update_records": {"record_reference": "REC-1001"},
        "send_letters": {"sent_on": "2026-11-16", "sent_by": "post"},
    }
    for node, answers in steps.items():
        item = open_item(order, node)
        work.claim(item.public_id, actor=Actor.of(firm.dee), now=now)
        work.complete(item.public_id, answers=answers, actor=Actor.of(firm.dee), now=now)
    order = Order.objects.get(pk=order.pk)
    assert order.state == "completed"
    assert [step.key for step in order.milestones.all() if step.reached_at] == [
        "received",
        "checked",
        "updated",
        "done",
    ]
    entries = Entry.objects.filter(order_ref=order.ledger_ref).order_by("order_seq")
    assert [entry.order_seq for entry in entries] == list(range(1, entries.count() + 1))
    assert entries.last().fact == "orders.order.completed" or "orders.order.completed" in {e.fact for e in entries}
