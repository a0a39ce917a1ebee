"""Compiled drawings are cached by their row's key, which a rolled-back test gives to the next one again."""

from collections.abc import Iterator

import pytest

from processes import queries


@pytest.fixture(autouse=True)
def _drawings_are_read_anew() -> Iterator[None]:
    yield
    queries.graph.cache_clear()
    queries.document.cache_clear()
