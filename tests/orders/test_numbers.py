"""Order numbers: understood as people type them, and a slip is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.numbers import ALPHABET, new_number, read_number, with_check

BODIES = st.text(ALPHABET, min_size=8, max_size=8).filter(with_check)  # the others are not given


def test_new_numbers_have_one_form_and_are_not_alike():
    numbers = {new_number() for _ in range(200)}
    assert len(numbers) == 200
    assert all(read_number(number) == number for number in numbers)
    assert {character for number in numbers for character in number[3:]} <= {*ALPHABET, "-"}


@given(BODIES)
def test_what_people_type_is_understood(body):
    number = with_check(body)
    plain = number.replace("-", "")
    for typed in (
        number,
        number.lower(),
        plain,
        plain.lower(),
        f"  {number} ",
        f"{number[:7]} {number[7:]}",
        number[3:],
    ):
        assert read_number(typed) == number


@given(BODIES, st.data())
def test_letters_that_look_like_digits_are_read_as_digits(body, data):
    number = with_check(body)
    looks = {"0": "O", "1": data.draw(st.sampled_from("IL"))}
    typed = "TL-" + "".join(looks.get(character, character) for character in number[3:])
    assert read_number(typed) == number
    assert read_number(typed.lower()) == number


@given(BODIES, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(body, place, other):
    number = with_check(body)
    typed = body[:place] + other + body[place + 1 :]
    found = read_number(f"TL-{typed}-{number[-1]}")
    assert found == (number if typed == body else None)


@given(BODIES, st.integers(0, 6))
def test_two_swapped_neighbours_are_noticed(body, place):
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    found = read_number(f"TL-{swapped}-{with_check(body)[-1]}")
    assert (found is None) == (swapped != body)


@given(BODIES, st.sampled_from(ALPHABET + "*~$=U"))
def test_only_the_right_check_character_is_taken(body, check):
    found = read_number(f"TL-{body}-{check}")
    assert (found is not None) == (with_check(body)[-1] == check)


@given(st.text(max_size=30))
def test_no_text_breaks_it(text):
    found = read_number(text)
    assert found is None or read_number(found) == found


@pytest.mark.parametrize(
    "typed", ["", "TL", "TL-", "TL-1234", "TL-12345678", "XX-7K3F9Q2M-C", "TL-7K3F9Q2M-CC", "0", "１２３４５６７８９"]
)
def test_what_is_no_number_is_none(typed):
    assert read_number(typed) is None
