"""The nightly check of what must always hold: its result is a fact, so that nobody can say that it was not run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit.actions import record
from audit.actors import Actor
from audit.context import action
from audit.invariants import check_all, report

CHECKED = "audit.invariants.checked"
MOST_TOLD = 50  # violations of one night


def check(now: datetime) -> bool:
    """Check all of it and keep the result."""
    found = report(check_all())
    _keep(found, now)
    return found["ok"]


@action
def _keep(found: dict[str, Any], now: datetime) -> None:
    kept = {**found, "violations": found["violations"][:MOST_TOLD]}
    record(CHECKED, subject="audit.invariants:all", actor=Actor.system("nightly check"), now=now, data=kept)
