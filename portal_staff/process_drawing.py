"""A process's drawing as the pages show it: the picture, the same in words, and what a check found, marked on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from portal_staff.drawing_words import MOST_STEPS, Words
from processes.engine import Document, Finding, Report, render_svg
from processes.engine.picture.marking import Mark, Marks, marks_of_findings
from processes.models import ProcessModel
from rulebook import said

MOST_FINDINGS = 200
SIGNS = {"wrong": "✕", "doubtful": "!"}  # on the badge, so that colour never speaks alone


@dataclass(frozen=True)
class FindingLine:
    """A row of what the check found. is_error: it stands between the drawing and its use."""

    is_error: bool
    name: str
    element: str
    line: int
    message: str


def picture(document: Document, model: ProcessModel, marks: Marks | None = None) -> SafeString:
    """The drawing, with marks."""
    words = Words(document)
    svg = render_svg(document, language=words.language, title=model.name[words.language], marks=marks)
    return mark_safe(svg)  # noqa: S308 - drawn by the engine, every label escaped there


def in_words(document: Document) -> dict[str, Any]:
    """The same for who does not see it: the steps, and the client's line."""
    words = Words(document)
    return {
        "steps": words.steps(),
        "more_steps": max(len(document.elements) - MOST_STEPS, 0),
        "milestones": words.milestones(),
    }


def found(document: Document, report: Report) -> dict[str, Any]:
    """Rows of what a check found, errors first."""
    words = Words(document)
    rows = [*_rows(report.errors, words, is_error=True), *_rows(report.warnings, words, is_error=False)]
    return {
        "findings": rows[:MOST_FINDINGS],
        "more_findings": max(len(rows) - MOST_FINDINGS, 0),
        "errors_found": len(report.errors),
        "warnings_found": len(report.warnings),
    }


def marks_of(report: Report) -> Mapping[str, Mark]:
    """Findings as marks, each with a sign beside its number."""
    marks = marks_of_findings(_translated(report.errors), _translated(report.warnings))
    return {name: replace(mark, badge=f"{SIGNS[mark.classes]} {mark.badge}") for name, mark in marks.items()}


def _translated(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """Findings in the reader's language."""
    for finding in findings:
        yield replace(finding, message=said.in_words(finding.message, gettext, get_language()))


def _rows(findings: tuple[Finding, ...], words: Words, *, is_error: bool) -> Iterator[FindingLine]:
    for finding in _translated(findings):
        name = words.name(finding.element) if finding.element else ""
        yield FindingLine(is_error, name, finding.element, finding.line, finding.message)
