"""`manage.py rules check | decide | eval …`: decision tables and expressions on the command line."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from rulebook.management.verbs import VERBS
from rulebook.management.verbs.input import BadInput


class Command(BaseCommand):
    help = "Check decision tables and evaluate expressions."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        for word, verb in VERBS.items():
            one = words.add_parser(word, help=verb.HELP)
            one.add_argument("--json", action="store_true", help="print JSON and nothing else")
            verb.add_arguments(one)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            status = VERBS[options["verb"]].run(options, self.stdout.write)
        except BadInput as refused:
            for line in refused.lines:
                self.stderr.write(line)
            status = 2
        if status:
            sys.exit(status)
