"""What a state may hold: plain JSON, and nothing that JSON has no word for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from processes.engine.values import as_json

NO_NUMBERS = [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity"), Decimal("1e400")]


@pytest.mark.parametrize("value", [*NO_NUMBERS, [NO_NUMBERS[0]], {"a": NO_NUMBERS[1]}, object()])
def test_what_json_has_no_word_for_is_refused(value):
    with pytest.raises(ValueError, match="Expected"):
        as_json(value)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Decimal("2.50"), 2.5),
        (Decimal("3.00"), 3),
        (date(2026, 2, 28), "2026-02-28"),
        (timedelta(days=-1, seconds=3), "-P0DT86397S"),
        ([True, None, "x"], [True, None, "x"]),
    ],
)
def test_values_become_the_json_that_says_the_same(value, kept):
    assert as_json(value) == kept
