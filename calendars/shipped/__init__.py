"""The calendars that come with the product, as data: one JSON file each, made by `calendars.sources`.

A file holds `{"code", "name": {"en", "zh-Hans"}, "covers": [first year, last year], "provisional": [years],
"sources": {package: version}, "calendar": {the inline form}}`. A provisional year has the holidays that the law
fixes; the notice that moves them and names the make-up days is not out yet.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from calendars.rules import Calendar

FOLDER = Path(__file__).parent


class UnknownCalendar(LookupError):
    """No calendar of that code is shipped."""


@dataclass(frozen=True)
class Coverage:
    """The years, both included, whose holidays a shipped calendar knows, and those of them that may still change."""

    first: int
    last: int
    provisional: tuple[int, ...]


@lru_cache
def codes() -> tuple[str, ...]:
    """Codes of the shipped calendars, sorted."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.json")))


@lru_cache
def document(code: str) -> dict[str, Any]:
    """A shipped file as it stands; don't change the answer. Raises UnknownCalendar."""
    if code not in codes():
        raise UnknownCalendar(f"Expected one of {', '.join(codes())}, but got {code!r}.")
    return json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8"))


@lru_cache
def load(code: str) -> Calendar:
    """A shipped calendar, shared by everybody who asks. Raises UnknownCalendar."""
    return Calendar.from_json(document(code)["calendar"])


def name(code: str) -> dict[str, str]:
    """The calendar's name, `{"en", "zh-Hans"}`. Raises UnknownCalendar."""
    return document(code)["name"]


def coverage(code: str) -> Coverage:
    """The years that the calendar knows. Raises UnknownCalendar."""
    body = document(code)
    first, last = body["covers"]
    return Coverage(first, last, tuple(body["provisional"]))
