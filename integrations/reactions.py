"""What integrations do when something happened: ring for a call that waits, let a message take effect."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.db import transaction

from audit.actors import Actor
from audit.models import Entry
from integrations import actions
from integrations.models import InboxMessage, OutboxCall

ACTOR = Actor.system("custodian messages")


def send_call(entry: Entry) -> None:
    """A call waits in the outbox: ring for `integrations.tasks.send_calls`, which sends outside of any transaction."""
    if settings.RING_BELLS and not entry.replayed:
        from django_q.tasks import async_task

        transaction.on_commit(partial(async_task, "integrations.tasks.send_calls"))


def apply_message(entry: Entry) -> None:
    """A message came in: let it take effect, once."""
    actions.apply_message(int(entry.subject.rpartition(":")[2]), actor=ACTOR, now=entry.happened_at)


def apply_waiting(entry: Entry) -> None:
    """An order was repaired: let the messages that came meanwhile take effect."""
    if not entry.order_ref:
        return
    calls = OutboxCall.objects.filter(order__public_id=entry.order_ref).values_list("public_id", flat=True)
    waiting = InboxMessage.objects.filter(handled_at=None, call_id__in=[str(public_id) for public_id in calls])
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        actions.apply_message(pk, actor=ACTOR, now=entry.happened_at)
