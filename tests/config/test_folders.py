"""Each database keeps its documents in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.folders import documents_of

VAR = Path("/srv/throughline/var")
SQLITE, POSTGRES = "django.db.backends.sqlite3", "django.db.backends.postgresql"


@pytest.mark.parametrize(
    ("engine", "name", "folder"),
    [
        (SQLITE, "/srv/throughline/var/throughline.sqlite3", VAR / "throughline.sqlite3.documents"),
        (SQLITE, "/tmp/copy.sqlite3", Path("/tmp/copy.sqlite3.documents")),
        (SQLITE, "/tmp/copy.db", Path("/tmp/copy.db.documents")),
        (SQLITE, ":memory:", VAR / "documents" / "memory"),
        (POSTGRES, "throughline", VAR / "documents" / "throughline"),
        (POSTGRES, "../elsewhere", VAR / "documents" / "elsewhere"),
    ],
)
def test_the_folder_is_named_after_the_database(engine: str, name: str, folder: Path) -> None:
    assert documents_of({"ENGINE": engine, "NAME": name}, VAR) == folder


@pytest.mark.parametrize(("given", "folder"), [({}, "one.sqlite3.documents"), ({"MEDIA_ROOT": "papers"}, "papers")])
def test_two_databases_share_no_folder_unless_told_so(given: dict[str, str], folder: str, tmp_path: Path) -> None:
    surroundings = {name: value for name, value in os.environ.items() if name != "MEDIA_ROOT"}
    surroundings |= {name: str(tmp_path / value) for name, value in given.items()}
    asked = subprocess.run(
        [sys.executable, "-c", "from config import settings; print(settings.MEDIA_ROOT)"],
        cwd=settings.BASE_DIR,
        env=surroundings | {"DATABASE_URL": f"sqlite:///{tmp_path / 'one.sqlite3'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.strip() == str(tmp_path / folder)


def test_tests_keep_their_documents_apart() -> None:
    assert not Path(settings.MEDIA_ROOT).is_relative_to(settings.VAR_DIR)
