"""Names of several words: the longest one that is known wins, and every sign keeps its place."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.feel import FeelError, compile_expression, compile_unary_tests
from rulebook.feel.spaced import joined, parted
from rulebook.feel.vocabulary import LANGUAGE_ONLY

WORDS = LANGUAGE_ONLY.plus(["Applicant Age", "Applicant", "A/B test", "end date", "not in use", "Client's fee"])
FACTS = {
    "Applicant Age": 40,
    "Applicant": {"Post Code": "4051", "home town": {"a b": 1}},
    "A/B test": True,
    "end date": "2026-11-22",
    "not in use": False,
    "Client's fee": D("1.50"),
    "Age": 7,
}


def value(text):
    return compile_expression(text, words=WORDS).evaluate(FACTS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Applicant Age + 1", D(41)),
        ("Applicant\n  Age", D(40)),
        ("A/B test and not(not in use)", True),
        ("Client's fee * 2", D("3.00")),
        ('"Applicant Age" + " // Applicant Age"', "Applicant Age // Applicant Age"),
        ("Applicant Age /* Applicant Age */ + 0", D(40)),
        ("date(end date).year", D(2026)),
        ("Applicant Age in [18..65)", True),
        ("if Applicant Age > 30 then A/B test else not in use", True),
        ('{first name: "Ana", full name: first name + " B"}.full name', "Ana B"),
        ("{'s: 1}.'s" if False else '{"a-b": 1}.a-b', D(1)),
        ("for big number in [1, 2], n in [1] return big number * n", [D(1), D(2)]),
        ("[Age, Age - 2 in (5, 6)]", [D(7), True]),
        ("for n in [1], m in [2] return [n, m - n in [1], n + m in [1]]", [[D(1), True, False]]),
        ("some a b in [1, 2], c d in [2] satisfies a b = c d", True),
        ("(function(first part, second part: number) first part - second part)(second part: 1, first part: 3)", D(2)),
        ("[{unit price: 2}, {unit price: 5}][unit price > 3].unit price", [D(5)]),
        ('string(starts with(string: "abc", match: "a"))', "true"),
    ],
)
def test_a_known_name_is_read_as_one(text, expected):
    """DMN 1.5, clauses 10.3.1.2 and 10.3.1.4."""
    assert value(text) == expected


def test_facts_say_which_names_they_have():
    assert compile_expression("Applicant Age > 1 and Age < 9", words=WORDS).names == {"Applicant Age", "Age"}


def test_cells_know_them_as_well():
    assert compile_unary_tests("< Applicant Age, A/B test", words=WORDS).matches(39, FACTS) is True


def test_an_unknown_one_is_refused_at_its_second_word():
    with pytest.raises(FeelError) as refused:
        compile_expression("1 + Some Thing", words=WORDS)
    assert refused.value.position == 9
    assert refused.value.message == "The text can't be read from 'Thing' on."


def test_a_refusal_shows_names_as_they_were_written():
    with pytest.raises(FeelError, match="from 'Applicant Age' on"):
        compile_expression("1 Applicant Age", words=WORDS)


NAMES = st.lists(
    st.text("abcXY", min_size=1, max_size=3), min_size=2, max_size=3
).map(" ".join)  # fmt: skip


@given(
    st.frozensets(NAMES, max_size=4), st.lists(st.sampled_from(["a", "b", "c X", " ", "+", '"a b"', "("])).map("".join)
)
def test_joining_keeps_the_length_and_can_be_undone(names, text):
    found = joined(text, names)
    assert len(found) == len(text)
    assert parted(found) == " ".join(text.split())


@given(NAMES, st.integers(0, 10**6))
def test_any_name_of_words_has_its_value(name, number):
    words = LANGUAGE_ONLY.plus([name])
    assert compile_expression(f"{name} + {name}", words=words).evaluate({name: number}) == 2 * number
