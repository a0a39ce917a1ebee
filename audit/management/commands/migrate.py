"""`migrate` as Django's own, on a ledger whose triggers may be older than the code."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from audit import triggers


class Command(migrate.Command):
    """Migrate. The check that misses a trigger would not let the very command start that installs it."""

    def check(self, *args: Any, **options: Any) -> None:
        """Install what is missing where the ledger is there already, then run the checks."""
        for using in options.get("databases") or ():
            triggers.install(using)
        super().check(*args, **options)
