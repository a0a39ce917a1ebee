"""What a step leaves behind: rows of timers and subscriptions, and an entry from which the step can be taken again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from audit.actions import record
from audit.actors import Actor
from audit.statements import execute
from audit.writing import as_parameter, insert
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
        _end(Timer, instance, called_off, now)
    if over:
        _end(Subscription, instance, over, now)


def _end(waiting: type[Model], instance: Instance, numbers: Sequence[int], now: datetime) -> None:
    """Those numbers of the instance wait no longer."""
    here = connections[DEFAULT_DB_ALIAS]
    execute(_ending(waiting, len(numbers)), [as_parameter(now, here), instance.pk, *numbers], here)


@cache
def _ending(waiting: type[Model], count: int) -> str:
    table, places = waiting._meta.db_table, ", ".join(["%s"] * count)
    still = f"instance_id = %s AND ended_at IS NULL AND number IN ({places})"
    return f"UPDATE {table} SET ended_at = %s WHERE {still}"  # noqa: S608 - our own names


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
    """Put a step on record with its event, the due times that it resolved, the elements that it let pass, and for each
    table or model that decided its version and the rows that counted."""
    parts = {one.name: getattr(event, one.name) for one in fields(event)}
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
    decided = [{"node": each.node, **each.reasons} for each in effects if isinstance(each, engine.Decided)]
    if decided:
        data["decided"] = decided
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
