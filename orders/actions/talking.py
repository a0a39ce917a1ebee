"""Messages between client and staff, notes among staff, and looking at a page as the client sees it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from audit.actions import record
from audit.actors import Actor
from audit.context import action
from audit.refusals import Invalid, NotAllowed
from audit.texts import is_readable
from orders.access import expect_part
from orders.models import Message, Order
from orders.queries import locked
from orders.schemas import no_text

LONGEST = 4000


@action
def send_message(order: UUID, *, body: str, idempotency_key: str, actor: Actor, now: datetime) -> Message:
    """Write to the other side; the same key writes once. Raises Invalid, NoSuchOrder."""
    return _write(order, body, idempotency_key, actor, now, is_internal=False)


@action
def add_note(order: UUID, *, body: str, idempotency_key: str = "", actor: Actor, now: datetime) -> Message:
    """Write a note that only staff see. Raises Invalid, NotAllowed, NoSuchOrder."""
    if actor.user.is_client_side:
        raise NotAllowed(_("Expected a member of staff, but notes are not open to you."))
    return _write(order, body, idempotency_key or uuid4().hex, actor, now, is_internal=True)


@action
def look_as_client(order: UUID, *, actor: Actor, now: datetime) -> Order:
    """A member of staff looks at the order as its client sees it: that look is on record."""
    row = locked(actor, order)
    record("orders.order.viewed_as_client", subject=row.subject, order=row, actor=actor, now=now)
    return row


def _write(order: UUID, body: str, key: str, actor: Actor, now: datetime, *, is_internal: bool) -> Message:
    row = locked(actor, order)
    expect_part(row, actor)
    known = Message.objects.filter(idempotency_key=key).first()
    if known and known.order_id != row.pk:
        raise Invalid(_("Expected a new message, but this one was sent with another order."))
    text = body.strip()
    if not is_readable(text):
        raise Invalid(_("Expected a message, but it contains what is no text."), fields={"body": no_text()})
    if known and (known.author_id, known.is_internal, known.body) == (actor.user.pk, is_internal, text):
        return known
    if known:  # a page gone back to; answering with the old message would lose the new one in silence
        raise Invalid(_("Expected a new page for a new message, but one was sent from this page. Send it again."))
    if not text:
        raise Invalid(_("Expected a message, but it is empty."), fields={"body": _("Write a few words first.")})
    if len(text) > LONGEST:
        sentence = _("Expected at most %(count)s characters, but it has more.") % {"count": LONGEST}
        raise Invalid(sentence, fields={"body": _("Use at most %(count)s characters.") % {"count": LONGEST}})
    message = Message.objects.create(
        order=row,
        author=actor.user,
        from_client=actor.user.is_client_side,
        is_internal=is_internal,
        body=text,
        sent_at=now,
        idempotency_key=key,
    )
    record(
        "orders.note.added" if is_internal else "orders.message.sent",
        subject=f"orders.message:{message.public_id}",
        order=row,
        actor=actor,
        now=now,
        data={"from_client": message.from_client},
        person=row.client.person_key,
        personal={"body": text},
    )
    return message
