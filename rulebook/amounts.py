"""Numbers as people write them: separators between thousands, and an amount's currency, which is never guessed."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from rulebook.atoms import is_money
from rulebook.feel.literals import write_number
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_parts import Column

CURRENCY = re.compile(r"(?<![A-Za-z_\"])([A-Z]{3})(?![A-Za-z_\"])")
SIGNS = {"$": "USD", "US$": "USD", "HK$": "HKD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY"}
SIGN = re.compile(r"US\$|HK\$|[$€£¥￥]")
GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
LONGEST = 40


class WrongNumber(ValueError):
    """The text is no number of its column; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def currencies_in(text: str) -> list[str]:
    """The currencies that a text names by code, or by a sign; of `$` and `¥`, which several have, the sign itself."""
    signs = [found[0] for found in SIGN.finditer(text)]
    return [*CURRENCY.findall(text), *(sign if sign in "$¥￥" else SIGNS[sign] for sign in signs)]


def expect_currency(column: Column, text: str) -> None:
    """Refuse a text that names another currency than the column's, or one that could be another. Raises WrongNumber."""
    for found in currencies_in(text):
        if not is_money(column):
            raise WrongNumber(Said(_("Expected a number without a currency, but got %(found)s."), found=found))
        if found != column.unit:
            sentence = _("Expected an amount in %(unit)s, but got one in %(found)s; amounts are never converted.")
            raise WrongNumber(Said(sentence, unit=column.unit, found=found))


def read_number(column: Column, text: str) -> str:
    """A typed number as JSON has it: `USD 500,000.00` is `500000`. Raises WrongNumber."""
    expect_currency(column, text)
    plain = text.replace(column.unit or "", "").strip() if is_money(column) else text.strip()
    if GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        value = Decimal(plain) if len(plain) <= LONGEST and plain.isascii() and "_" not in plain else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or abs(value.adjusted()) > LONGEST:
        raise WrongNumber(Said(_("Expected a number such as 500000 or 499999.99, but got %(found)s."), found=text[:40]))
    return write_number(value)
