"""`manage.py audit verify [--since DATE] [--json]`: recompute the sealed ledger."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from audit import seals

HELP = "Recompute the sealed ledger; exit status 1 when something does not verify."


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own arguments."""
    parser.add_argument("--since", type=instant, help="only seals made since a date or time (UTC)")


def instant(text: str) -> datetime:
    """A date or time, in UTC when it names no offset."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"expected a date such as 2026-11-22, but got {text!r}") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def run(options: dict[str, Any], write: Callable[[str], Any]) -> int:
    """Verify and report; returns the exit status."""
    verdict = seals.verify(options["since"])
    if options["json"]:
        write(json.dumps(verdict.as_json()))
    elif verdict.first_bad is None:
        write(f"{verdict.entries} entries under {verdict.checkpoints} seals verify.")
    else:
        bad = verdict.first_bad
        write(f"Does not verify: {bad.what} {bad.id}: {bad.why}.")
    return 0 if verdict.ok else 1
