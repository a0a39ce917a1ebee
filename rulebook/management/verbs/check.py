"""`rules check FILE…`: gaps, overlaps, unreachable rows, unknown facts, and what else speaks against a table's rows.

Of a decision model (a file that ends with .dmn): everything that is wrong with it, and the same of each of its tables.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from audit.management.input import read_bytes, read_text
from audit.management.one_line import CallRefused
from rulebook.checks import Report, as_json, check
from rulebook.dmn import DmnRefused, decision_of, read_model
from rulebook.dmn.wholeness import Checked, check_model, checked_as_json
from rulebook.feel.json_text import write_json
from rulebook.findings import ERROR, Finding, findings_alone, findings_here, findings_of_columns, unworkable_cells
from rulebook.findings import as_json as finding_json
from rulebook.management.verbs.input import BadTable, Out, facts_of, plain, typed_table_in
from rulebook.models import Table
from rulebook.tables import DecisionTable

HELP = "Prove that decision tables have no gaps, overlaps or dead rows, and that decision models can be read."


def add_arguments(parser: ArgumentParser) -> None:
    """Files."""
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument(
        "--with-people",
        action="store_true",
        help="ask the database who holds the roles; errors of the chains then count for the exit status",
    )


def run(options: dict[str, Any], out: Out) -> int:
    """0: the tables are whole; 1: one is not, or that can't be proved.

    What speaks against the chains of a matrix is shown beside; with people, its errors count as well. Every file is
    answered, with --json in one line. Raises CallRefused after the last for the first that is no table.
    """
    files, refusals, status = options["files"], [], 0
    for file in files:
        try:
            people = options["with_people"]
            status = max(status, _checked(file, out, as_line=options["json"], named=len(files) > 1, people=people))
        except CallRefused as refusal:
            refusals.append(refusal)
    if refusals:
        raise refusals[0]
    return status


def _checked(file: str, out: Out, *, as_line: bool, named: bool, people: bool) -> int:
    if file.endswith(".dmn"):
        return _checked_model(file, out, as_line=as_line)
    text = read_text(file)
    try:
        table = typed_table_in(text, file)
    except BadTable as bad:
        _tell_problems(bad, file, out, as_line=as_line)
        raise
    kind = _kind(table) if people else ""
    report = check(table)
    found = findings_of_columns(facts_of(text, file), kind)
    if not any(finding.is_error for finding in found):  # else nobody who knows such tables could work with it
        found += _findings(table, kind)
    if as_line:
        further = [finding_json(table, finding) for finding in found]
        out(write_json({"file": file, **as_json(table, report), "findings": further}))
    else:
        for line in [*sentences(report), *map(_sentence, found)]:
            out(f"{file}: {line}" if named else line)
    held = people and any(finding.is_error for finding in found)
    return 0 if report.ok and report.proven and not held else 1


def _checked_model(file: str, out: Out, *, as_line: bool) -> int:
    """0: the file is a decision model that can govern; 1: it is none, with everything that is wrong by its line, or
    the check of its tables has findings.
    """
    try:
        content = read_bytes(file)
        model = read_model(content)
        decision_of(model, Path(file).stem)
    except DmnRefused as refused:
        errors = [{"element": one.element, "line": one.line, "message": one.message} for one in refused.problems]
        if as_line:
            out(write_json({"file": file, "ok": False, "errors": errors}))
        for one in refused.problems if not as_line else ():
            out(f"{file}:{one.line}: {one}")
        return 1
    decisions, checked = [one.name for one in model.decisions], check_model(content)
    holds = all(each.holds for each in checked)
    if as_line:
        tables = [checked_as_json(each) for each in checked]
        out(write_json({"file": file, "ok": holds, "errors": [], "decisions": decisions, "tables": tables}))
        return 0 if holds else 1
    out(f"{file}: The model can be read. It decides: {', '.join(decisions)}.")
    for each in checked:
        for line in _said_of(each):
            out(f"{file}: {each.owner}: {line}")
    return 0 if holds else 1


def _said_of(checked: Checked) -> list[str]:
    return [f"not checked: {checked.reason}"] if checked.report is None else sentences(checked.report)


def _kind(table: DecisionTable) -> str:
    """The kind of the firm's table of that key. Raises CallRefused."""
    kind = Table.objects.filter(key=table.key).values_list("kind", flat=True).first()
    if kind is None:
        raise CallRefused(
            "--with-people", f'Expected a table of this firm, but there is none with the key "{table.key}".'
        )
    return kind


def _findings(table: DecisionTable, kind: str) -> list[Finding]:
    """With a kind what those find who know such tables and the firm's people; without, whoever knows such rows."""
    if not kind:
        return findings_alone(table)
    wrong = [
        Finding("unworkable", ERROR, each.message, (each.rule.replace("default", ""),), each.column, ())
        for each in unworkable_cells(kind, table)
    ]
    return wrong or findings_here(kind, table, timezone.now())


def _sentence(finding: Finding) -> str:
    examples = "; ".join(plain(example) for example in finding.examples)
    rules = ", ".join(finding.rules) or ("default" if finding.rules else "the table")
    return f"{finding.level} {finding.code} in {rules}, {finding.column}: {finding.message} {examples}".rstrip()


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
