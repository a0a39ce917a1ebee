"""`bench NAME|all [--size N] [--json]`: measure the product in scratch databases."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from insights.bench import order_journey, queue_page, sla_sweep
from insights.bench.results import Result

BENCHES: dict[str, Callable[[int | None], Result]] = {
    "order-journey": order_journey.run,
    "queue-page": queue_page.run,
    "sla-sweep": sla_sweep.run,
}


class Command(BaseCommand):
    help = "Measure the product: " + ", ".join(BENCHES) + ", or all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=[*BENCHES, "all"])
        parser.add_argument("--size", type=int, default=None, help="how many orders or open items")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        size = options["size"]
        if size is not None and size < 10:
            raise CommandError(f"size: expected at least 10, but got {size}.", returncode=2)
        for name in BENCHES if options["name"] == "all" else [options["name"]]:
            self.stderr.write(f"{name} …")
            result = BENCHES[name](size)
            self.stdout.write(json.dumps(result.as_json()) if options["as_json"] else _words(result))


def _words(result: Result) -> str:
    against = f" = {result.ratio} × {result.limit_what} ({result.limit:.1f})" if result.limit else ""
    return f"{result.name}: {result.ours:.1f} {result.unit} at {result.size:,}{against}"
