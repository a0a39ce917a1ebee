"""Different people for every signature: as many as trying all ways finds."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from approvals.matching import can_all_be_filled, matched

PEOPLE = st.lists(st.sets(st.integers(0, 5), max_size=5), max_size=5)


def most_by_trying_all(slots):
    """The largest number of slots that different people fill: every way is tried. None: the slot stays empty."""
    ways = product(*[[None, *slot] for slot in slots])
    filled = [[person for person in way if person is not None] for way in ways]
    return max(len(way) for way in filled if len(way) == len(set(way)))


@settings(max_examples=400)
@given(PEOPLE)
def test_no_way_fills_more(slots):
    found = matched(slots)
    assert len(found) == most_by_trying_all(slots)
    assert len(set(found.values())) == len(found)
    assert all(person in slots[slot] for slot, person in found.items())
    assert can_all_be_filled(slots) == (len(found) == len(slots))


def test_whoever_sits_where_only_another_could_moves():
    assert matched([[1, 2], [1]]) == {0: 2, 1: 1}
    assert matched([[1, 2], [1, 3], [2], [3]]).keys() != {0, 1, 2, 3}


def test_whom_one_would_rather_ask_is_asked():
    assert matched([[2, 1]]) == {0: 2}
