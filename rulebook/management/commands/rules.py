"""`manage.py rules check | decide | eval | replay | run …`: tables, models and expressions on the command line."""

from typing import Any

from django.core.management.base import CommandParser

from audit.management.one_line import OneLineCommand
from rulebook.management.verbs import VERBS


class Command(OneLineCommand):
    help = "Check decision tables, make decisions and evaluate expressions."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        words = self.verbs(parser)
        for word, verb in VERBS.items():
            one = words.add_parser(word, help=verb.HELP)
            one.add_argument("--json", action="store_true", help="print JSON and nothing else")
            verb.add_arguments(one)

    def answer(self, options: dict[str, Any]) -> int:
        return VERBS[options["verb"]].run(options, self.stdout.write)
