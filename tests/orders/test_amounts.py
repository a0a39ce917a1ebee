"""An amount as people type it: what groups its digits is taken away, and what could mean two sums is refused."""

from __future__ import annotations

import pytest
from django.utils import translation

from orders import schemas
from tests.portal_customer.rows import NOW

FORM = {
    "type": "object",
    "properties": {
        "fee": {
            "type": "string",
            "maxLength": 16,
            "pattern": r"^(0|[1-9][0-9]{0,11})\.[0-9]{2}$",
            "x-tl": {"widget": "money", "currency": "USD"},
        }
    },
}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1200", "1200.00"),
        ("1200.5", "1200.50"),
        ("007.50", "7.50"),
        ("1,200", "1200.00"),
        ("1,234,567.89", "1234567.89"),
        ("1，234，567.89", "1234567.89"),
        ("1 234 567.89", "1234567.89"),
        ("12,345", "12345.00"),
    ],
)
def test_what_groups_three_digits_is_taken_away(typed: str, kept: str) -> None:
    answers = schemas.clean(FORM, {"fee": typed})
    assert answers == {"fee": kept}
    assert schemas.check(FORM, answers, NOW.date()) == {}


@pytest.mark.parametrize(
    "typed",
    ["1,20", "1,2", "1,2345", "1234,567", "1,234,56", "1,,234", ",123", "1,", "0,123", "1.234,56", "1，20", "1 20,000",
     "12.345,00", "1,234 567", "1.2,3"],
)  # fmt: skip
@pytest.mark.parametrize(("language", "words"), [("en", "A comma only groups three digits"), ("zh-hans", "逗号")])
def test_any_other_comma_is_refused_at_the_field_in_words(typed: str, language: str, words: str) -> None:
    answers = schemas.clean(FORM, {"fee": typed})
    assert answers == {"fee": typed}  # it stays as it was typed
    with translation.override(language):
        assert words in schemas.check(FORM, answers, NOW.date())["fee"]


@pytest.mark.parametrize("typed", ["1 20", "1200.", "a lot", "1.234", "-5", "１２００", "1200.٥"])
def test_what_is_no_amount_is_refused_too(typed: str) -> None:
    wrong = schemas.check(FORM, schemas.clean(FORM, {"fee": typed}), NOW.date())
    assert wrong == {"fee": "Enter an amount such as 1200.00."}
