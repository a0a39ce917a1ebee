"""Order numbers: given once, read forgivingly, and wrong ones noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.numbers import ALPHABET, new_number, read_number, with_check

BODIES = st.text(ALPHABET, min_size=8, max_size=8).filter(lambda body: with_check(body) is not None)


def test_a_new_number_reads_as_itself_and_uses_letters_and_digits_only():
    for _ in range(500):
        number = new_number()
        assert read_number(number) == number
        assert set(number.replace("-", "").removeprefix("TL")) <= set(ALPHABET)


@given(BODIES, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(body, place, other):
    if other == body[place]:
        return
    number = with_check(body)
    wrong = body[:place] + other + body[place + 1 :]
    assert read_number(f"TL-{wrong}-{number[-1]}") is None


@given(BODIES, st.integers(0, 6))
def test_two_swapped_neighbours_are_noticed(body, place):
    if body[place] == body[place + 1]:
        return
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert read_number(f"TL-{swapped}-{with_check(body)[-1]}") is None


@pytest.mark.parametrize("change", [str.lower, lambda n: n.replace("-", ""), lambda n: f" {n} ", lambda n: n[3:]])
def test_what_people_type_is_understood(change):
    number = new_number()
    assert read_number(change(number)) == number


def test_look_alikes_are_read_as_digits():
    number = next(n for n in (new_number() for _ in range(2000)) if "0" in n[3:11] and "1" in n[3:11])
    typed = number[:3] + number[3:11].replace("0", "O").replace("1", "l") + number[11:]
    assert read_number(typed) == number


@pytest.mark.parametrize(
    "text", ["", "TL-", "TL-1234", "hello", "TL-00000000-*", "TL-0000000000-0", "１２３４５６７８９"]
)
def test_what_cannot_be_a_number_is_refused(text):
    assert read_number(text) is None
