"""Where things lie that belong to a database, so that two databases share nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def documents_of(database: Mapping[str, Any], folder: Path) -> Path:
    """The folder of a database's documents: beside an SQLite file and named after it, else in `folder` by its name."""
    path = Path(str(database["NAME"]))
    if not database["ENGINE"].endswith("sqlite3"):
        return folder / "documents" / path.name
    if str(path) == ":memory:":
        return folder / "documents" / "memory"
    return path.with_name(f"{path.name}.documents")
