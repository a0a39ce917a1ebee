"""`process check FILE… --json`: is it BPMN, does it run here, and if not, why."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TextIO

from audit.management.input import read_bytes
from audit.management.one_line import CallRefused
from processes.engine import Finding, ParseRefused, Report, check, parse
from processes.evaluate import compiled
from processes.orderless import work_without_order


def add_arguments(parser: ArgumentParser) -> None:
    """Files and the form of the answer."""
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON line for each file")


def run(options: Mapping[str, Any], stdout: TextIO) -> int:
    """Print what is found in each file; 1 where a file has errors. Raises CallRefused after the last file."""
    refusals: list[CallRefused] = []
    reports = [_report(file, refusals) for file in options["files"]]
    for file, report in zip(options["files"], reports):
        lines = [json.dumps(_shown(file, report), ensure_ascii=False)] if options["json"] else _lines(file, report)
        stdout.write("\n".join(lines) + "\n")
    if refusals:
        raise refusals[0]
    return 1 if any(report.errors for report in reports) else 0


def _report(file: str, refusals: list[CallRefused]) -> Report:
    """A file that cannot be read, or not as BPMN, has that as its only error."""
    try:
        document = parse(read_bytes(file), file=file)
        report = check(document, compiled)
        found = sorted((*report.warnings, *work_without_order(document)), key=lambda finding: finding.line)
        return replace(report, warnings=tuple(found))
    except ParseRefused as refusal:
        refusals.append(CallRefused(f"{file}:{refusal.line}", refusal.message))
        return Report(errors=(Finding("", refusal.line, refusal.message, blocks=True),))
    except CallRefused as refusal:
        refusals.append(refusal)
        return Report(errors=(Finding("", 1, str(refusal).removeprefix(f"{file}:1: "), blocks=True),))


def _shown(file: str, report: Report) -> dict[str, Any]:
    return {
        "file": file,
        "ok": not report.errors,
        "errors": [_entry(finding) for finding in report.errors],
        "warnings": [_entry(finding) for finding in report.warnings],
        "executable": report.executable,
        "elements": dict(report.elements),
    }


def _entry(finding: Finding) -> dict[str, Any]:
    return {"element": finding.element or None, "line": finding.line, "message": finding.message}


def _lines(file: str, report: Report) -> list[str]:
    found = [("error", finding) for finding in report.errors] + [("warning", finding) for finding in report.warnings]
    verdict = "runs here" if report.executable else "does not run here"
    return [f"{file}: {verdict}"] + [f"{file}:{finding.line}: {kind}: {finding.message}" for kind, finding in found]
