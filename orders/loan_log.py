"""Makes a loan log of the shape of a real one: a small probabilistic model with measured figures.

The same seed makes the same log. The two files have the columns that `orders.replay_log` reads.
"""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from orders.replay_items import AUTOMATIC, ENDINGS
from orders.replay_log import APPLICATION_COLUMNS, EVENT_COLUMNS, NODES

ACTIVITIES = {node: activity for activity, node in NODES.items()}
FIRST_DAY = datetime(2025, 10, 1, tzinfo=UTC)
DAYS = 152
NOBODY_SHARE = 0.07  # sittings for which the log names nobody

# Share of applications by what opens first; "" = declined at once by the credit check.
FIRST = {"handle_lead": 0.362, "complete_application": 0.371, "examine_fraud": 0.005, "": 0.262}

# How often a done item of a kind led to the next one or to an end.
NEXT = {
    "handle_lead": {"complete_application": 2515, "A_DECLINED": 2234, "examine_fraud": 21, "A_CANCELLED": 1},
    "complete_application": {"call_after_offer": 5015, "A_CANCELLED": 1166, "A_DECLINED": 1113, "examine_fraud": 3},
    "call_after_offer": {"assess": 3254, "call_after_offer": 1619, "A_CANCELLED": 1482, "A_DECLINED": 48},
    "assess": {"call_for_papers": 2188, "A_ACTIVATED": 2051, "A_DECLINED": 668, "examine_fraud": 33, "A_CANCELLED": 27},
    "call_for_papers": {
        "assess": 1736,
        "A_ACTIVATED": 195,
        "call_for_papers": 191,
        "A_CANCELLED": 131,
        "A_DECLINED": 86,
    },
    "examine_fraud": {"A_DECLINED": 57, "assess": 33, "handle_lead": 32, "complete_application": 2},
}


@dataclass(frozen=True)
class Pace:
    """How an item of a kind is worked: mean number of sittings, and medians in seconds of waiting, sitting, resting."""

    sittings: float
    wait: int
    sitting: int
    rest: int
    people: int


PACES = {
    "handle_lead": Pace(1.24, 2546, 115, 360, 55),
    "complete_application": Pace(3.4, 6318, 160, 15370, 60),
    "call_after_offer": Pace(3.4, 3600, 101, 90000, 60),
    "assess": Pace(1.6, 92884, 722, 2000, 50),
    "call_for_papers": Pace(4.8, 2462, 126, 11366, 58),
    "examine_fraud": Pace(2.2, 36829, 60, 5089, 5),
}
LONGEST_PAUSE = timedelta(days=7)
LONGEST_ITEM = timedelta(days=27)  # then its next sitting is the last one: longer than 30 days is hardly ever seen
AMOUNTS = (2000, 3000, 5000, 5000, 5000, 5750, 6500, 7500, 8400, 10000, 10000, 12000, 15000, 15000, 20000, 25000, 40000)
HOURS = (21, 11, 5, 3, 3, 1, 4, 11, 21, 57, 81, 95, 92, 97, 104, 94, 96, 75, 79, 88, 94, 80, 62, 36)


@dataclass
class _Case:
    """One application while it is being made."""

    number: str
    at: datetime
    amount: int
    until: datetime
    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    outcome: str = "OPEN"

    def write(self, activity: str, lifecycle: str = "COMPLETE", who: str = AUTOMATIC) -> None:
        """Note an event down, unless it lies after the log's end."""
        if self.at > self.until:
            return
        self.rows.append((self.number, _text(self.at), activity, lifecycle, who))
        if activity in ENDINGS:
            self.outcome = activity


def write_log(
    folder: Path, *, applications: int, seed: int, first_day: datetime = FIRST_DAY, days: int = DAYS
) -> tuple[Path, Path]:
    """Write `loan_applications.csv` and `loan_events.csv.gz` into a folder; returns their paths (applications, events).

    applications: how many, at least 0. first_day, days: when the log begins (aware) and how long it is; what would
    come later is not in it, so that some applications are open at its end.
    """
    cases = list(_cases(applications, Random(seed), first_day, days))
    folder.mkdir(parents=True, exist_ok=True)
    about, events = folder / "loan_applications.csv", folder / "loan_events.csv.gz"
    with about.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow((*APPLICATION_COLUMNS, "events", "last_event_at"))
        writer.writerows(_summary(case) for case in cases)
    with gzip.open(events, "wt", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(EVENT_COLUMNS)
        writer.writerows(row for case in cases for row in case.rows)
    return about, events


def _cases(count: int, random: Random, first_day: datetime, days: int) -> Iterator[_Case]:
    submitted = sorted(first_day + _submission_time(days, random) for _ in range(count))
    for position, at in enumerate(submitted):
        until = first_day + timedelta(days=days + 1)
        case = _Case(str(500_000 + 3 * position), at, random.choice(AMOUNTS), until)
        _live(case, random)
        yield case


def _submission_time(days: int, random: Random) -> timedelta:
    hour = random.choices(range(24), cum_weights=list(accumulate(HOURS)))[0]
    return timedelta(days=random.randrange(days), hours=hour, seconds=random.uniform(0, 3600))


def _live(case: _Case, random: Random) -> None:
    """Write the application's whole life, or as much of it as lies before the log's end."""
    case.write("A_SUBMITTED")
    case.write("A_PARTLYSUBMITTED")
    case.at += timedelta(seconds=random.uniform(5, 60))
    node = _drawn(FIRST, random)
    if not node:
        case.write("A_DECLINED")
        return
    case.write(ACTIVITIES[node], "SCHEDULE")
    while node and case.at < case.until:
        node = _work(case, node, random)


def _work(case: _Case, node: str, random: Random) -> str:
    """Write one item's sittings; returns the node of the next item, "" at the end."""
    pace, activity, opened_at = PACES[node], ACTIVITIES[node], case.at
    case.at += _about(pace.wait, random)
    for _ in range(_count(pace.sittings, random) - 1):
        if case.at - opened_at > LONGEST_ITEM:
            break
        who = _somebody(node, random)
        case.write(activity, "START", who)
        case.at += _about(pace.sitting, random)
        case.write(activity, "COMPLETE", who)
        case.at += _about(pace.rest, random)
    return _last_sitting(case, node, random)


def _last_sitting(case: _Case, node: str, random: Random) -> str:
    activity, who, after = ACTIVITIES[node], _somebody(node, random), _drawn(NEXT[node], random)
    case.write(activity, "START", who)
    case.at += _about(PACES[node].sitting, random)
    if after in ACTIVITIES:
        case.write(ACTIVITIES[after], "SCHEDULE", who)
    else:
        case.write(after, "COMPLETE", who)
    case.at += timedelta(seconds=random.uniform(1, 3))
    case.write(activity, "COMPLETE", who)
    return after if after in ACTIVITIES else ""


def _drawn(shares: dict[str, float] | dict[str, int], random: Random) -> str:
    return random.choices(list(shares), weights=list(shares.values()))[0]


def _count(mean: float, random: Random) -> int:
    """At least one, geometrically distributed around the mean."""
    count = 1
    while random.random() > 1 / mean:
        count += 1
    return count


def _about(median: int, random: Random) -> timedelta:
    """A duration around a median, with the long tail that waiting has."""
    return min(timedelta(seconds=1 + median * random.lognormvariate(0, 1.2)), LONGEST_PAUSE)


def _somebody(node: str, random: Random) -> str:
    if random.random() < NOBODY_SHARE:
        return ""
    return str(20_000 + 7 * random.randrange(PACES[node].people))


def _summary(case: _Case) -> tuple[str | int, ...]:
    submitted_at, last_at = case.rows[0][1], case.rows[-1][1]
    return case.number, submitted_at, case.amount, case.outcome, len(case.rows), last_at


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
