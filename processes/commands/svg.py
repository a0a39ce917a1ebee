"""`process svg MODEL -o FILE [--state INSTANCE]`: the diagram as a file that can be looked at by itself."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from audit.management.input import whole_number
from audit.management.one_line import CallRefused
from processes import queries
from processes.commands.files import read_model
from processes.engine import render_svg
from processes.engine.picture.style import STANDALONE
from processes.models import Instance


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
    document, instance = read_model(options["model"]), options["state"]
    picture = render_svg(document, **_marks(instance)) if instance is not None else render_svg(document)
    head, _, rest = picture.partition(">")
    try:
        Path(options["output"]).write_text(f"{head}><style>{STANDALONE}</style>{rest}\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CallRefused(options["output"], f"Expected a place to write to, but: {reason}.") from None
    return 0


def _marks(key: int) -> dict[str, Any]:
    instance = Instance.objects.filter(pk=key).first()
    if instance is None:
        raise CallRefused("process svg", f"Expected an instance, but there is none with the number {key}.")
    active = queries.graph(instance.version_id).active_nodes(instance.state)
    trail = queries.trail_of(instance)
    return {"active": active, "visited": trail.visited, "called_off": trail.called_off}
