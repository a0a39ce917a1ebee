"""`process svg MODEL -o FILE [--state INSTANCE]`: the diagram as a file that can be looked at by itself."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from audit.management.input import read_bytes, whole_number
from audit.management.one_line import CallRefused
from processes import queries
from processes.commands.files import read_model
from processes.engine import Document, render_svg
from processes.engine.picture.style import STANDALONE
from processes.models import Instance, ProcessVersion


def add_arguments(parser: ArgumentParser) -> None:
    """The model and where the picture goes."""
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("-o", "--output", required=True, metavar="FILE")
    parser.add_argument(
        "--state",
        type=whole_number(1, 9_000_000_000),
        metavar="INSTANCE",
        help="mark where this instance stands and has been",
    )


def run(options: Mapping[str, Any], stdout: TextIO) -> int:
    """Write the picture. Raises CallRefused."""
    file, number = options["model"], options["state"]
    document = read_model(file)
    picture = render_svg(document, **(_marks(file, document, number) if number is not None else {}))
    head, _, rest = picture.partition(">")
    try:
        Path(options["output"]).write_text(f"{head}><style>{STANDALONE}</style>{rest}\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CallRefused(options["output"], f"Expected a place to write to, but: {reason}.") from None
    return 0


def _marks(file: str, document: Document, key: int) -> dict[str, Any]:
    instance = Instance.objects.select_related("version__model").filter(pk=key).first()
    if instance is None:
        raise CallRefused("process svg", f"Expected an instance, but there is none with the number {key}.")
    active = queries.graph(instance.version_id).active_nodes(instance.state)
    trail = queries.trail_of(instance)
    marks = {"active": active, "visited": trail.visited, "called_off": trail.called_off}
    if not _draws(file, document, instance, set().union(*marks.values())):
        of = f'"{instance.version.model.key}" (version {instance.version.number})'
        raise CallRefused(
            f"{file}:1", f"Expected the drawing of instance {key}, which is one of {of}, but this is none."
        )
    return marks


def _draws(file: str, document: Document, instance: Instance, marked: set[str]) -> bool:
    """Whether the file is a version of the instance's process, or an unpublished one with all that it went through."""
    digest = hashlib.sha256(read_bytes(file)).hexdigest()
    models = set(ProcessVersion.objects.filter(digest=digest).values_list("model", flat=True))
    if models:
        return instance.version.model_id in models
    process = queries.graph(instance.version_id).process
    return process in {each.id for each in document.processes} and marked <= document.elements.keys()
