"""One year of a calendar as sorted numbers, so that every question is a binary search.

Instants are microseconds since 1970-01-01T00:00Z, days are `date.toordinal()`.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice, takewhile
from zoneinfo import ZoneInfo

from calendars.arithmetic.hours import Hours
from calendars.arithmetic.refusals import TooFar

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000


@dataclass(frozen=True)
class Year:
    """Open intervals `[starts[i], ends[i])` of one local year.

    before[i]: open microseconds of the year before interval i. days: the working days, in order.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    days: tuple[int, ...]
    total: int

    def open_until(self, instant: int) -> int:
        """Open microseconds of this year before `instant`."""
        place = bisect_right(self.starts, instant) - 1
        if place < 0:
            return 0
        return self.before[place] + min(instant, self.ends[place]) - self.starts[place]


def build_year(number: int, zone: ZoneInfo, hours_of: Callable[[date], Hours]) -> Year:
    """The index of one year: the only loop over days there is, once per calendar and year."""
    intervals: list[tuple[int, int]] = []
    days: list[int] = []
    first = date(number, 1, 1).toordinal()
    for ordinal in range(first, date(number, 12, 31).toordinal() + 1):
        opened = open_intervals(date.fromordinal(ordinal), zone, hours_of)
        if opened:
            intervals += opened
            days.append(ordinal)
    return _indexed(intervals, days)


def common(year: Year, other: Callable[[int], Year], zone: ZoneInfo) -> Year:
    """What of a year another calendar, given by its years, is open as well. zone: whose dates the days are.

    A day of the one may lie in three years of the other's clock: those are looked at beside each other.
    """
    if not year.starts:
        return year
    first, last = ((EPOCH + timedelta(microseconds=edge)).year for edge in (year.starts[0], year.ends[-1]))
    others = [pair for number in range(first - 1, last + 2) for pair in _pairs_of(other, number)]
    shared: list[tuple[int, int]] = []
    place = 0
    for start, end in zip(year.starts, year.ends):
        while place < len(others) and others[place][1] <= start:
            place += 1
        shared += takewhile(lambda pair: pair[0] < pair[1], _overlaps(others, place, start, end))
    days = dict.fromkeys(to_datetime(start, zone).date().toordinal() for start, _ in shared)
    return _indexed(shared, list(days))


def _pairs_of(years: Callable[[int], Year], number: int) -> Iterable[tuple[int, int]]:
    try:
        year = years(number)
    except TooFar:  # beside the last year that there is
        return ()
    return zip(year.starts, year.ends)


def _overlaps(others: Sequence[tuple[int, int]], place: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What of [start, end) lies in the others from that place on; at last an empty one, or nothing."""
    for one in islice(others, place, None):
        yield max(start, one[0]), min(end, one[1])


def _indexed(intervals: Sequence[tuple[int, int]], days: Sequence[int]) -> Year:
    lengths = [end - start for start, end in intervals]
    return Year(
        starts=tuple(start for start, _ in intervals),
        ends=tuple(end for _, end in intervals),
        before=tuple(accumulate(lengths, initial=0))[:-1],
        days=tuple(days),
        total=sum(lengths),
    )


def open_intervals(day: date, zone: ZoneInfo, hours_of: Callable[[date], Hours]) -> list[tuple[int, int]]:
    """A day's hours as instants; hours that the clock jumps over vanish."""
    spans = ((instant_of(day, start, zone), instant_of(day, end, zone)) for start, end in hours_of(day))
    return [(start, end) for start, end in spans if start < end]


def instant_of(day: date, seconds: int, zone: ZoneInfo) -> int:
    """The instant of a wall-clock time.

    A time that comes twice (clocks put back) means the first; one that never comes (put forward) means the jump.
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001 the zone follows
    first, second = (to_microseconds(wall.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    if second < first:  # zoneinfo's sign of a time that never comes
        return _jump_between(second, first, zone)
    return first


def to_microseconds(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def to_datetime(instant: int, zone: ZoneInfo) -> datetime:
    """The instant on the wall clock of a zone. Raises TooFar where that lies before the first day or after the last."""
    try:
        return (EPOCH + timedelta(microseconds=instant)).astimezone(zone)
    except OverflowError:
        raise TooFar("Expected an instant within the calendar's years, but got one at the edge of all dates.") from None


def _jump_between(early: int, late: int, zone: ZoneInfo) -> int:
    """The instant at which the offset changes, to the second; lies in (early, late]."""
    before = to_datetime(early, zone).utcoffset()
    while late - early > SECOND:
        middle = early + (late - early) // SECOND // 2 * SECOND
        if to_datetime(middle, zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
