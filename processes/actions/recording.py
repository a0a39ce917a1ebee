"""What a step leaves behind: rows of timers and subscriptions, and an entry from which the step can be taken again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from audit.actions import record
from audit.actors import Actor
from audit.prepared import insert
from processes import engine
from processes.correlation import key_of
from processes.models import Instance, Subscription, Timer

PERSONAL = ("variables", "message")  # parts of an event that may tell of a person
MOVED_STATE = "moved_state"  # where an instance stands after a move, with all its variables


def keep_waiting(effects: Sequence[Any], instance: Instance, now: datetime) -> None:
    """Set and end the timers and subscriptions of a step: at most one statement for each of the four."""
    timers = [
        Timer(instance=instance, number=effect.timer, node=effect.node, due_at=effect.due)
        for effect in effects
        if isinstance(effect, engine.SetTimer)
    ]
    opened = [_subscription(effect, instance, now) for effect in effects if isinstance(effect, engine.Subscribe)]
    called_off = [effect.timer for effect in effects if isinstance(effect, engine.CancelTimer)]
    over = [effect.subscription for effect in effects if isinstance(effect, engine.Unsubscribe)]
    insert(timers)
    insert(opened)
    if called_off:
        instance.timers.filter(number__in=called_off, ended_at=None).update(ended_at=now)
    if over:
        instance.subscriptions.filter(number__in=over, ended_at=None).update(ended_at=now)


def _subscription(effect: engine.Subscribe, instance: Instance, now: datetime) -> Subscription:
    return Subscription(
        instance=instance,
        number=effect.subscription,
        node=effect.node,
        kind=effect.kind,
        name=effect.name,
        keys=dict(effect.keys),
        key=key_of(effect.keys) if effect.kind == "message" else "",
        opened_at=now,
    )


def record_step(
    instance: Instance,
    event: engine.Event,
    effects: Sequence[Any],
    held: Sequence[str],
    order: Any,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """Put a step on record with its event, the due times that it resolved and the elements that it let pass."""
    parts = asdict(event)
    personal = {name: parts.pop(name) for name in PERSONAL if parts.get(name)}
    data: dict[str, Any] = {
        "event": type(event).__name__,
        "of": {name: value for name, value in parts.items() if value and name not in PERSONAL},
        "entered": [effect.node for effect in effects if isinstance(effect, engine.Entered)],
        "left": [effect.node for effect in effects if isinstance(effect, engine.Left)],
        "timers": {str(e.timer): e.due for e in effects if isinstance(e, engine.SetTimer)},
    }
    called_off = [effect.node for effect in effects if isinstance(effect, engine.Left) and effect.called_off]
    if called_off:
        data["called_off"] = called_off
    if held:
        data["held"] = sorted(held)
    unheard = [effect.code for effect in effects if isinstance(effect, engine.Escalated)]
    if unheard:
        data["escalated"] = unheard
    if personal and order is None:
        data["payload"] = personal
    record(
        "processes.instance.advanced",
        subject=instance.ledger_subject,
        order=order,
        actor=actor,
        now=now,
        reason=reason,
        data=data,
        person=order.client.person_key if personal and order is not None else "",
        personal=personal if personal and order is not None else None,
    )


def event_of(kind: str, parts: Mapping[str, Any]) -> engine.Event:
    """An event from its name and its parts."""
    return getattr(engine, kind)(**parts)
