"""Reactions of the tests, named by their wiring."""

from __future__ import annotations

from uuid import UUID

from audit.actions import record
from audit.actors import Actor
from audit.models import Entry

DONE: list[UUID] = []
ACTOR = Actor.system("tests")


def note(entry: Entry) -> None:
    """Remember the entry."""
    DONE.append(entry.public_id)


def fail(entry: Entry) -> None:
    """Never works."""
    raise ValueError("the other side is down")


def again(entry: Entry) -> None:
    """Follows from itself, without end."""
    record(entry.fact, subject=entry.subject, actor=ACTOR, now=entry.happened_at)


def follow(entry: Entry) -> None:
    """Another fact follows at once."""
    record("tests.thing.followed", subject=entry.subject, actor=ACTOR, now=entry.happened_at)


def write_and_fail(entry: Entry) -> None:
    """Writes, then does not work."""
    record("tests.thing.followed", subject=entry.subject, actor=ACTOR, now=entry.happened_at)
    raise ValueError("half-way")
