"""Numbers as people write them: currencies are compared, never guessed."""

import pytest

from rulebook.amounts import WrongNumber, read_number
from rulebook.table_parts import Column

MONEY, PLAIN = Column("amount", "number", "USD"), Column("client_age", "number", "years")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("500000", "500000"),
        ("500,000.00", "500000"),
        ("USD 500,000.50", "500000.5"),
        ("0.01 USD", "0.01"),
        ("-5", "-5"),
    ],
)
def test_an_amount_is_read_in_the_columns_currency(text, number):
    assert read_number(MONEY, text) == number


@pytest.mark.parametrize("text", ["EUR 500", "500 HKD", "€500", "$500", "¥5", "HK$5"])
def test_another_currency_or_one_that_could_be_another_is_refused(text):
    with pytest.raises(WrongNumber, match="never converted"):
        read_number(MONEY, text)


@pytest.mark.parametrize("text", ["5,00", "1,0000", "much", "1e400", "NaN", "Infinity", "1_000", "٣", "", "9" * 60])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(WrongNumber):
        read_number(MONEY, text)


def test_a_plain_number_has_no_currency():
    assert read_number(PLAIN, "65") == "65"
    with pytest.raises(WrongNumber, match="without a currency"):
        read_number(PLAIN, "USD 65")
