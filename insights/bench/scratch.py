"""Scratch databases: built once, kept between runs while the tables and the firm's files stay the same."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from audit.context import replaying
from audit.reactions import wiring

FOLDER = settings.VAR_DIR / "bench"
Build = Callable[[], None]


def kept(label: str, build: Build, *, base: str = "") -> str:
    """The name of the scratch database of that label, built (from a copy of `base`) where it is not there yet."""
    name = _name(f"{label}_{_fingerprint()}")
    if not _exists(name):
        unfinished = _name("unfinished")
        _drop(unfinished)
        _create(unfinished, base)
        with use(unfinished):
            _hurry()
            build()
        _drop_older(label)
        _rename(unfinished, name)
    return name


def firm() -> str:
    """The name of a scratch database that holds the firm of the demo and no orders."""
    return kept("firm", _build_firm)


@contextmanager
def copy_of(name: str) -> Iterator[None]:
    """Work in a copy that is thrown away afterwards."""
    copied = _name("copy")
    _drop(copied)
    _create(copied, name)
    with use(copied):
        yield
    _drop(copied)


@contextmanager
def empty(label: str) -> Iterator[dict[str, Any]]:
    """The settings of a database that is there, empty, and thrown away afterwards; for a peer."""
    name = _name(label)
    _drop(name)
    _create(name, "")
    settings_of = connection.settings_dict
    yield {key: settings_of[key] for key in ("ENGINE", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")} | {"NAME": name}
    _drop(name)


@contextmanager
def use(name: str) -> Iterator[None]:
    """Let the default connection work in a scratch database."""
    before = connection.settings_dict["NAME"]
    _switch(name)
    try:
        yield
    finally:
        _switch(before)


def _build_firm() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    with replaying():
        import_string(wiring().BENCH["firm"])(timezone.now())


def _hurry() -> None:
    """A database that is thrown away when its building fails may be written without care."""
    if _on_sqlite():
        with connection.cursor() as cursor:
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
                cursor.execute(f"PRAGMA {pragma}")


@cache
def _fingerprint() -> str:
    """Changes with every migration, file of the firm and generator."""
    base = settings.BASE_DIR
    patterns = (
        "*/migrations/*.py",
        "demo/*.yaml",
        "demo/products/**/*.*",
        "demo/rules/*",
        "insights/bench/generator.py",
    )
    files = sorted(path for pattern in patterns for path in base.glob(pattern))
    content = b"".join(path.read_bytes() for path in files)
    return hashlib.sha256(content).hexdigest()[:10]


def _on_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _name(label: str) -> str:
    return str(FOLDER / f"{label}.sqlite3") if _on_sqlite() else f"throughline_bench_{label}"


def _switch(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()


def _exists(name: str) -> bool:
    if _on_sqlite():
        return Path(name).exists()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _create(name: str, base: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    if _on_sqlite():
        if base:
            shutil.copyfile(base, name)
        return
    template = f' TEMPLATE "{base}"' if base else ""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"{template}')


def _drop(name: str) -> None:
    if _on_sqlite():
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(name + suffix).unlink(missing_ok=True)
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _drop_older(label: str) -> None:
    """Scratch databases of the label that no longer fit are only taking up room."""
    if _on_sqlite():
        for path in FOLDER.glob(f"{label}_*.sqlite3"):
            _drop(str(path))
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{_name(label)}_[0-9a-f]{{10}}$"])
        older = [name for (name,) in cursor.fetchall()]
    for name in older:
        _drop(name)


def _rename(old: str, new: str) -> None:
    if _on_sqlite():
        Path(old).replace(new)
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
