"""`manage.py audit verify [--since DATE] [--json]`: recompute the sealed ledger."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from audit import seals
from audit.management.input import instant
from audit.management.one_line import CallRefused

HELP = "Recompute the sealed ledger; exit status 1 when something does not verify."


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own arguments."""
    parser.add_argument("--since", type=instant, help="only seals made since a date or time (UTC)")


def run(options: dict[str, Any], write: Callable[[str], Any]) -> int:
    """Verify and report; returns the exit status. Raises CallRefused: nothing is sealed in the future."""
    since = options["since"]
    if since is not None and since > timezone.now():
        raise CallRefused("--since", f"Expected a date not after today, but got {since:%Y-%m-%d}.")
    verdict = seals.verify(since)
    if options["json"]:
        write(json.dumps(verdict.as_json()))
    elif verdict.first_bad is None:
        write(f"{verdict.entries} entries under {verdict.checkpoints} seals verify.")
    else:
        bad = verdict.first_bad
        write(f"Does not verify: {bad.what} {bad.id}: {bad.why}.")
    return 0 if verdict.ok else 1
