"""Setting up queues."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Branch, Team
from audit.actions import record, save
from audit.actors import Actor
from audit.context import action
from work.models import Queue


@action
def open_queue(
    *, code: str, name: dict, team: Team, branch: Branch, role: str = "", actor: Actor, now: datetime
) -> Queue:
    """Open a queue of a team; `role`: it holds the approval tiers of that role."""
    queue = Queue(code=code, name=name, team=team, branch=branch, role=role)
    queue.full_clean()
    save(queue, actor=actor, now=now)
    record("work.queue.opened", subject=f"work.queue:{queue.pk}", actor=actor, now=now, after={"code": code})
    return queue
