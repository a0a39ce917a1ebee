"""The verbs of integrations: connect a system, send what waits, take in what comes, apply it once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

from audit.actions import record, save
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from audit.prepared import prepared
from audit.reactions import wiring
from integrations.models import Connector, InboxMessage, OutboxCall
from orders.models import SUBJECT
from orders.queries import lock_order
from processes import actions as processes
from processes.models import Instance
from processes.queries import is_open

MOST_ATTEMPTS = 6
AWAITED = (OutboxCall.State.QUEUED, OutboxCall.State.SENT, OutboxCall.State.PARKED)  # an answer is still wanted
PAUSES = [timedelta(seconds=seconds) for seconds in (15, 60, 300, 900, 3600)]


@action
def add_connector(
    *, code: str, name: dict, way: Connector.Way, settings: dict[str, Any], actor: Actor, now: datetime
) -> Connector:
    """Connect a system; its shared key signs messages both ways and is never shown again."""
    connector = Connector(code=code, name=name, way=way, settings=settings, secret=secrets.token_urlsafe(32))
    connector.full_clean(exclude=["settings"])
    save(connector, actor=actor, now=now)
    subject = f"integrations.connector:{connector.pk}"
    record("integrations.connector.added", subject=subject, actor=actor, now=now, after={"code": code, "way": way})
    return connector


def begin_attempt(call_id: int, *, now: datetime) -> OutboxCall | None:
    """Claim a waiting call for sending and count the attempt, before anything goes out; None when another has it."""
    waiting = OutboxCall.objects.filter(pk=call_id, state=OutboxCall.State.QUEUED, next_attempt_at__lte=now)
    with transaction.atomic():
        call = waiting.select_related("connector", "order").first()
        if call is None:
            return None
        pause = PAUSES[min(call.attempts, len(PAUSES) - 1)]
        if not waiting.update(attempts=F("attempts") + 1, next_attempt_at=now + pause):
            return None
    call.refresh_from_db(fields=["attempts", "next_attempt_at"])
    return call


@action
def mark_sent(call_id: int, *, actor: Actor, now: datetime) -> None:
    """The other side has the call."""
    call, order = _call_and_order(call_id)
    if call.state != OutboxCall.State.QUEUED:
        return
    call.send()
    call.sent_at, call.next_attempt_at, call.last_error = now, None, ""
    call.save()
    _record("integrations.call.sent", call, order, actor, now)


@action
def mark_failed(call_id: int, *, error: str, actor: Actor, now: datetime) -> None:
    """The call did not go out; after too many tries it is parked and waits for a person."""
    call, order = _call_and_order(call_id)
    if call.state != OutboxCall.State.QUEUED:
        return
    call.last_error = error[:1000]
    if call.attempts >= MOST_ATTEMPTS:
        call.park()
        call.next_attempt_at = None
        _record("integrations.call.parked", call, order, actor, now)
    call.save()


@action
def retry_call(call_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Send a parked call again."""
    call, order = _call_and_order(call_id)
    call.retry()
    call.attempts, call.next_attempt_at = 0, now
    call.save()
    _record("integrations.call.retried", call, order, actor, now, reason=reason)


@action
def receive(
    connector: Connector,
    *,
    message_id: str,
    call_id: str,
    payload: dict,
    kind: str = InboxMessage.ANSWER,
    actor: Actor,
    now: datetime,
) -> InboxMessage:
    """Take a message in; the same message id of a connector is taken once, however often it comes."""
    known = InboxMessage.objects.filter(connector=connector, message_id=message_id).first()
    if known:
        return known
    try:
        with transaction.atomic():
            message = InboxMessage.objects.create(
                connector=connector,
                message_id=message_id,
                kind=kind,
                call_id=call_id,
                payload=payload,
                received_at=now,
            )
    except IntegrityError:  # the same message came through another door at the same moment
        return InboxMessage.objects.get(connector=connector, message_id=message_id)
    record(
        "integrations.message.received",
        subject=f"integrations.message:{message.pk}",
        actor=actor,
        now=now,
        data={"connector": connector.code, "call": call_id} | ({} if kind == InboxMessage.ANSWER else {"kind": kind}),
    )
    return message


@action
def apply_message(message_id: int, *, actor: Actor, now: datetime) -> InboxMessage:
    """Let a message take effect: it completes the service task that waits for it, or is kept as late or unknown."""
    row = InboxMessage.objects.select_related("connector").get(pk=message_id)
    if row.kind != InboxMessage.ANSWER:
        return _take_up(message_id, actor, now)
    call = _call_of(row)
    order = lock_order(call.order.subject) if call else None
    message = lock(InboxMessage.objects.filter(pk=message_id)).get()
    if message.handled_at:
        return message
    if call is None or order is None:
        message.handled_at = now
        return _ignore(message, InboxMessage.Outcome.UNKNOWN, None, actor, now)
    call = lock(OutboxCall.objects.filter(pk=call.pk)).get()
    instance = Instance.objects.get(order=order)
    if instance.status == Instance.Status.ERROR and call.state in AWAITED:
        return message  # the order is being repaired: the message waits for that
    message.handled_at = now
    if call.state not in AWAITED or instance.status != Instance.Status.RUNNING:
        return _ignore(message, InboxMessage.Outcome.LATE, order, actor, now)
    if message.payload["outcome"] == "acknowledged" and not message.payload.get("reference"):
        return _ignore(message, InboxMessage.Outcome.UNKNOWN, order, actor, now)
    call.answer()
    call.answered_at, call.next_attempt_at = now, None
    call.reference = message.payload.get("reference", "") if message.payload["outcome"] == "acknowledged" else ""
    call.save()
    message.outcome = InboxMessage.Outcome.APPLIED
    message.save()
    subject = f"integrations.message:{message.pk}"
    data = {"call": str(call.public_id), "outcome": message.payload["outcome"]}
    record("integrations.message.applied", subject=subject, order=order, actor=actor, now=now, data=data)
    variables = {
        "custodian_outcome": message.payload["outcome"],
        "custodian_reference": message.payload.get("reference", ""),
        "custodian_code": message.payload.get("code", ""),
    }
    if is_open(instance.pk, call.task):  # a step that was repaired has taken the answer already
        processes.complete_task(instance.pk, call.task, variables=variables, order=order, actor=actor, now=now)
    return message


def _take_up(message_id: int, actor: Actor, now: datetime) -> InboxMessage:
    """A message that answers no call goes to whom the wiring names for its kind; he says whether it was news."""
    message = lock(InboxMessage.objects.filter(pk=message_id)).select_related("connector").get()
    if message.handled_at:
        return message
    message.handled_at = now
    _read, take_up = wiring().INBOX[message.kind]
    if not import_string(take_up)(message, actor=actor, now=now):
        return _ignore(message, InboxMessage.Outcome.UNKNOWN, None, actor, now)
    message.outcome = InboxMessage.Outcome.APPLIED
    message.save()
    subject, data = f"integrations.message:{message.pk}", {"kind": message.kind}
    record("integrations.message.applied", subject=subject, actor=actor, now=now, data=data)
    return message


def _ignore(
    message: InboxMessage, outcome: InboxMessage.Outcome, order: Any, actor: Actor, now: datetime
) -> InboxMessage:
    message.outcome = outcome
    message.save()
    subject = f"integrations.message:{message.pk}"
    data = {"why": str(outcome)}
    record("integrations.message.ignored", subject=subject, order=order, actor=actor, now=now, data=data)
    return message


def _call_of(message: InboxMessage) -> OutboxCall | None:
    try:
        calls = OutboxCall.objects.filter(connector=message.connector, public_id=message.call_id)
        return calls.select_related("order").first()
    except ValidationError:  # not an id at all
        return None


def _call_and_order(call_id: int) -> tuple[OutboxCall, Any]:
    [ref] = _order_of(call_id)
    order = lock_order(f"{SUBJECT}{ref}")
    [call] = _locked_call(call_id)
    return call, order


@prepared
def _order_of(call_id: int) -> QuerySet[OutboxCall, UUID]:
    return OutboxCall.objects.filter(pk=call_id).values_list("order__public_id", flat=True)


@prepared
def _locked_call(call_id: int) -> QuerySet[OutboxCall]:
    return lock(OutboxCall.objects.filter(pk=call_id)).select_related("connector")


def _record(fact: str, call: OutboxCall, order: Any, actor: Actor, now: datetime, reason: str = "") -> None:
    record(
        fact,
        subject=f"integrations.call:{call.public_id}",
        order=order,
        actor=actor,
        now=now,
        reason=reason,
        data={"connector": call.connector.code, "operation": call.operation, "node": call.node},
    )
