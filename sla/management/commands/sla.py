"""`manage.py sla due|elapsed --input FILE.jsonl`: due times and business time, one line out per line in."""

import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError

from audit.management.input import json_object, lines
from audit.management.one_line import CallRefused, OneLineCommand
from calendars import queries, shipped
from calendars.arithmetic.hours import parse_clock
from calendars.rules import Calendar
from sla.rules import Pause, due_time, elapsed


class Command(OneLineCommand):
    help = "Due times (due) and business seconds (elapsed) of JSON lines."
    requires_system_checks: list[str] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # each calendar is made once, so that its index is built once; bounded, as every line may bring another
        self._by_code = lru_cache(maxsize=64)(_by_code)
        self._by_text = lru_cache(maxsize=64)(lambda text: Calendar.from_json(json.loads(text)))

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = self.verbs(parser)
        for verb, says in (
            ("due", "due, yellow and red instant of each line"),
            ("elapsed", "business seconds of each line"),
        ):
            one = verbs.add_parser(verb, help=says)
            one.add_argument("--input", required=True, metavar="FILE", help="JSON lines; - reads standard input")
            one.add_argument("--json", action="store_true", help="print JSON, one line per line read")

    def answer(self, options: dict[str, Any]) -> int:
        """One line out for one line in; a blank line says nothing."""
        answer = due_of if options["verb"] == "due" else elapsed_of
        for where, line in lines(options["input"]):
            file, _, number = where.rpartition(":")
            try:
                found = answer(json_object(line, file, int(number)), self._calendar)
            except (ValueError, LookupError) as error:
                raise CallRefused(where, _sentence(error)) from None
            self.stdout.write(_show(found, as_json=options["json"]))
        return 0

    def _calendar(self, value: Any) -> Calendar:
        """A calendar by code or inline."""
        return self._by_code(value) if isinstance(value, str) else self._by_text(json.dumps(value))


CalendarOf = Callable[[Any], Calendar]
Answer = Callable[[dict[str, Any], CalendarOf], dict[str, Any]]


def due_of(row: dict[str, Any], calendar_of: CalendarOf) -> dict[str, Any]:
    """`{"due", "yellow", "red", "window_seconds"}` of one line. Raises ValueError, LookupError."""
    cal = calendar_of(_field(row, "calendar"))
    target = _field(row, "target")
    if not isinstance(target, str):
        raise ValueError(f"target: expected 3bd, PT8H or same_day, but got {target!r}.")
    window = due_time(cal, _instant(_field(row, "start"), "start"), target, _cutoff(row), _pauses(row))
    return {
        "due": window.due.isoformat(),
        "yellow": window.yellow.isoformat(),
        "red": window.red.isoformat(),
        "window_seconds": window.window_seconds,
    }


def elapsed_of(row: dict[str, Any], calendar_of: CalendarOf) -> dict[str, Any]:
    """`{"seconds"}` of one line: business time from start to end without the pauses. Raises ValueError, LookupError."""
    cal = calendar_of(_field(row, "calendar"))
    start, end = _instant(_field(row, "start"), "start"), _instant(_field(row, "end"), "end")
    if end - start < timedelta(0):  # astimezone stumbles at the edge of all dates
        raise ValueError(f"end: expected an instant not before the start, but got {row['end']!r}.")
    return {"seconds": elapsed(cal, start, end, _pauses(row))}


def _by_code(code: str) -> Calendar:
    """The firm's calendar of that code, or the shipped one; before the first migration there are only those."""
    try:
        return queries.calendar(code)
    except DatabaseError:
        return shipped.load(code)


def _field(row: dict[str, Any], name: str) -> Any:
    if row.get(name) is None:
        raise ValueError(f"{name}: expected a value, but there is none.")
    return row[name]


def _instant(value: Any, where: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        at = None
    if at is None or at.tzinfo is None:
        raise ValueError(f"{where}: expected an instant such as 2026-11-27T10:00:00-05:00, but got {value!r}.")
    return at


def _cutoff(row: dict[str, Any]) -> time | None:
    return None if row.get("cutoff") is None else parse_clock(row["cutoff"], "cutoff")


def _pauses(row: dict[str, Any]) -> list[Pause]:
    """`[[from, to], …]`; `to` null: it goes on."""
    pairs = row.get("pauses") or []
    if not isinstance(pairs, list) or any(not isinstance(pair, list) or len(pair) != 2 for pair in pairs):
        raise ValueError(f"pauses: expected a list of [from, to] pairs, but got {pairs!r}.")
    return [(_instant(begin, "pauses"), None if end is None else _instant(end, "pauses")) for begin, end in pairs]


def _show(answer: dict[str, Any], *, as_json: bool) -> str:
    return json.dumps(answer) if as_json else "  ".join(f"{key} {value}" for key, value in answer.items())


def _sentence(error: Exception) -> str:
    """A LookupError's own text, without the quotes that KeyError puts around it; one line."""
    return " ".join(str(error.args[0] if error.args else error).split())
