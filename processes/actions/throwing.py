"""Messages and signals of the processes themselves: what one throws is on its way when its step is committed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from audit.actions import record
from audit.actors import Actor
from audit.claims import claim
from audit.ids import uuid7
from processes import engine, queries
from processes.correlation import key_of
from processes.engine.correlate import fits, seen_at
from processes.models import Instance, Message, Start, Subscription

WAITED = "subscriptions"  # in the keys of a signal's copy: who of its target waited when it was thrown


def parked(**about: Any) -> QuerySet[Message]:
    """Messages that wait for their receiver."""
    return Message.objects.filter(delivered_at=None, expired_at=None, **about)


def new_message(
    name: str, keys: Mapping[str, Any], payload: Mapping[str, Any], dedupe_key: str, now: datetime
) -> Message:
    """A message (not saved) that waits as long as is configured."""
    return Message(
        kind=Message.Kind.MESSAGE,
        name=name,
        keys=dict(keys),
        key=key_of(keys),
        payload=dict(payload),
        dedupe_key=dedupe_key,
        received_at=now,
        expires_at=now + timedelta(days=settings.MESSAGE_WAITS_DAYS),
        next_attempt_at=now,
    )


def throw_message(instance: Instance, effect: engine.ThrowMessage, order: Any, actor: Actor, now: datetime) -> None:
    """A process throws a message: the worker finds who waits for it."""
    message = new_message(effect.name, effect.keys, effect.variables, f"thrown:{uuid7()}", now)
    message.save()
    record(
        "processes.message.thrown",
        subject=instance.ledger_subject,
        order=order,
        actor=actor,
        now=now,
        data={"name": effect.name, "node": effect.node, "message": message.pk},
    )


def throw_signal(
    instance: Instance, effect: engine.ThrowSignal, order: Any, actor: Actor, now: datetime
) -> tuple[int, ...]:
    """A process throws a signal; returns those of its own family that wait for it: they take it at once, in its step,
    as an event at a call would come too late after the called process has ended."""
    waiting = Subscription.objects.filter(kind="signal", name=effect.name, ended_at=None)
    family = waiting.filter(instance__in=queries.family(instance)).exclude(instance=instance)
    relatives = tuple(sorted(set(family.values_list("instance", flat=True))))
    others = send_signal(effect.name, effect.variables, besides=(instance.pk, *relatives), now=now)
    data = {"name": effect.name, "node": effect.node, "receivers": others + len(relatives)}
    subject = instance.ledger_subject
    record("processes.signal.thrown", subject=subject, order=order, actor=actor, now=now, data=data)
    return relatives


def send_signal(name: str, variables: Mapping[str, Any], *, besides: Collection[int] = (), now: datetime) -> int:
    """Write a copy for everyone that waits for a signal now; each takes effect by itself, so that one that fails holds
    up no other. besides: instances that get none. Returns how many."""
    waiting = Subscription.objects.filter(kind="signal", name=name, ended_at=None).exclude(instance__in=besides)
    targets: dict[int, list[int]] = {}
    for key, subscription in waiting.order_by("pk").values_list("instance", "pk"):
        targets.setdefault(key, []).append(subscription)
    starts = list(Start.objects.filter(kind="signal", name=name, ended_at=None).values_list("pk", flat=True))
    signal = uuid7()
    copies = [
        _copy(name, variables, f"signal:{signal}:{key}", now, target_id=key, keys={WAITED: subscriptions})
        for key, subscriptions in targets.items()
    ]
    copies += [_copy(name, variables, f"signal:{signal}:start:{key}", now, start_id=key) for key in starts]
    Message.objects.bulk_create(copies)
    return len(copies)


def begin_later(start: Start, variables: Mapping[str, Any], now: datetime) -> Message:
    """A copy for one start event alone: the worker begins its instance, so that one that fails holds up nothing."""
    copy = _copy(start.node, variables, f"start:{uuid7()}", now, start_id=start.pk)
    copy.save()
    return copy


def _copy(name: str, variables: Mapping[str, Any], dedupe_key: str, now: datetime, **about: Any) -> Message:
    copy = new_message(name, {}, variables, dedupe_key, now)
    copy.kind = Message.Kind.SIGNAL
    for field, value in about.items():
        setattr(copy, field, value)
    return copy


def claim_parked(
    instance: Instance, effect: engine.Subscribe, order: Any, actor: Actor, now: datetime
) -> Message | None:
    """The oldest message that came before its subscription, taken for it."""
    early = parked(kind=Message.Kind.MESSAGE, name=effect.name, expires_at__gt=now).order_by("received_at", "pk")
    exact = Q(key=key_of(effect.keys))
    seen = seen_at(queries.graph(instance.version_id), instance.state, effect.subscription)
    for some in (early.filter(exact), early.exclude(exact)):
        for key, keys in some.values_list("pk", "keys").iterator():
            message = claim(parked(pk=key)).first() if fits(effect.keys, keys, seen) else None
            if message is not None:
                mark_delivered(message, instance, order, actor, now)
                return message
    return None


def mark_delivered(message: Message, instance: Instance, order: Any, actor: Actor, now: datetime) -> None:
    """A (locked) message has its receiver."""
    message.delivered_at, message.delivered_to, message.last_error = now, instance, ""
    message.save(update_fields=["delivered_at", "delivered_to", "last_error"])
    record(
        "processes.message.delivered",
        subject=f"processes.message:{message.pk}",
        order=order,
        actor=actor,
        now=now,
        data={"name": message.name, "instance": instance.pk, "kind": message.kind},
    )
