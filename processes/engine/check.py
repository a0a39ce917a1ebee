"""Judges a document: what is wrong, what does not run here, what a published model still lacks. All at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from processes.engine.checks.attributes import check_attributes, check_milestones
from processes.engine.checks.conditions import check_conditions, check_messages
from processes.engine.checks.details import check_details, handled_events
from processes.engine.checks.events import cancelled_transactions, check_events
from processes.engine.checks.executable import check_elements, check_starts
from processes.engine.checks.structure import check_paths, check_structure
from processes.engine.checks.unread import check_unread
from processes.engine.document import Document, Process
from processes.engine.report import Finding, Report
from processes.engine.words import called
from rulebook.said import Named, Said
from rulebook.said import gettext_noop as _

CompileCondition = Callable[[str], Any]
NOTHING_RUNS = _("Expected a process to run, but the file has none.")


def check(
    document: Document, compile_condition: CompileCondition | None = None, *, publishable: bool = False
) -> Report:
    """Everything that is wrong with a document, in the order of its lines.

    compile_condition: raises for an expression that does not compile (None: expressions are not judged).
    publishable: what a model in use must have and must not hold (elements that do not run, missing work attributes
    and names in both languages, nodes that nothing reaches) is an error, otherwise a warning.
    A process that is marked as not executable beside others that are is documentation: nothing in it blocks.
    """
    errors, warnings = list(document.errors), list(document.warnings)
    runnable = document.runnable()
    for process in document.processes:
        findings = check_process(document, process, compile_condition)
        findings = findings if process in runnable else [replace(finding, blocks=False) for finding in findings]
        errors += [finding for finding in findings if finding.blocks and not finding.legal]
        warnings += [finding for finding in findings if finding.legal or not finding.blocks]
    if not runnable:
        warnings.append(Finding("", 1, Said(NOTHING_RUNS), blocks=True, legal=True))
    if publishable:
        errors += [finding for finding in warnings if finding.blocks or finding.lacking]
        warnings = [finding for finding in warnings if not (finding.blocks or finding.lacking)]
    return Report(_by_line(errors), _by_line(warnings), document.counts)


def check_process(
    document: Document, process: Process, compile_condition: CompileCondition | None = None
) -> list[Finding]:
    """All findings of one process."""
    found: list[Finding] = []
    handled, cancelled = handled_events(document), cancelled_transactions(document)
    name = called("process", process.id, Named(process.name, process.name_zh))
    found += check_unread(process, name)
    for scope in document.inside(process.id):
        found += check_structure(document, scope)
        found += check_elements(scope)
        found += check_starts(document, scope)
        found += check_events(document, scope, cancelled)
        found += check_details(document, scope, handled)
        found += check_paths(document, scope)
        found += check_conditions(scope, compile_condition, sketch=not process.executable)
        found += check_attributes(scope, top=scope.id == process.id)
    found += check_milestones(document.inside(process.id))
    found += check_messages(document, compile_condition)
    return found


def _by_line(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.line))
