"""`manage.py process VERB …`: the table of verbs; each lives in `processes/commands/`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from audit.management.one_line import OneLineCommand
from processes.commands import check, migrate, publish, run, svg, waiting

VERBS = {
    "check": check,
    "run": run,
    "svg": svg,
    "publish": publish,
    "migrate": migrate,
    "waiting": waiting,
}


class Command(OneLineCommand):
    """Check, run, draw, publish and migrate process models, and say what waits."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-parser for each verb."""
        verbs = self.verbs(parser)
        for name, module in VERBS.items():
            module.add_arguments(verbs.add_parser(name, help=module.__doc__))

    def answer(self, options: dict[str, Any]) -> int:
        """Run the verb."""
        return VERBS[options["verb"]].run(options, self.stdout)
