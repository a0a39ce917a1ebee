"""What processes do when something happens: ring for messages that are on their way."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.db import transaction

from audit.models import Entry


def ring_for_messages(entry: Entry) -> None:
    """A message or signal is on its way: its receivers hear of it at once, the sweep finds what no bell announced."""
    if settings.RING_BELLS and not entry.replayed:
        from django_q.tasks import async_task

        transaction.on_commit(partial(async_task, "processes.tasks.deliver_messages"))
