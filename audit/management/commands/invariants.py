"""`manage.py invariants [--json]`: everything that must always hold, checked by SQL and re-hashing."""

import json
import sys
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from audit.invariants import Checked, check_all


class Command(BaseCommand):
    help = "Check what must always hold; exit status 1 when something does not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            results = check_all()
        except DatabaseError as error:
            self.stderr.write(f"database: {str(error).splitlines()[0]}")
            sys.exit(2)
        report = _report(results)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._tell(report)
        if not report["ok"]:
            sys.exit(1)

    def _tell(self, report: dict[str, Any]) -> None:
        for name, rows in report["checked"].items():
            self.stdout.write(f"{name:<4} {rows} rows")
        for violation in report["violations"]:
            self.stdout.write(f"{violation['id']}: {violation['what']}: {', '.join(violation['rows'])}")
        self.stdout.write("All of it holds." if report["ok"] else "Not all of it holds.")


def _report(results: list[Checked]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for result in results:
        counts[result.id] += result.count
    violations = [asdict(violation) for result in results for violation in result.violations]
    ordered = sorted(counts, key=lambda name: int(name[1:]))
    return {"ok": not violations, "checked": {name: counts[name] for name in ordered}, "violations": violations}
