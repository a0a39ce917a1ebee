"""`manage.py orders VERB …`: orders from files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from audit.management.input import whole_number
from audit.management.one_line import OneLineCommand
from orders.importing import ImportRefused, import_orders
from orders.replay import ReplayRefused, read_plans, replay
from orders.replay_log import BadLog


class Command(OneLineCommand):
    """Import orders from a file, or replay a recorded log of applications."""

    help = __doc__
    refusals = (BadLog, ImportRefused, ReplayRefused)

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-parser for each verb."""
        verbs = self.verbs(parser)
        importing = verbs.add_parser("import", help="create an order for each row of a file")
        importing.add_argument("file", metavar="FILE", type=Path, help="a .csv (UTF-8) or .xlsx file with a header row")
        importing.add_argument("--product", required=True, metavar="CODE")
        importing.add_argument("--dry-run", action="store_true", help="check the rows and create nothing")
        importing.add_argument("--keep-good", action="store_true", help="create the good rows although others are bad")
        importing.add_argument("--json", action="store_true")
        replaying = verbs.add_parser("replay-log", help="drive recorded applications through the real actions")
        replaying.add_argument("events", metavar="EVENTS", type=Path, help="a .csv or .csv.gz file")
        replaying.add_argument("--applications", required=True, metavar="FILE", type=Path)
        replaying.add_argument(
            "--limit", type=whole_number(1, 10**7), metavar="N", help="only the first N applications"
        )
        replaying.add_argument("--json", action="store_true")

    def answer(self, options: dict[str, Any]) -> int:
        """Run the verb."""
        verbs: dict[str, Callable[[dict[str, Any]], int]] = {"import": self._import, "replay-log": self._replay}
        return verbs[options["verb"]](options)

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
            self.refuse(f"{options['file']}:{bad[0].row}: {bad[0].error} ({len(bad)} of {len(rows)} rows)")
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
