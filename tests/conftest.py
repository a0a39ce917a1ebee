"""What every test can ask for: the small firm, its cast, and a database whose ledger can be emptied between tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.management.commands.flush import Command as Flush
from django.db.models import Model
from django.db.models.signals import post_save
from django.test import override_settings
from django.utils import translation
from hypothesis import settings as properties

from tests.browser import chromium_program
from tests.firm import Cast, build_cast, cast

properties.register_profile("here", deadline=None)  # how quick a machine is decides no test
properties.load_profile("here")

DATABASES = {"db", "transactional_db", "live_server"}  # fixtures that open one
MONDAY = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)  # 10:00 in New York


def on_sqlite() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that asks no database says the same on each: it runs with the suite on SQLite, and not once more.

    Where such tests are named one by one they run all the same.
    """
    if on_sqlite() or config.args_source is not config.ArgsSource.TESTPATHS:
        return
    asking, others = [], []
    for item in items:
        (asking if _asks_a_database(item) else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = asking


def _asks_a_database(item: pytest.Item) -> bool:
    marked = any(item.get_closest_marker(name) for name in ("django_db", "postgres"))
    return marked or bool(DATABASES & set(getattr(item, "fixturenames", ())))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The closing lines say what this run could not try."""
    if chromium_program() is None:
        terminalreporter.write_line("Not tried: the stories in a browser, since there is no Chromium on this machine.")
    if on_sqlite():
        terminalreporter.write_line("Not tried: PostgreSQL. DATABASE_URL=postgres://… runs the suite on it.")


@pytest.fixture(scope="session", autouse=True)
def _ledger_can_be_flushed() -> Iterator[None]:
    """The test runner's own flush is the only thing that may lift the ledger's triggers."""
    from audit import triggers

    plain = Flush.handle

    def handle(self: Flush, **options: object) -> None:
        with triggers.lifted(str(options["database"])):
            plain(self, **options)

    Flush.handle = handle
    yield
    Flush.handle = plain


@pytest.fixture(scope="session", autouse=True)
def _documents_lie_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests upload never lies among the documents of this machine's own database."""
    with override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("documents"))):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The small firm is built once per run; tests see it and leave it as it was."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        build_cast(MONDAY)


@pytest.fixture(autouse=True)
def _english_first() -> Iterator[None]:
    """Every test begins in English, whatever language the page of another one was asked in."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _versions_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A version that a test makes is rolled back and its key given again: what was compiled of it must not stay."""
    from audit import actions
    from processes import queries as processes
    from processes.models import ProcessVersion
    from rulebook import queries as rulebook
    from rulebook.models import TableVersion

    made: list[Model] = []
    insert = actions.insert

    def noting(rows: Sequence[Model]) -> None:
        insert(rows)
        made.extend(row for row in rows if isinstance(row, (ProcessVersion, TableVersion)))

    def note(instance: Model, **signal: object) -> None:
        made.append(instance)

    monkeypatch.setattr(actions, "insert", noting)
    for model in (ProcessVersion, TableVersion):
        post_save.connect(note, sender=model, weak=False, dispatch_uid="tests.versions")
    yield
    for model in (ProcessVersion, TableVersion):
        post_save.disconnect(sender=model, dispatch_uid="tests.versions")
    if made:
        processes.forget()
        rulebook.forget()


@pytest.fixture
def now() -> datetime:
    """A Monday morning in New York."""
    return MONDAY


@pytest.fixture
def firm(db: None) -> Cast:
    """The small firm and its cast; built again where a flush took it away."""
    return cast() or build_cast(MONDAY)
