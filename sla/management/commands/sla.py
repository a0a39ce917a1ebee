"""`manage.py sla due|elapsed --input FILE.jsonl`: due times and business time, one line out per line in."""

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from calendars import queries, shipped
from calendars.arithmetic.hours import parse_clock
from calendars.rules import Calendar
from sla.rules import Pause, due_time, elapsed


class Command(BaseCommand):
    help = "Due times (due) and business seconds (elapsed) of JSON lines."
    requires_system_checks: list[str] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # each calendar is made once, so that its index is built once; bounded, as every line may bring another
        self._by_code = lru_cache(maxsize=64)(_by_code)
        self._by_text = lru_cache(maxsize=64)(lambda text: Calendar.from_json(json.loads(text)))

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, says in (
            ("due", "due, yellow and red instant of each line"),
            ("elapsed", "business seconds of each line"),
        ):
            one = verbs.add_parser(verb, help=says)
            one.add_argument("--input", required=True, metavar="FILE", help="JSON lines; - reads standard input")
            one.add_argument("--json", action="store_true", help="print JSON, one line per line read")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        name, answer = options["input"], due_of if verb == "due" else elapsed_of
        try:
            with _lines_of(name) as lines:
                for number, line in enumerate(lines, start=1):
                    self._answer(answer, line, f"{name}:{number}", as_json=options["json"])
        except OSError as error:
            self._refuse(f"{name}: {error.strerror}")

    def _answer(self, answer: "Answer", line: bytes, where: str, *, as_json: bool) -> None:
        """One line out for one line in; a blank line says nothing."""
        if not line.strip():
            return
        try:
            found = answer(_read(line), self._calendar)
        except (ValueError, LookupError) as error:
            self._refuse(f"{where}: {_sentence(error)}")
        self.stdout.write(_show(found, as_json=as_json))

    def _calendar(self, value: Any) -> Calendar:
        """A calendar by code or inline."""
        return self._by_code(value) if isinstance(value, str) else self._by_text(json.dumps(value))

    def _refuse(self, message: str) -> NoReturn:
        self.stderr.write(message)
        raise SystemExit(2)


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
    if end.astimezone(UTC) < start.astimezone(UTC):
        raise ValueError(f"end: expected an instant not before the start, but got {row['end']!r}.")
    return {"seconds": elapsed(cal, start, end, _pauses(row))}


def _by_code(code: str) -> Calendar:
    """The firm's calendar of that code, or the shipped one; before the first migration there are only those."""
    try:
        return queries.calendar(code)
    except DatabaseError:
        return shipped.load(code)


def _lines_of(name: str) -> Any:
    return nullcontext(sys.stdin.buffer) if name == "-" else open(name, "rb")


def _read(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except RecursionError:
        raise ValueError("expected JSON, but it is nested too deeply.") from None
    except ValueError as error:
        raise ValueError(f"expected JSON, but {error}.") from None
    if not isinstance(row, dict):
        raise ValueError(f"expected a JSON object, but got {type(row).__name__}.")
    return row


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
