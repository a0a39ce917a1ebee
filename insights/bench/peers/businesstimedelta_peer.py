"""businesstimedelta: an instant plus business time, over weekly hours with a lunch break and holidays."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, time
from importlib.metadata import version
from time import perf_counter
from typing import Any

import pytz
from businesstimedelta import BusinessTimeDelta, HolidayRule, LunchTimeRule, Rules, WorkDayRule

Question = tuple[datetime, BusinessTimeDelta]


def read_rules(calendar: dict[str, Any]) -> Rules:
    """Its rules: the hours of every working day without its break, but for the holidays."""
    zone, days = pytz.timezone(calendar["zone"]), calendar["weekdays"]
    (opens, noon), (after, closes) = (tuple(map(time.fromisoformat, pair)) for pair in calendar["hours"])
    work = WorkDayRule(start_time=opens, end_time=closes, working_days=days, tz=zone)
    lunch = LunchTimeRule(start_time=noon, end_time=after, working_days=days, tz=zone)
    holidays = dict.fromkeys(map(date.fromisoformat, calendar["holidays"]), "holiday")
    return Rules([work, lunch, HolidayRule(holidays, tz=zone)])


def due(question: Question) -> datetime:
    """The instant in UTC: that of the calendar's own zone may be an hour off in its clock, not in time."""
    start, amount = question
    return (start + amount).astimezone(UTC)


def main() -> None:
    """Answer until nobody asks any more."""
    questions: list[Question] = []
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "calendar":
            rules = read_rules(request["calendar"])
            questions = [
                (datetime.fromisoformat(start), BusinessTimeDelta(rules, seconds=seconds))
                for start, seconds in request["questions"]
            ]
            answers = [due(question).isoformat() for question in questions]
            answer: dict[str, Any] = {"version": version("businesstimedelta"), "answers": answers}
        else:
            began = perf_counter()
            for question in questions:
                due(question)
            answer = {"rate": len(questions) / (perf_counter() - began)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
