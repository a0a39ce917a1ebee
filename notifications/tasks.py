"""What the worker runs for notifications: mails, each sent at most once."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone, translation

from notifications.models import Notice
from notifications.sentences import SENTENCES

BATCH = 100
log = logging.getLogger(__name__)


def send_mail(now: datetime | None = None) -> int:
    """Send the mails that wait; returns how many went out.

    The gateway is reached before anything is claimed, so nothing is lost while it is gone. A mail is marked as sent
    before it is handed over: one that fails at that moment is not sent again (at most once).
    """
    now = now or timezone.now()
    waiting = Notice.objects.filter(channel=Notice.Channel.EMAIL, sent_at=None).order_by("created_at", "id")
    pks = list(waiting.values_list("id", flat=True)[:BATCH])
    if not pks:
        return 0
    gateway = get_connection()
    try:
        gateway.open()
    except OSError as error:  # SMTPException is one, too
        log.warning("the mail gateway is not reached: %s", error)
        return 0
    try:
        return sum(_send(pk, gateway, now) for pk in pks)
    finally:
        gateway.close()


def _send(pk: int, gateway: BaseEmailBackend, now: datetime) -> bool:
    claimed = Notice.objects.filter(pk=pk, sent_at=None).update(sent_at=now, attempts=F("attempts") + 1)
    if not claimed:
        return False
    notice = Notice.objects.select_related("recipient").get(pk=pk)
    if not notice.recipient.email:
        return False
    try:
        return bool(gateway.send_messages([_mail(notice)]))
    except OSError as error:
        log.error("notice %s was not sent: %s", notice.public_id, error)
        return False


def _mail(notice: Notice) -> EmailMessage:
    with translation.override(notice.recipient.language):
        words = SENTENCES[notice.template]
        text = f"{words.text(notice.context)}\n\n{settings.BASE_URL.rstrip('/')}{notice.url}\n"
        return EmailMessage(words.title(notice.context), text, to=[notice.recipient.email])
