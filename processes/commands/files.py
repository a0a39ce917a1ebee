"""Reading the models that a verb is given."""

from __future__ import annotations

from contextlib import suppress

from audit.management.input import read_bytes
from audit.management.one_line import CallRefused
from processes.engine import Document, Graph, NotExecutable, ParseRefused, compile_graph, parse


def read_model(file: str) -> Document:
    """A parsed model. Raises CallRefused."""
    try:
        return parse(read_bytes(file), file=file)
    except ParseRefused as refusal:
        raise CallRefused(f"{file}:{refusal.line}", refusal.message) from refusal


def compiled(file: str, document: Document, process: str | None) -> Graph:
    """A model ready to run. Raises CallRefused with the first reason why it cannot."""
    try:
        return compile_graph(document, process)
    except NotExecutable as refusal:
        first, *others = refusal.report.blocking
        more = f" ({len(others)} more: see process check)" if others else ""
        raise CallRefused(f"{file}:{first.line}", f"{first.message}{more}") from refusal


def runnable_graphs(document: Document) -> list[Graph]:
    """The processes of a drawing that can run; what cannot is documentation beside them."""
    found = []
    for process in document.runnable():
        with suppress(NotExecutable):
            found.append(compile_graph(document, process.id))
    return found
