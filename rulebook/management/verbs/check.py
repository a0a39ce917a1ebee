"""`rules check FILE.json…`: gaps, overlaps, unreachable rows and unknown facts of decision tables."""

from argparse import ArgumentParser
from typing import Any

from audit.management.input import read_text
from audit.management.one_line import CallRefused
from rulebook.checks import Report, as_json, check
from rulebook.feel.json_text import write_json
from rulebook.management.verbs.input import BadTable, Out, plain, table_in

HELP = "Prove that decision tables have no gaps, overlaps or dead rows."


def add_arguments(parser: ArgumentParser) -> None:
    """Files."""
    parser.add_argument("files", nargs="+", metavar="FILE.json")


def run(options: dict[str, Any], out: Out) -> int:
    """0: the tables are whole; 1: one is not, or that can't be proved.

    Every file is answered, with --json in one line. Raises CallRefused after the last for the first that is no table.
    """
    files, refusals, status = options["files"], [], 0
    for file in files:
        try:
            status = max(status, _checked(file, out, as_line=options["json"], named=len(files) > 1))
        except CallRefused as refusal:
            refusals.append(refusal)
    if refusals:
        raise refusals[0]
    return status


def _checked(file: str, out: Out, *, as_line: bool, named: bool) -> int:
    text = read_text(file)
    try:
        table = table_in(text, file)
    except BadTable as bad:
        _tell_problems(bad, file, out, as_line=as_line)
        raise
    report = check(table)
    if as_line:
        out(write_json({"file": file, **as_json(table, report)}))
    else:
        for line in sentences(report):
            out(f"{file}: {line}" if named else line)
    return 0 if report.ok and report.proven else 1


def _tell_problems(bad: BadTable, file: str, out: Out, *, as_line: bool) -> None:
    if not as_line:
        for line, problem in bad.problems:
            out(f"{file}:{line}: {problem}")
        return
    errors = [
        {"line": line, "rule": problem.rule or None, "column": problem.column or None, "message": problem.message}
        for line, problem in bad.problems
    ]
    out(write_json({"file": file, "ok": False, "proven": False, "errors": errors}))


def sentences(report: Report) -> list[str]:
    """The findings as one line each."""
    lines = [f"gap: {plain(gap.example)}" for gap in report.gaps]
    lines += [f"gap (the default answers): {plain(gap.example)}" for gap in report.defaulted]
    lines += [f"overlap of {' and '.join(o.rules)}: {plain(o.example)}" for o in report.overlaps]
    lines += [f"unreachable {u.rule}: {u.reason}" for u in report.unreachable]
    lines += [f"unknown fact {u.name} in {u.rule}, {u.column}: {plain(u.example)}" for u in report.unknown_facts]
    lines += [f"not provable {u.rule} {u.column} {u.cell}: {u.message}" for u in report.unproven]
    return lines or ["The table is whole."]
