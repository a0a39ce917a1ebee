"""Due times a second over twenty years, against businesstimedelta on the same hours, holidays and questions.

Each question is a start at any second of the twenty years and an amount of business time from a minute to six weeks.
Every answer is the same instant, or the benchmark stops. Of both, a calendar that is at work already is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from calendars.rules import Calendar, add_business_days, add_business_time, business_seconds
from insights.bench.peers import Peer, peer
from insights.bench.results import PeerFigure, Result, Run

SIZE, ROUNDS = 400, 5
REPEATED = 20  # our turn of the same questions is so short that it is taken several times
ZONE, FIRST, LAST = "America/New_York", 2010, 2029
HOURS = [["09:00", "12:00"], ["13:30", "17:00"]]
WORKING = ("mon", "tue", "wed", "thu", "fri")
LONGEST = 30 * 6 * 3600 + 30 * 1800  # seconds: six weeks of these days
FIXED = ((1, 1), (7, 4), (11, 11), (12, 25))
Question = tuple[datetime, int]


def run(size: int | None = None) -> Result:
    """Ask `size` questions five times, alternating with the peer."""
    calendar = Calendar.from_json(_as_calendar())
    questions = _questions(size or SIZE)
    answers = [add_business_time(calendar, *question) for question in questions]
    ours: list[float] = []
    theirs: list[float] = []
    version = ""
    with peer("businesstimedelta_peer") as other:
        if other is not None:
            version = _same_answers(other, questions, answers)
        for _round in range(ROUNDS):
            ours.append(_rate(calendar, questions))
            theirs += [other.ask(do="measure")["rate"]] if other else []
    runs = [Run("due times/s", len(questions), round(median(ours)))]
    if theirs:
        runs.append(Run(f"due times/s: businesstimedelta {version}", len(questions), round(median(theirs))))
    runs += _of_the_others(calendar, questions, answers)
    rival = PeerFigure("businesstimedelta", version, median(theirs)) if theirs else None
    return Result("sla-arithmetic", len(questions), "due times/s", median(ours), runs, peer=rival)


def _as_calendar() -> dict[str, Any]:
    """Twenty years of offices with a lunch break that close on four days a year and on Thanksgiving."""
    weekly = dict.fromkeys(WORKING, HOURS)
    return {"timezone": ZONE, "weekly": weekly, "holidays": [str(day) for day in _holidays()]}


def _holidays() -> list[date]:
    years = range(FIRST, LAST + 3)  # a question at the end reaches into the years after
    thanksgivings = [_fourth_thursday(year) for year in years]
    return sorted([date(year, *day) for year in years for day in FIXED] + thanksgivings)


def _fourth_thursday(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def _questions(count: int) -> list[Question]:
    """The same ones each time."""
    drawn = Random(20260101)  # noqa: S311 - no secret
    begin = datetime(FIRST, 1, 1, tzinfo=UTC)
    span = int((datetime(LAST + 1, 1, 1, tzinfo=UTC) - begin).total_seconds())
    return [(begin + timedelta(seconds=drawn.randrange(span)), drawn.randrange(60, LONGEST)) for _ in range(count)]


def _same_answers(other: Peer, questions: Sequence[Question], answers: Sequence[datetime]) -> str:
    """The peer's version. Raises RuntimeError for the first question that it answers otherwise."""
    asked = [(start.isoformat(), seconds) for start, seconds in questions]
    calendar = {
        "zone": ZONE,
        "weekdays": [0, 1, 2, 3, 4],
        "hours": HOURS,
        "holidays": [str(day) for day in _holidays()],
    }
    said = other.ask(do="calendar", calendar=calendar, questions=asked)
    for (start, seconds), answer, theirs in zip(questions, answers, said["answers"], strict=True):
        if answer != datetime.fromisoformat(theirs):
            raise RuntimeError(f"Expected {answer} for {start} and {seconds} seconds, but the peer says {theirs}.")
    return str(said["version"])


def _rate(calendar: Calendar, questions: Sequence[Question]) -> float:
    began = perf_counter()
    for _turn in range(REPEATED):
        for start, seconds in questions:
            add_business_time(calendar, start, seconds)
    return REPEATED * len(questions) / (perf_counter() - began)


def _of_the_others(calendar: Calendar, questions: Sequence[Question], answers: Sequence[datetime]) -> list[Run]:
    """What the other questions to a calendar take: time between two instants, and business days."""
    began = perf_counter()
    for (start, _seconds), end in zip(questions, answers, strict=True):
        business_seconds(calendar, start, end)
    between = len(questions) / (perf_counter() - began)
    began = perf_counter()
    for start, _seconds in questions:
        add_business_days(calendar, start.date(), 10)
    days = len(questions) / (perf_counter() - began)
    count = len(questions)
    return [Run("times between/s", count, round(between)), Run("business days added/s", count, round(days))]
