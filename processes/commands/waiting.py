"""`process waiting [--key K] [--json]`: everything that waits and for what."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TextIO

from audit.canonical import plain
from audit.management.one_line import CallRefused
from processes.models import ProcessModel
from processes.waiting import Waits, everything


def add_arguments(parser: ArgumentParser) -> None:
    """Which process, and the form of the answer."""
    parser.add_argument("--key", metavar="K", help="only instances of this process")
    parser.add_argument("--json", action="store_true", help="one JSON line for each thing that is waited for")


def run(options: Mapping[str, Any], stdout: TextIO) -> int:
    """One line for each thing that is waited for; 1 where an incident needs a person. Raises CallRefused."""
    stuck, key = False, options["key"]
    if key is not None and not ProcessModel.objects.filter(key=key).exists():
        raise CallRefused("--key", f'Expected the key of a process, but there is no "{key}".')
    for one in everything(key or ""):
        stuck = stuck or (one.what == "incident" and one.due is None)
        stdout.write((json.dumps(plain(asdict(one)), ensure_ascii=False) if options["json"] else _line(one)) + "\n")
    return 1 if stuck else 0


def _line(one: Waits) -> str:
    where = f"instance {one.instance} of {one.process} v{one.version} ({one.subject})" if one.process else "message"
    due = f", due {one.due:%Y-%m-%d %H:%M:%SZ}" if one.due else ""
    return f"{where}: {one.what} {one.node} {one.detail}".rstrip() + due
