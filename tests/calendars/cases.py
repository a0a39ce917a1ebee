"""Calendars that several tests use, and the oracle: a walk along the wall clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from calendars.rules import Calendar

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STEP = timedelta(minutes=5)  # edges of hours and clock changes lie on it
# a clock change in each: two a year at 02:00, none, half an hour, and one at midnight
CHANGES = {
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Europe/Amsterdam": [date(2026, 3, 29), date(2026, 10, 25)],
    "Asia/Shanghai": [date(2026, 2, 14), date(2026, 12, 31)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "America/Sao_Paulo": [date(2018, 2, 18), date(2018, 11, 4)],
}


def office(**changes) -> Calendar:
    """Monday to Friday 09:00–17:00 in New York."""
    week = {day: [["09:00", "17:00"]] for day in WEEK[:5]}
    return Calendar.from_json({"timezone": "America/New_York", "weekly": week} | changes)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def hours() -> st.SearchStrategy:
    """Up to three separate intervals of a day, edges on five minutes, 24:00 included."""
    edges = st.lists(st.integers(0, 288), min_size=2, max_size=6, unique=True).map(sorted)
    return edges.map(lambda found: [[clock(a * 5), clock(b * 5)] for a, b in zip(found[::2], found[1::2])])


@st.composite
def calendars_around(draw, days: int = 12) -> tuple[Calendar, date]:
    """A random calendar with exceptions around a clock change, and the day of that change."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    middle = draw(st.sampled_from(CHANGES[zone]))
    near = st.integers(-days, days).map(lambda n: str(middle + timedelta(days=n)))
    body = {
        "timezone": zone,
        # Wednesdays are never short, so that every walk meets enough open time
        "weekly": draw(st.dictionaries(st.sampled_from(WEEK), hours())) | {"wed": [["10:00", "16:00"]]},
        "holidays": draw(st.lists(near, max_size=6)),
        "working_days": draw(st.lists(near, max_size=3)),
        "hours_on": draw(st.dictionaries(near, st.one_of(st.just([]), hours()), max_size=4)),
    }
    return Calendar.from_json(body), middle


def open_steps(cal: Calendar, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every open step of [start, end), in UTC, found by looking at the wall clock.

    A wall-clock time is reached once: when clocks go back, the furthest time seen so far stays in force.
    """
    now, furthest = start.astimezone(UTC) - timedelta(days=2), datetime(1, 1, 1)
    begin, end = start.astimezone(UTC), end.astimezone(UTC)
    while now < end:
        furthest = max(furthest, now.astimezone(cal.zone).replace(tzinfo=None))
        if now >= begin and _is_open_at(cal, furthest):
            yield now
        now += STEP


def _is_open_at(cal: Calendar, wall: datetime) -> bool:
    second = wall.hour * 3600 + wall.minute * 60 + wall.second
    return any(begin <= second < end for begin, end in cal.hours(wall.date()))
