"""What does not agree, and which days are compared: by example."""

from datetime import UTC, date, datetime

import pytest

from calendars.queries import calendar
from reconciliation.rules import Difference, Record, at_stake, compare, days_due, span_of

ONE = Record("R1", "TL-1", "full_acat", 100_00, "USD")
TWO = Record("R2", "TL-2", "name_change")
OFFICE = calendar("US-OFFICE")


def kinds(ours, theirs, *, elsewhere=(), listed_elsewhere=()):
    found = compare(
        ours, theirs, elsewhere={one.reference: one for one in elsewhere}, listed_elsewhere=listed_elsewhere
    )
    return [(one.kind, one.reference) for one in found]


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        ([], [], []),
        ([ONE, TWO], [TWO, ONE], []),
        ([ONE, TWO], [TWO], [("missing", "R1")]),
        ([ONE], [ONE, TWO], [("unknown", "R2")]),
        ([ONE], [ONE, ONE], [("doubled", "R1")]),
        ([ONE], [Record("R1", "TL-1", "full_acat", 99_00, "USD")], [("amount", "R1")]),
        ([ONE], [Record("R1", "TL-1", "full_acat", 100_00, "EUR")], [("amount", "R1")]),
        ([ONE], [Record("R1", "TL-1", "full_acat")], [("amount", "R1")]),
        ([ONE], [Record("R1", "TL-9", "full_acat", 100_00, "USD")], [("differs", "R1")]),
        ([TWO], [Record("R2", "TL-2", "account_closure")], [("differs", "R2")]),
        ([ONE], [ONE, Record("R1", "TL-1", "full_acat", 1_00, "USD")], [("amount", "R1"), ("doubled", "R1")]),
    ],
)
def test_each_difference_is_named_once(ours, theirs, found):
    assert kinds(ours, theirs) == found


def test_what_was_confirmed_around_midnight_is_no_break():
    assert kinds([], [ONE], elsewhere=[ONE]) == []  # on our side it counts to the next day
    assert kinds([ONE], [], listed_elsewhere=["R1"]) == []  # and then it stands on yesterday's statement


def test_what_stands_on_two_statements_is_doubled():
    assert kinds([], [ONE], elsewhere=[ONE], listed_elsewhere=["R1"]) == [("doubled", "R1")]


def test_what_is_at_stake():
    assert [at_stake("amount", 100, 70), at_stake("missing", 100, None), at_stake("unknown", None, None)] == [
        30, 100, 0,
    ]  # fmt: skip
    assert Difference("unknown", "R1", None, ONE).either == ONE


@pytest.mark.parametrize(
    ("last", "today", "days"),
    [
        (None, 17, [16]),
        (date(2026, 11, 16), 17, []),
        (date(2026, 11, 13), 17, [16]),
        (date(2026, 11, 11), 17, [12, 13, 16]),
        (date(2026, 11, 20), 17, []),
    ],
)
def test_days_that_nobody_compared_are_made_up_for(last, today, days):
    now = datetime(2026, 11, today, 12, 0, tzinfo=UTC)
    assert [day.day for day in days_due(OFFICE, last, now)] == days


def test_a_weekend_belongs_to_the_monday_after_it():
    assert span_of(OFFICE, date(2026, 11, 16)) == (
        datetime(2026, 11, 14, 5, 0, tzinfo=UTC),
        datetime(2026, 11, 17, 5, 0, tzinfo=UTC),
    )
