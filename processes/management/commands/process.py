"""`manage.py process VERB …`: the table of verbs; each lives in `processes/commands/`."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from processes.commands import check, run, svg
from processes.commands.refusals import CallRefused

VERBS = {"check": check, "run": run, "svg": svg}


class OneLineParser(CommandParser):
    """Says in one line what is wrong with a call."""

    def error(self, message: str) -> NoReturn:
        """Exit status 2."""
        self.exit(2, f"{self.prog}: {message}\n")


class Command(BaseCommand):
    """Check, run and draw process models."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-parser for each verb."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=OneLineParser)
        for name, module in VERBS.items():
            module.add_arguments(verbs.add_parser(name, help=module.__doc__))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb; a refused call is one line on standard error and exit status 2."""
        try:
            status = VERBS[options["verb"]].run(options, self.stdout)
        except CallRefused as refusal:
            self.stderr.write(str(refusal), self.style.NOTICE)
            status = 2
        if status:
            sys.exit(status)
