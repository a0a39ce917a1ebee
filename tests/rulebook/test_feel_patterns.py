"""Patterns of `matches`: as Python's `re` finds them, but never slow."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.feel import FeelError
from rulebook.feel.limits import Steps
from rulebook.feel.patterns import searches

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "a-", "[a-c]", "^", "$", "\\."])


def _grown(inner):
    group = inner.map(lambda p: f"({p})")
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join),
        st.tuples(group, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}", "*?"])).map("".join),
    )


@settings(max_examples=400)
@given(st.recursive(ATOMS, _grown, max_leaves=6), st.text(alphabet="abc1-.\n", max_size=8))
def test_patterns_find_what_python_finds(pattern, text):
    expected = re.search(pattern.replace("$", r"\Z"), text) is not None
    assert searches(pattern, "", text, Steps()) is expected


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("ANA", "i", "ana", True),
        ("a.b", "", "a\nb", False),
        ("a.b", "s", "a\nb", True),
        ("^b$", "m", "a\nb\nc", True),
        ("^[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4})+$", "", "CH93 0076 2011 6238 5295 7000", True),
        ("^[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4})+$", "", "GB29 NWBK 601", False),
        ("", "", "x", True),
        ("[]a]", "", "]", True),
        ("hello[ ]world", "x", "helloworld", False),  # XPath functions 3.1, clause 5.6.2: not inside a class
        ("hello[ ]world", "x", "hello world", True),
        ("hello\\ sworld", "x", "hello world", True),
        ("hello world", "x", "helloworld", True),
        ("a \\[ b [] ] c { 2 }", "x", "a[b]cc", True),
        ("a\u00a0b", "x", "ab", False),  # no blank of XML
    ],
)
def test_flags_and_everyday_patterns(pattern, flags, text, found):
    assert searches(pattern, flags, text, Steps()) is found


@pytest.mark.parametrize("pattern", ["(a+)+$", "^(a|a)*$", "(a*)*b", "((a?){30}a{30}){2}b"])
def test_no_pattern_makes_it_hang(pattern):
    started = time.process_time()
    assert not searches(pattern, "", "a" * 60 + "!", Steps())
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "pattern", ["(", "a)", "[a", "*", "a{2", "a{3,1}", "(?=a)", "\\1", "\\", "[b-a]", "a{9999}{9999}"]
)
def test_a_pattern_that_can_not_be_read_is_refused(pattern):
    with pytest.raises(FeelError):
        searches(pattern, "", "a", Steps())
