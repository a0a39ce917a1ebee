"""Building the demo's database: beside its place, in one go, and moved there when it is whole."""

from __future__ import annotations

import gc
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection

from accounts.models import User
from audit.actions import record
from audit.actors import Actor
from audit.context import action
from audit.models import Entry
from demo import files
from demo.filling import close, fill_database
from demo.progress import Tell

BUILDER = Actor.system("demo set-up")
BUILT, SUBJECT = "demo.history.made", "demo:history"
DAYS_A_MONTH = 30.5
KINDS = (".py", ".yaml", ".json", ".bpmn")  # what makes the demo what it is
SELDOM = (200_000, 50, 100)  # objects made before the collector looks: the build makes many and keeps few
SIDE_FILES = ("-wal", "-shm", "-journal")
# Safe while building: a build that is cut off is thrown away.
QUICK = (
    "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-262144; PRAGMA temp_store=MEMORY;"
)


class BuildRefused(Exception):
    """The demo cannot be built here; one line."""


@dataclass(frozen=True)
class Wanted:
    """Which demo. seed: None = the one of `generated.yaml`; share: of its orders."""

    seed: int | None = None
    months: float = 2.0
    share: float = 1.0

    def key(self) -> str:
        """A digest of the demo's files, its code and what was asked: another key is another demo."""
        whole = hashlib.sha256(repr((asdict(self), bool(settings.HISTORY_DIR))).encode())
        for path in sorted(files.FOLDER.rglob("*")):
            if path.suffix in KINDS:
                whole.update(path.relative_to(files.FOLDER).as_posix().encode() + b"\0" + path.read_bytes())
        return whole.hexdigest()


def build(wanted: Wanted, *, until: datetime, force: bool, tell: Tell) -> int:
    """Build the demo, unless it stands; returns the exit status: 1 when what was built does not hold together.

    A complete demo is left alone; a half-built one is thrown away. Raises BuildRefused.
    """
    key = wanted.key()
    if connection.vendor == "sqlite":
        return _build_file(Path(settings.DATABASES["default"]["NAME"]), wanted, key, until, force, tell)
    return _build_in_place(wanted, key, until, tell)


def built_key() -> str | None:
    """The key of the demo that stands in the database; None when there is none."""
    try:
        entry = Entry.objects.filter(fact=BUILT).order_by("-pk").first()
    except DatabaseError:  # no tables yet, or older ones
        return None
    return entry.data["key"] if entry else None


def _build_file(target: Path, wanted: Wanted, key: str, until: datetime, force: bool, tell: Tell) -> int:
    if target.exists() and not force:
        standing = built_key()
        if standing == key:
            tell(f"The demo stands in {target}.")
            return 0
        if standing is None and _has_people():
            raise BuildRefused(f"Expected no database or a demo in {target}, but it holds something else. See --force.")
        tell("The demo has changed and is built again." if standing else "Building the demo.")
    half = target.with_name(f"{target.name}.building")
    _throw_away(half)
    with _quick_database(half), _at_full_speed():
        status = _make(wanted, key, until, tell, replaced=target)
    _move_into_place(half, target)
    return status


def _build_in_place(wanted: Wanted, key: str, until: datetime, tell: Tell) -> int:
    standing = built_key()
    if standing == key:
        tell("The demo stands in the database.")
        return 0
    if standing is not None or _has_people():
        raise BuildRefused("Expected an empty database, but it holds something: make a new one for the demo.")
    with _at_full_speed():
        return _make(wanted, key, until, tell)


def _has_people() -> bool:
    try:
        return User.objects.exists()
    except DatabaseError:  # not migrated
        return False


def _make(wanted: Wanted, key: str, until: datetime, tell: Tell, *, replaced: Path | None = None) -> int:
    tell("Laying out the database …")
    call_command("migrate", verbosity=0, interactive=False)
    seed = wanted.seed if wanted.seed is not None else files.read_yaml("generated.yaml")["seed"]
    since = until - timedelta(days=round(wanted.months * DAYS_A_MONTH))
    fill_database(since, until, seed=seed, share=wanted.share, tell=tell)
    _mark(key, seed=seed, now=until)
    if replaced is not None:
        _throw_away_papers(replaced)
    return 0 if close(until, tell) else 1


@action
def _mark(key: str, *, seed: int, now: datetime) -> None:
    record(BUILT, subject=SUBJECT, actor=BUILDER, now=now, data={"key": key, "seed": seed})


@contextmanager
def _at_full_speed() -> Iterator[None]:
    """The collector looks seldom, and Django keeps no log of statements, as it does while debugging."""
    before, debug = gc.get_threshold(), settings.DEBUG
    gc.freeze()
    gc.set_threshold(*SELDOM)
    settings.DEBUG = False
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
        settings.DEBUG = debug


@contextmanager
def _quick_database(path: Path) -> Iterator[None]:
    """Work in another SQLite file, with its safety nets off."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept: dict[str, Any] = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    connection.settings_dict["OPTIONS"] = {**kept["OPTIONS"], "init_command": QUICK}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(NAME=kept["NAME"], OPTIONS=kept["OPTIONS"])


def _throw_away(half: Path) -> None:
    """Take away what a build that was cut off left: its file, and the papers that it kept."""
    _throw_away_papers(half)
    for path in [half, *(half.with_name(half.name + ending) for ending in SIDE_FILES)]:
        path.unlink(missing_ok=True)


def _throw_away_papers(database: Path) -> None:
    """Take away the papers that the rows of an SQLite file name; the build puts its own into the same folder."""
    if database.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as left:
            for (name,) in left.execute("SELECT stored_as FROM orders_document").fetchall():
                default_storage.delete(name)


def _move_into_place(half: Path, target: Path) -> None:
    with closing(sqlite3.connect(half)) as whole:
        whole.execute("PRAGMA journal_mode=WAL")  # as the product uses it
    # Side files of the database that is replaced must not be taken for the new one's.
    for ending in SIDE_FILES:
        target.with_name(target.name + ending).unlink(missing_ok=True)
    os.replace(half, target)
