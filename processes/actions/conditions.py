"""Conditions that begin processes: they are looked at whenever somebody tells what is so now."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.context import action
from processes import queries
from processes.actions.throwing import begin_later
from processes.models import Start
from processes.outside import outside

log = logging.getLogger(__name__)


@action
def tell(variables: Mapping[str, Any], *, actor: Actor, now: datetime) -> int:
    """Tell the start events that wait for a condition what is so now; returns how many instances will begin.

    One begins, by the worker and with these variables, where the condition turns true: not again before it was untrue.
    """
    begun = 0
    for start in lock(Start.objects.filter(kind="conditional", ended_at=None)).order_by("pk"):
        held, start.holds = start.holds, _holds(start, variables, now)
        if start.holds == held:
            continue
        start.save(update_fields=["holds"])
        if start.holds:
            message = begin_later(start, variables, now)
            data = {"node": start.node, "message": message.pk}
            subject = f"processes.start:{start.pk}"
            record("processes.condition.met", subject=subject, actor=actor, now=now, data=data)
            begun += 1
    return begun


def _holds(start: Start, variables: Mapping[str, Any], now: datetime) -> bool:
    event = queries.graph(start.version_id).nodes[start.node].event
    try:
        return event is not None and outside(now).evaluate(event.condition, variables, now) is True
    except Exception:  # a condition that these variables do not answer is not met
        log.exception("the condition of %s of version %s failed", start.node, start.version_id)
        return False
