"""`process migrate --key K --from N --to M [--map FILE] [--dry-run] [--json]`: moves running instances to a version."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any, TextIO

from django.utils import timezone

from audit.management.input import json_object, read_text, whole_number
from audit.management.one_line import CallRefused
from audit.refusals import Refusal
from processes import actions, migration, queries
from processes.commands.publish import commander
from processes.engine import EngineError
from processes.models import Instance, ProcessVersion
from processes.outside import outside
from processes.waiting import OPEN

CALL = "process migrate"
FAILED = "It failed and waits to be repaired. Let it run again first, then move it."


def add_arguments(parser: ArgumentParser) -> None:
    """The process, its two versions, and elements that have another id in the new one."""
    parser.add_argument("--key", required=True, metavar="K")
    parser.add_argument("--from", required=True, type=whole_number(1, 1_000_000), metavar="N", dest="old")
    parser.add_argument("--to", required=True, type=whole_number(1, 1_000_000), metavar="M", dest="new")
    parser.add_argument("--map", metavar="FILE", help='JSON: {"element of N": "element of M", …}')
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
    parser.add_argument("--json", action="store_true")


def run(options: Mapping[str, Any], stdout: TextIO) -> int:
    """Each instance that has not ended moves or stays; 1 where one stays. Raises CallRefused."""
    old, new = (_version(options["key"], options[name]) for name in ("old", "new"))
    given = _given(options["map"]) if options["map"] is not None else {}
    graphs = queries.graph(old.pk), queries.graph(new.pk)
    try:
        nodes = migration.mapping(*graphs, given)
    except migration.BadMap as wrong:
        raise CallRefused(f"{options['map']}:1", str(wrong)) from wrong
    _expect_target(old, new)
    rows, now = [], timezone.now()
    going_on = Instance.objects.filter(version=old, status__in=OPEN)
    for key in going_on.order_by("pk").values_list("pk", flat=True):
        instance = Instance.objects.get(pk=key)
        found = migration.hindrances(*graphs, instance.state, nodes, now, outside(now))
        hindered = [str(one) for one in found] if instance.status == Instance.Status.RUNNING else [FAILED]
        if not hindered and not options["dry_run"]:
            hindered = _move(key, new, given)
        rows.append({"instance": key, "subject": instance.subject, "moves": not hindered, "problems": hindered})
    stdout.write(_answer(options, graphs[0].nodes.keys() - nodes.keys(), rows) + "\n")
    return 0 if all(row["moves"] for row in rows) else 1


def _expect_target(old: ProcessVersion, new: ProcessVersion) -> None:
    try:
        actions.expect_target(old, new)
    except Refusal as refusal:
        raise CallRefused("--to", refusal.sentence) from refusal


def _move(key: int, new: ProcessVersion, given: Mapping[str, str]) -> list[str]:
    try:
        actions.migrate_instance(key, to=new, given=given, actor=commander(), now=timezone.now())
    except (Refusal, EngineError) as refused:
        return [str(refused)]
    return []


def _answer(options: Mapping[str, Any], unmapped: set[str], rows: list[dict[str, Any]]) -> str:
    moving = sum(row["moves"] for row in rows)
    if options["json"]:
        head = {"key": options["key"], "from": options["old"], "to": options["new"], "dry_run": options["dry_run"]}
        said = {**head, "unmapped": sorted(unmapped), "moved": moving, "left": len(rows) - moving, "instances": rows}
        return json.dumps(said, ensure_ascii=False)
    lines = [f"{name} has no counterpart" for name in sorted(unmapped)]
    lines += [f"instance {row['instance']} stays: {'; '.join(row['problems'])}" for row in rows if row["problems"]]
    verb = "would move" if options["dry_run"] else "moved"
    return "\n".join([*lines, f"{moving} of {len(rows)} instances that go on {verb}."])


def _version(key: str, number: int) -> ProcessVersion:
    found = ProcessVersion.objects.filter(model__key=key, number=number).first()
    if found is None:
        raise CallRefused(CALL, f'Expected version {number} of the process "{key}", but there is none.')
    return found


def _given(file: str) -> dict[str, str]:
    given = json_object(read_text(file), file)
    if not all(isinstance(value, str) for value in given.values()):
        raise CallRefused(f"{file}:1", 'Expected a JSON object such as {"old_id": "new_id"}.')
    return given
