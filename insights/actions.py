"""What is put on record when somebody takes a report away."""

from __future__ import annotations

from datetime import date, datetime

from audit.actions import record
from audit.actors import Actor
from audit.context import action
from audit.refusals import NotAllowed
from insights.procedures import expect_reader


@action
def take_procedures(*, on: date, language: str, digest: str, actor: Actor, now: datetime) -> None:
    """Put on record that a person took the written procedures of a day as a file.

    digest: SHA-256 of the file, so that a copy shown later can be told from a forged one.
    Raises NotAllowed for who may not read them.
    """
    if actor.user is None:
        raise NotAllowed("Expected a person, but a machine asked.")
    expect_reader(actor.user)
    data = {"on": on.isoformat(), "language": language, "sha256": digest}
    subject = f"insights.procedures:{on.isoformat()}"
    record("insights.procedures.taken", subject=subject, actor=actor, now=now, data=data)
