"""Messages from outside: taken in once, then given to the one that waits for them, or kept until it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from audit.actions import record
from audit.actors import Actor
from audit.claims import claim, lock
from audit.context import action
from audit.ids import uuid7
from processes import engine, queries
from processes.actions.instances import begin, step
from processes.actions.locking import OWN, lock_instance, lock_order_of
from processes.actions.throwing import WAITED, mark_delivered, new_message, parked, send_signal
from processes.correlation import keys_within
from processes.engine.correlate import exactness, fits
from processes.engine.timers import Due
from processes.models import Instance, Message, Start, Subscription
from processes.outside import outside
from rulebook.change_control import State

LOOKED_AT = 200
LONGEST_PAUSE = 64  # minutes between two attempts at what nobody takes, or what fails
RUNNING = Instance.Status.RUNNING
GOES_ON = (RUNNING, Instance.Status.ERROR)  # the second once it is repaired


def deliver_message(
    name: str,
    *,
    keys: Mapping[str, Any],
    payload: Mapping[str, Any],
    dedupe_key: str,
    actor: Actor,
    now: datetime,
) -> Message:
    """Take a message in and, where somebody waits for it, let it take effect. Not for use inside another action:
    a receiver that fails must not take the message with it. The same dedupe key is taken once.

    keys: what the message is recognised by. Raises StepFailed: the message is kept, with an incident at its receiver.
    """
    message = receive_message(name, keys=keys, payload=payload, dedupe_key=dedupe_key, actor=actor, now=now)
    apply_message(message.pk, actor=actor, now=now)
    message.refresh_from_db()
    return message


@action
def receive_message(
    name: str,
    *,
    keys: Mapping[str, Any],
    payload: Mapping[str, Any],
    dedupe_key: str,
    actor: Actor,
    now: datetime,
) -> Message:
    """Take a message in; the worker gives it to its receiver. The same dedupe key is taken once."""
    known = Message.objects.filter(dedupe_key=dedupe_key).first()
    if known:
        return known
    message = new_message(name, keys, payload, dedupe_key, now)
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:  # the same message came through another door at the same moment
        return Message.objects.get(dedupe_key=dedupe_key)
    subject = f"processes.message:{message.pk}"
    record("processes.message.received", subject=subject, actor=actor, now=now, data={"name": name})
    return message


@action
def throw_signal(name: str, *, variables: Mapping[str, Any], actor: Actor, now: datetime) -> int:
    """Send a signal to every process that waits for it now; returns how many. Each takes it by itself, later."""
    receivers = send_signal(name, variables, now=now)
    data = {"name": name, "receivers": receivers}
    record("processes.signal.thrown", subject="processes.signal", actor=actor, now=now, data=data)
    return receivers


@action
def apply_message(message_id: int, *, actor: Actor, now: datetime) -> bool:
    """Let a waiting message take effect, once; False where nobody waits for it. Raises StepFailed, NotStarted."""
    message = parked(pk=message_id).select_related("target", "start").first()
    if message is None or message.expires_at <= now:
        return False
    if message.target is not None and not _is_awaited(message):
        _give_up(message, actor, now)
        return False
    if message.target is not None:
        return _hand(message, message.target, engine.SignalArrived(message.name, message.payload), actor, now)
    if message.start is not None:
        return _begin(message, message.start, actor, now)
    waits_for_repair = False
    for subscription in _receivers(message):
        event = engine.MessageArrived(subscription.number, message.payload)
        if _hand(message, subscription.instance, event, actor, now, subscription):
            return True
        waits_for_repair |= subscription.instance.status == Instance.Status.ERROR
    if waits_for_repair:
        return False  # nothing else begins with it
    start = Start.objects.filter(kind="message", name=message.name, ended_at=None).order_by("pk").first()
    return start is not None and _begin(message, start, actor, now)


def _receivers(message: Message) -> Iterator[Subscription]:
    """Who waits for a message: those first that ask for the most, then those that waited longest."""
    waiting = Subscription.objects.filter(kind="message", name=message.name, ended_at=None)
    waiting = waiting.filter(instance__status__in=GOES_ON).select_related("instance").order_by("pk")
    for texts in keys_within(message.keys):
        last = 0
        while some := list(waiting.filter(key__in=texts, pk__gt=last)[:LOOKED_AT]):
            fitting = [one for one in some if fits(one.keys, message.keys, queries.seen_by_subscription(one))]
            yield from sorted(fitting, key=lambda one: (exactness(one.keys), one.pk))
            last = some[-1].pk


def _hand(
    message: Message,
    instance: Instance,
    event: engine.Event,
    actor: Actor,
    now: datetime,
    subscription: Subscription | None = None,
) -> bool:
    order = lock_order_of(instance)
    instance = lock_instance(instance.pk)
    if instance.status != RUNNING:
        return False
    if subscription and not Subscription.objects.filter(pk=subscription.pk, ended_at=None).exists():
        return False
    held = claim(parked(pk=message.pk)).first()
    if held is None:
        return False
    mark_delivered(held, instance, order, actor, now)
    step(instance, event, order, actor, now, held)
    return True


def _begin(message: Message, start: Start, actor: Actor, now: datetime) -> bool:
    held = claim(parked(pk=message.pk)).first()
    if held is None:
        return False
    parked(pk=held.pk).update(delivered_at=now)  # what begins may itself wait for a message of that name: not for this
    instance = begin_at(start, {**message.keys, **message.payload}, actor=actor, now=now)
    mark_delivered(held, instance, None, actor, now)
    return True


def begin_at(start: Start, variables: Mapping[str, Any], *, actor: Actor, now: datetime) -> Instance:
    """A new instance, for no order, at a start event whose message, signal or time has come. Raises NotStarted."""
    version = start.version
    event = engine.Started(dict(variables), at=start.node)
    return begin(version, f"{OWN}run:{uuid7()}", event, order=None, actor=actor, now=now)


@action
def expire_messages(*, actor: Actor, now: datetime, limit: int = 500) -> int:
    """Messages whose receiver did not come in time are over; returns how many."""
    over = list(claim(parked(expires_at__lte=now)).order_by("expires_at")[:limit])
    for message in over:
        _give_up(message, actor, now)
    return len(over)


def _give_up(message: Message, actor: Actor, now: datetime) -> None:
    message.expired_at = now
    message.save(update_fields=["expired_at"])
    subject = f"processes.message:{message.pk}"
    record("processes.message.expired", subject=subject, actor=actor, now=now, data={"name": message.name})


def _is_awaited(copy: Message) -> bool:
    """Whether somebody who waited when a signal was thrown still does: it is not for who came to wait later."""
    waited = copy.keys.get(WAITED)
    return waited is None or Subscription.objects.filter(pk__in=waited, ended_at=None).exists()


@action
def fire_start(start_id: int, *, actor: Actor, now: datetime) -> bool:
    """A timer start event's time has come: an instance begins; a cycle goes on at its next time from now on."""
    start = claim(Start.objects.filter(pk=start_id, ended_at=None, due_at__lte=now)).select_related("version").first()
    if start is None or start.version.state != State.IN_FORCE:
        return False
    _wind(start, now)
    begin_at(start, {}, actor=actor, now=now)
    return True


@action
def note_failed_start(start_id: int, *, cause: str, actor: Actor, now: datetime) -> None:
    """No instance could begin at a start event: kept with its cause, shown among what waits, and tried again later."""
    start = lock(Start.objects.filter(pk=start_id)).select_related("version__model").get()
    start.leased_until = now + timedelta(minutes=min(2**start.attempts, LONGEST_PAUSE))
    start.attempts, start.last_error = start.attempts + 1, cause[:500]
    start.save(update_fields=["leased_until", "attempts", "last_error"])
    data = {"model": start.version.model.key, "version": start.version.number, "node": start.node, "cause": cause[:500]}
    record("processes.start.failed", subject=f"processes.start:{start.pk}", actor=actor, now=now, data=data)


def _wind(start: Start, now: datetime) -> None:
    """Set the next time of a cycle, or end it; times that passed while nobody looked are passed over."""
    timer = queries.graph(start.version_id).nodes[start.node].timer
    again = None
    if start.left and start.due_at is not None:
        again = timer.next_after(Due(start.due_at, start.left, start.every), now, outside(now).due)
    if again is None:
        start.ended_at = now
    else:
        start.due_at, start.left = again.at, again.left
    start.attempts, start.last_error = 0, ""
    start.save(update_fields=["due_at", "left", "ended_at", "attempts", "last_error"])
