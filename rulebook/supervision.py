"""What is supervisory: somebody of compliance has to approve its versions (seed decision 22)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.authority import roles
from audit.reactions import wiring
from rulebook.models import Table


def is_of_compliance(user: Any) -> bool:
    """Whether somebody may approve what is supervisory."""
    return bool(user is not None and roles(user) & frozenset(wiring().COMPLIANCE))


def is_supervised_table(table: Table) -> bool:
    """Tables that say who signs."""
    return table.kind in wiring().SUPERVISED["tables"]


def is_supervised_model(key: str) -> bool:
    """Decision models that compliance answers for."""
    return key in wiring().SUPERVISED["models"]


def asks_supervised(keys: Iterable[str]) -> bool:
    """Whether a supervisory table or model is among those keys. At most one statement."""
    asked = set(keys)
    if any(map(is_supervised_model, asked)):
        return True
    return bool(asked) and Table.objects.filter(key__in=asked, kind__in=wiring().SUPERVISED["tables"]).exists()
