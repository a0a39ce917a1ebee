"""`manage.py demo VERB …`: build the demo firm with its history, and serve it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from audit.management.input import number, whole_number
from audit.management.one_line import OneLineCommand
from demo.building import BuildRefused, Wanted, build
from demo.serving import ServeRefused, serve


class Command(OneLineCommand):
    """Build the demo firm with two months of history, or serve it."""

    help = __doc__
    # The build migrates first, and checks what it built at its end.
    requires_system_checks: list[str] = []
    refusals = (BuildRefused, ServeRefused)

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-parser for each verb."""
        verbs = self.verbs(parser)
        building = verbs.add_parser("build", help="build the demo's data, unless it stands already")
        building.add_argument(
            "--seed", type=whole_number(0, 2**32), help="another made-up history (default: the one of generated.yaml)"
        )
        building.add_argument("--months", type=number(24), default=2.0, metavar="N", help="length of the history")
        building.add_argument(
            "--orders-share", type=number(10), default=1.0, metavar="SHARE", help="share of the orders; small for tests"
        )
        building.add_argument("--force", action="store_true", help="build again even if the demo stands")
        serving = verbs.add_parser("serve", help="web server, worker and custodians in the foreground")
        serving.add_argument("--port", type=whole_number(1, 65535), default=8000)

    def answer(self, options: dict[str, Any]) -> int:
        """Run the verb."""
        return self._build(options) if options["verb"] == "build" else serve(options["port"], self.stdout.write)

    def _build(self, options: dict[str, Any]) -> int:
        wanted = Wanted(seed=options["seed"], months=options["months"], share=options["orders_share"])
        return build(wanted, until=timezone.now(), force=options["force"], tell=self._tell)

    def _tell(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()
