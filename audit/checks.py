"""System checks of the ledger: the triggers are there."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connections

from audit import triggers


@register(Tags.database)
def ledger_is_append_only(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[Error]:
    """Every trigger that keeps the ledger append-only is installed (runs with `check --database default`)."""
    found = []
    for using in databases or []:
        if "audit_entry" not in connections[using].introspection.table_names():
            continue
        found += [
            Error(f"The ledger's trigger {name} is missing.", hint="Run manage.py migrate.", id="audit.E001")
            for name in triggers.missing(using)
        ]
    return found
