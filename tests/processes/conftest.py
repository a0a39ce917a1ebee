"""Compiled drawings are cached by their row's key, which a rolled-back test gives to the next one again."""

import io
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from processes import queries


@pytest.fixture(autouse=True)
def _drawings_are_read_anew() -> Iterator[None]:
    yield
    queries.forget()


@pytest.fixture
def command(tmp_path):
    """command("migrate", "--key", …) → (status, standard output, standard error); names are files of a folder."""

    def call(*words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        given = [str(tmp_path / word) if word.endswith((".bpmn", ".json", ".svg")) else word for word in words]
        try:
            call_command("process", *given, stdout=out, stderr=err)
        except SystemExit as leaving:
            return int(leaving.code or 0), out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    return call
