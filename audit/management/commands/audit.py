"""`manage.py audit verify …`: the ledger on the command line."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from audit.management.verbs import VERBS


class Command(BaseCommand):
    help = "Verify the ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        for word, verb in VERBS.items():
            one = words.add_parser(word, help=verb.HELP)
            one.add_argument("--json", action="store_true", help="print JSON and nothing else")
            verb.add_arguments(one)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            status = VERBS[options["verb"]].run(options, self.stdout.write)
        except DatabaseError as error:
            self.stderr.write(f"database: {str(error).splitlines()[0]}")
            status = 2
        if status:
            sys.exit(status)
