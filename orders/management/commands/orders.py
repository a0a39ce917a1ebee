"""`manage.py orders VERB …`: orders from files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from orders.importing import ImportRefused, import_orders
from orders.replay import ReplayRefused, read_plans, replay
from orders.replay_log import BadLog


class Command(BaseCommand):
    """Import orders from a file, or replay a recorded log of applications."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-parser for each verb."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        importing = verbs.add_parser("import", help="create an order for each row of a file")
        importing.add_argument("file", metavar="FILE", type=Path, help="a .csv (UTF-8) or .xlsx file with a header row")
        importing.add_argument("--product", required=True, metavar="CODE")
        importing.add_argument("--dry-run", action="store_true", help="check the rows and create nothing")
        importing.add_argument("--keep-good", action="store_true", help="create the good rows although others are bad")
        importing.add_argument("--json", action="store_true")
        replaying = verbs.add_parser("replay-log", help="drive recorded applications through the real actions")
        replaying.add_argument("events", metavar="EVENTS", type=Path, help="a .csv or .csv.gz file")
        replaying.add_argument("--applications", required=True, metavar="FILE", type=Path)
        replaying.add_argument("--limit", type=_at_least_one, metavar="N", help="only the first N applications")
        replaying.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb; a refused call is one line on standard error and exit status 2."""
        verbs: dict[str, Callable[[dict[str, Any]], int]] = {"import": self._import, "replay-log": self._replay}
        try:
            status = verbs[options["verb"]](options)
        except (BadLog, ImportRefused, ReplayRefused) as refused:
            self.stderr.write(str(refused), self.style.NOTICE)
            status = 2
        if status:
            sys.exit(status)

    def _import(self, options: dict[str, Any]) -> int:
        rows = import_orders(
            options["file"],
            product_code=options["product"],
            dry_run=options["dry_run"],
            keep_good=options["keep_good"],
            now=timezone.now(),
        )
        for row in rows:
            self.stdout.write(json.dumps(row.as_json(), ensure_ascii=False) if options["json"] else str(row))
        bad = [row for row in rows if row.error]
        if bad:
            self.stderr.write(f"{options['file']}:{bad[0].row}: {bad[0].error} ({len(bad)} of {len(rows)} rows)")
        return 2 if bad and not options["keep_good"] else 0

    def _replay(self, options: dict[str, Any]) -> int:
        plans = read_plans(options["events"], options["applications"], options["limit"])
        result = replay(plans, tell=self.stderr.write)
        tally = result.tally
        for number, reasons in tally.unmatched.items():
            self.stderr.write(f"application {number}: {'; '.join(reasons)}")
        report = {
            "applications": tally.applications,
            "closed": tally.closed,
            "true_outcome": tally.true_outcome,
            "work_items": tally.work_items,
            "work_items_matched": tally.work_items_matched,
            "moves_refused": dict(tally.moves_refused),
            "seconds": round(result.seconds, 2),
            "actions_per_second": round(result.actions / result.seconds, 1) if result.seconds else 0.0,
        }
        lines = [json.dumps(report)] if options["json"] else [f"{name}: {value}" for name, value in report.items()]
        self.stdout.write("\n".join(lines))
        return 0


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("at least 1")
    return number
