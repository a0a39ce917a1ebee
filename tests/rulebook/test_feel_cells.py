"""Unary tests: what stands in a table's cell."""

from datetime import date
from decimal import Decimal as D

import pytest

from rulebook.feel import FeelError, compile_unary_tests


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("< 500000", D("499999.99"), True),
        ("< 500000", 500000, False),
        ("[500000..2000000]", 500000, True),
        ("[500000..2000000]", 2000000, True),
        ("[500000..2000000]", D("2000000.01"), False),
        ("> 2000000", D("2000000.01"), True),
        ('"wire","journal"', "journal", True),
        ('"wire","journal"', "acat", False),
        ('not("acat")', "acat", False),
        ('not("acat")', "wire", True),
        ('not("acat", "wire")', "wire", False),
        ("not(< 5)", 5, True),
        ("not(null)", 1, True),
        ("null", None, True),
        ("null", 1, False),
        ("null, 5", 5, True),
        ("-", None, True),
        (" - ", "anything", True),
        ("-5", -5, True),
        ("true", True, True),
        ("false", True, False),
        ("true", "x", None),
        ("< 5", None, None),
        ("< 5", "4", None),
        ('>= date("2026-01-31")', date(2026, 1, 31), True),
        ('[@"2026-01-01"..@"2026-12-31"]', date(2027, 1, 1), False),
        ("limit", 10, True),
        ("<= limit", 10, True),
        ("< limit * 2", 19, True),
        ("[0..limit)", 10, False),
        ("accepted", "b", True),
        ("accepted", "c", False),
        ("? > limit and ? < 20", 15, True),
        ('starts with(?, "T")', "T5", True),
        ('list contains(?, "a")', ["a", "b"], True),
        ("limit > 5", "whatever", True),
        ('? in ("a", "b")', "a", True),
        ("modulo(?, 2) = 0", 4, True),
        ('not(starts with(?, "T"))', "T5", False),
    ],
)
def test_a_cell_passes_or_not_or_has_no_answer(text, value, expected):
    facts = {"limit": 10, "accepted": ["a", "b"]}
    assert compile_unary_tests(text).matches(value, facts) is expected


@pytest.mark.parametrize("text", ["< ", "500 000", "[1..", "not()", "--", "- 5 -", '"a" "b"', "> 5 <"])
def test_a_cell_that_can_not_be_read_is_refused(text):
    with pytest.raises(FeelError):
        compile_unary_tests(text)


def test_a_cell_says_which_facts_it_reads():
    assert compile_unary_tests("< limit, ? > other").names == {"limit", "other"}
    assert compile_unary_tests("-").is_any
