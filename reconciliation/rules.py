"""Comparing a custodian's statement with our own records, and which days are to be compared. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from calendars.rules import Calendar, subtract_business_days

MOST_DAYS = 20  # working days that are made up for after a long silence


@dataclass(frozen=True)
class Record:
    """One confirmed thing, on either side. minor: amount in the currency's smallest unit; None: it has no amount."""

    reference: str
    order: str
    operation: str
    minor: int | None = None
    currency: str = ""


@dataclass(frozen=True)
class Difference:
    """What does not agree. kind: missing, unknown, amount, doubled or differs."""

    kind: str
    reference: str
    ours: Record | None
    theirs: Record | None

    @property
    def either(self) -> Record | None:
        """Our record, or the line where we have none."""
        return self.ours or self.theirs


def at_stake(kind: str, ours: int | None, theirs: int | None) -> int:
    """The amount in question, in the smallest unit: the difference of two amounts, else the larger of both."""
    return abs((ours or 0) - (theirs or 0)) if kind == "amount" else max(ours or 0, theirs or 0)


def compare(
    ours: Sequence[Record],
    theirs: Sequence[Record],
    *,
    elsewhere: Mapping[str, Record],
    listed_elsewhere: Collection[str],
) -> list[Difference]:
    """Every difference, each reference at most once of a kind: what they list in its order, then what they leave out.

    ours: our confirmations of the day; theirs: the statement's lines.
    elsewhere: our confirmations of other days by reference; listed_elsewhere: references in statements of other days.
    """
    known = {**elsewhere, **{record.reference: record for record in ours}}
    listed = Counter(line.reference for line in theirs)
    found = {
        (difference.kind, difference.reference): difference
        for line in reversed(theirs)
        for difference in _of_line(line, known.get(line.reference))
    }
    for line in theirs:
        if listed[line.reference] > 1 or line.reference in listed_elsewhere:
            found["doubled", line.reference] = Difference("doubled", line.reference, known.get(line.reference), line)
    order = {reference: place for place, reference in enumerate(listed)}
    sorted_found = sorted(found.values(), key=lambda one: (order[one.reference], one.kind))
    absent = [one for one in ours if one.reference not in listed and one.reference not in listed_elsewhere]
    return sorted_found + [Difference("missing", one.reference, one, None) for one in absent]


def _of_line(line: Record, mine: Record | None) -> Iterator[Difference]:
    if mine is None:
        yield Difference("unknown", line.reference, None, line)
        return
    if (line.order, line.operation) != (mine.order, mine.operation):
        yield Difference("differs", line.reference, mine, line)
    if (line.minor, line.currency) != (mine.minor, mine.currency):
        yield Difference("amount", line.reference, mine, line)


def days_due(cal: Calendar, last: date | None, now: datetime) -> list[date]:
    """The working days before today after the last one that was reconciled; at first only the latest of them."""
    newest = subtract_business_days(cal, now.astimezone(cal.zone).date(), 1)
    if last is None:
        return [newest]
    days: list[date] = []
    day = newest
    while day > last and len(days) < MOST_DAYS:
        days.append(day)
        day = subtract_business_days(cal, day, 1)
    return days[::-1]


def span_of(cal: Calendar, day: date) -> tuple[datetime, datetime]:
    """From when until when (exclusive) something belongs to a working day: the days without work before it as well."""
    first = subtract_business_days(cal, day, 1) + timedelta(days=1)
    return _midnight(cal, first), _midnight(cal, day + timedelta(days=1))


def _midnight(cal: Calendar, day: date) -> datetime:
    return datetime.combine(day, time(), cal.zone).astimezone(UTC)
