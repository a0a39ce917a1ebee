"""`bench NAME|all [--size N] [--json]`: measure the product in scratch databases."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from audit.management.input import whole_number
from audit.management.one_line import OneLineCommand
from insights.bench import engine_step, order_journey, queue_page, rules_decide, sla_arithmetic, sla_sweep
from insights.bench.results import Result

BENCHES: dict[str, Callable[[int | None], Result]] = {
    "engine-step": engine_step.run,
    "order-journey": order_journey.run,
    "queue-page": queue_page.run,
    "rules-decide": rules_decide.run,
    "sla-arithmetic": sla_arithmetic.run,
    "sla-sweep": sla_sweep.run,
}


class Command(OneLineCommand):
    help = "Measure the product: " + ", ".join(BENCHES) + ", or all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=[*BENCHES, "all"])
        parser.add_argument(
            "--size", type=whole_number(10, 1_000_000), help="how many orders, instances, cases or open items"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def answer(self, options: dict[str, Any]) -> int:
        for name in BENCHES if options["name"] == "all" else [options["name"]]:
            self.stderr.write(f"{name} …")
            result = BENCHES[name](options["size"])
            self.stdout.write(json.dumps(result.as_json()) if options["as_json"] else _words(result))
        return 0


def _words(result: Result) -> str:
    against = f" = {result.ratio} × {result.limit_what} ({result.limit:.1f})" if result.limit else ""
    if result.peer:
        against = f", {result.ratio} times as fast as {result.peer.name} {result.peer.version}"
    lines = [f"{result.name}: {result.ours:.4g} {result.unit} at {result.size:,}{against}"]
    return "\n".join([*lines, *(f"  {run.what} ({run.size:,}): {run.median:g}" for run in result.runs)])
