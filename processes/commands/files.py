"""Reading the files that a verb is given."""

from __future__ import annotations

from pathlib import Path

from processes.commands.refusals import CallRefused
from processes.engine import Document, Graph, NotExecutable, ParseRefused, compile_graph, parse


def read_bytes(file: str) -> bytes:
    """The content of a file. Raises CallRefused."""
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CallRefused(file, 1, f"Expected a file that can be read, but: {reason}.") from error


def read_model(file: str) -> Document:
    """A parsed model. Raises CallRefused."""
    try:
        return parse(read_bytes(file), file=file)
    except ParseRefused as refusal:
        raise CallRefused(file, refusal.line, refusal.message) from refusal


def read_graph(file: str, process: str | None) -> Graph:
    """A model ready to run. Raises CallRefused with the first reason why it cannot."""
    try:
        return compile_graph(read_model(file), process)
    except NotExecutable as refusal:
        first, *others = refusal.report.blocking
        more = f" ({len(others)} more: see process check)" if others else ""
        raise CallRefused(file, first.line, f"{first.message}{more}") from refusal
