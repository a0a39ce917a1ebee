"""The bytes that digests are made of are those of RFC 8785, whichever way they were written."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import canonical, plain
from work.models import State

KEYS = st.text(max_size=4) | st.sampled_from(["order", "Order", "\ufb33", "😀", "\x7f"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
    | st.sampled_from(["\x00\x1f\x7f", '\u2028/\\"', "中\n"])
)


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20))
def test_the_bytes_are_those_of_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), [{"n": 10**20}], float("nan"), "\ud800", {"a": "\udfff"}])
def test_what_the_standard_cannot_write_is_refused(value):
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical(value)


def test_a_choice_is_a_text_like_any_other():
    assert type(plain({"state": State.PENDING})["state"]) is str
    assert canonical(plain([State.PENDING])) == rfc8785.dumps([str(State.PENDING.value)])
