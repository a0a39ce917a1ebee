"""Cells of decision tables in words, in both languages."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from portal_staff.cell_words import cell_words
from portal_staff.vocabulary import Vocabulary

SAID = [
    ("-", "any", "任意"),
    ("< 500000", "under 500,000", "小于 500,000"),
    (">= -5", "-5 or more", "不小于 -5"),
    ("[500000..2000000]", "500,000 to 2,000,000", "500,000 至 2,000,000"),
    ("(0..10)", "over 0, under 10", "大于 0，小于 10"),
    ("not(5, 6)", "anything but 5, 6", "除 5、6 以外"),
    ("< 1, > 9", "under 1, over 9", "小于 1、大于 9"),
    ("null", "–", "–"),
    ("not(null)", "anything but not given", "除 未提供 以外"),
    ('>= date("2026-01-31")', "from Sat 31 Jan 2026 on", "2026年1月31日 周六 起"),
    ('"wire"', "wire", "wire"),
    ("true", "Yes", "是"),
]


@pytest.mark.parametrize(("cell", "english", "chinese"), SAID)
def test_a_cell_is_said_in_both_languages(cell: str, english: str, chinese: str) -> None:
    for language, said in (("en", english), ("zh-hans", chinese)):
        with override(language):
            assert cell_words(Vocabulary(), "column", cell) == said


@pytest.mark.parametrize("cell", ["< 5 * client_age", "< < 5", "list contains(?, x)"])
def test_what_cannot_be_said_stays_as_it_is(cell: str) -> None:
    assert cell_words(Vocabulary(), "column", cell) == cell
