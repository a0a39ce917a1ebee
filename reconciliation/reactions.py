"""What reconciliation does when something happened."""

from __future__ import annotations

from audit.actors import Actor
from audit.models import Entry
from reconciliation import actions

ACTOR = Actor.system("reconciliation")


def open_order(entry: Entry) -> None:
    """A break was found: open the order in which it is worked, once."""
    actions.open_order(entry.subject.rpartition(":")[2], actor=ACTOR, now=entry.happened_at)
