"""The verbs of notifications: tell somebody something, once; mark as read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actors import Actor
from audit.context import action
from audit.refusals import NotFound
from notifications.models import Notice
from notifications.sentences import SENTENCES


@action
def tell(
    recipient: User,
    template: str,
    *,
    context: dict[str, Any],
    url: str,
    dedupe_key: str,
    now: datetime,
    by_mail: bool = True,
) -> None:
    """Tell a person something in the inbox and, where they have an address, by e-mail; each at most once per key.

    template: a key of SENTENCES. context: the order's number and plain facts, never personal data.
    The notice is traced to the fact behind it by its key, so it has no entry of its own.
    """
    if template not in SENTENCES:
        raise LookupError(f'Expected a template of notifications/sentences.py, but got "{template}".')
    channels = [Notice.Channel.INBOX]
    if by_mail and recipient.email and recipient.is_active:
        channels.append(Notice.Channel.EMAIL)
    notices = [
        Notice(
            recipient=recipient,
            channel=channel,
            dedupe_key=dedupe_key,
            template=template,
            context=context,
            url=url,
            created_at=now,
            sent_at=now if channel == Notice.Channel.INBOX else None,
        )
        for channel in channels
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


@action
def mark_read(notice: UUID, *, actor: Actor, now: datetime) -> Notice:
    """The recipient has read it; the first time counts. Raises NotFound when it is not theirs."""
    row = _inbox(actor).filter(public_id=notice).first()
    if row is None:
        raise NotFound(_("Expected a notice of yours, but there is none."))
    if row.read_at is None:
        row.read_at = now
        row.save(update_fields=["read_at"])
    return row


@action
def mark_all_read(*, actor: Actor, now: datetime) -> int:
    """Everything in the actor's inbox is read; returns how many were not."""
    return _inbox(actor).filter(read_at=None, created_at__lte=now).update(read_at=now)


def _inbox(actor: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient=actor.user, channel=Notice.Channel.INBOX)
