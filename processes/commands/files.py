"""Reading the models that a verb is given."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from audit.management.input import read_bytes
from audit.management.one_line import CallRefused
from processes import evaluate
from processes.engine import Document, Finding, Graph, NotExecutable, ParseRefused, check, compile_graph, parse


def read_model(file: str) -> Document:
    """A parsed model. Raises CallRefused."""
    try:
        return parse(read_bytes(file), file=file)
    except ParseRefused as refusal:
        raise CallRefused(f"{file}:{refusal.line}", refusal.message) from refusal


def compiled(file: str, document: Document, process: str | None) -> Graph:
    """A model ready to run. Raises CallRefused with the first reason why it cannot: what `process check` finds wrong
    in its file, or what does not run here."""
    wrong = check(document, evaluate.compiled).errors
    if wrong:
        raise _refused(file, wrong)
    try:
        return compile_graph(document, process, evaluate.compiled)
    except NotExecutable as refusal:
        raise _refused(file, refusal.report.blocking) from refusal


def _refused(file: str, found: Sequence[Finding]) -> CallRefused:
    first, *others = found
    more = f" ({len(others)} more: see process check)" if others else ""
    return CallRefused(f"{file}:{first.line}", f"{first.message}{more}")


def runnable_graphs(document: Document) -> list[Graph]:
    """The processes of a drawing that can run; what cannot is documentation beside them."""
    found = []
    for process in document.runnable():
        with suppress(NotExecutable):
            found.append(compile_graph(document, process.id, evaluate.compiled))
    return found
