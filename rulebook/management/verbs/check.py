"""`rules check FILE.json`: gaps, overlaps, unreachable rows and unknown facts of a decision table."""

from argparse import ArgumentParser
from typing import Any

from rulebook.checks import Report, as_json, check
from rulebook.feel.json_text import write_json
from rulebook.management.verbs.input import Out, plain, read_table

HELP = "Prove that a decision table has no gaps, overlaps or dead rows."


def add_arguments(parser: ArgumentParser) -> None:
    """One file."""
    parser.add_argument("file", metavar="FILE.json")


def run(options: dict[str, Any], out: Out) -> int:
    """0: the table is whole; 1: it is not, or that can't be proved. Raises BadInput for a file that is no table."""
    table = read_table(options["file"])
    report = check(table)
    if options["json"]:
        out(write_json({"file": options["file"], **as_json(table, report)}))
    else:
        for line in sentences(report):
            out(line)
    return 0 if report.ok and report.proven else 1


def sentences(report: Report) -> list[str]:
    """The findings as one line each."""
    lines = [f"gap: {plain(gap.example)}" for gap in report.gaps]
    lines += [f"gap (the default answers): {plain(gap.example)}" for gap in report.defaulted]
    lines += [f"overlap of {' and '.join(o.rules)}: {plain(o.example)}" for o in report.overlaps]
    lines += [f"unreachable {u.rule}: {u.reason}" for u in report.unreachable]
    lines += [f"unknown fact {u.name} in {u.rule}, {u.column}: {plain(u.example)}" for u in report.unknown_facts]
    lines += [f"not provable {u.rule} {u.column} {u.cell}: {u.message}" for u in report.unproven]
    return lines or ["The table is whole."]
