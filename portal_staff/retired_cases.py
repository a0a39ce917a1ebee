"""Acceptance cases that were retired since the version in force was approved: who approves the next one sees them.

A case that a version cannot repeat holds it up, and retiring the case lets it pass: it belongs to what is approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from audit.models import Entry
from portal_staff.activity import who
from portal_staff.change_control import WAITING
from rulebook.change_control import ControlledVersion, State

MOST_SHOWN = 50


def retired_cases(version: ControlledVersion, others: Any, subject: str, fact: str) -> list[dict[str, Any]]:
    """Name, who, when and why of each, the last first; none once it governs. Three statements at most.

    others: the versions of the same thing. subject, fact: under which the ledger has it.
    """
    if version.state not in WAITING:
        return []
    since = _since(version, others)
    about = Entry.objects.filter(subject=subject, fact=fact, happened_at__gte=since)
    entries = list(about.order_by("-id")[:MOST_SHOWN])
    keys = [entry.actor.partition(":")[2] for entry in entries if entry.actor.startswith("user:")]
    people = User.objects.filter(pk__in=keys) if keys else ()
    names = {f"user:{person.pk}": person.display_name for person in people}
    return [_line(entry, names) for entry in entries]


def _line(entry: Entry, names: Mapping[str, str]) -> dict[str, Any]:
    name = (entry.before or {}).get("name", "")
    return {"name": name, "by": who(entry, names), "at": entry.happened_at, "why": entry.reason}


def _since(version: ControlledVersion, others: Any) -> datetime:
    """When somebody last looked at the cases: as the version in force was approved; of a first one, its beginning."""
    governing = others.filter(state=State.IN_FORCE).values_list("approved_at", "in_force_at").first()
    return next((at for at in governing or () if at), version.created_at)
