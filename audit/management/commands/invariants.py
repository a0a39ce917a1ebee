"""`manage.py invariants [--json]`: everything that must always hold, checked by SQL and re-hashing."""

import json
from typing import Any

from django.core.management.base import CommandParser

from audit.invariants import check_all
from audit.invariants import report as report_of
from audit.management.one_line import OneLineCommand


class Command(OneLineCommand):
    help = "Check what must always hold; exit status 1 when something does not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    def answer(self, options: dict[str, Any]) -> int:
        report = report_of(check_all())
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._tell(report)
        return 0 if report["ok"] else 1

    def _tell(self, report: dict[str, Any]) -> None:
        for name, rows in report["checked"].items():
            self.stdout.write(f"{name:<4} {rows} rows")
        for violation in report["violations"]:
            self.stdout.write(f"{violation['id']}: {violation['what']}: {', '.join(violation['rows'])}")
        self.stdout.write("All of it holds." if report["ok"] else "Not all of it holds.")
