"""`process svg MODEL -o FILE`: the diagram as a file that can be looked at by itself."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from processes.commands.files import read_model
from processes.commands.refusals import CallRefused
from processes.engine import render_svg

STYLE = (
    "<style>.diagram{font-family:sans-serif;background:#fff}.lbl{font-size:12px;fill:#1b1b1b}"
    ".node{fill:#fff;stroke:#8a8a8a}.edge{fill:none;stroke:#8a8a8a;stroke-width:1.4}.grid{stroke:#d0d0d0}</style>"
)


def add_arguments(parser: ArgumentParser) -> None:
    """The model and where the picture goes."""
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("-o", "--output", required=True, metavar="FILE")


def run(options: Mapping[str, Any], stdout: TextIO) -> int:
    """Write the picture. Raises CallRefused."""
    picture = render_svg(read_model(options["model"]))
    head, _, rest = picture.partition(">")
    try:
        Path(options["output"]).write_text(f"{head}>{STYLE}{rest}\n", encoding="utf-8")
    except OSError as error:
        raise CallRefused(options["output"], 1, f"Expected a place to write to, but: {error.strerror}.") from error
    return 0
