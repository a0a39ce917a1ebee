"""Which calendar stands behind a code: a shipped one, or the version in force of the firm's own."""

from __future__ import annotations

from functools import lru_cache, reduce
from typing import Any

import orjson
from django.db.models import QuerySet

from calendars import shipped
from calendars.arithmetic.calendar import LAST_YEAR
from calendars.models import CalendarRow, CalendarVersion
from calendars.rules import Calendar
from calendars.shipped import UnknownCalendar
from rulebook.change_control import State

TOGETHER = "+"  # US-OFFICE+NYSE: open only when both are
MOST_TOGETHER = 4


def calendar(code: str) -> Calendar:
    """The calendar of a code, or of several joined by `TOGETHER`: open only when all are, on the clock of the first.

    One statement for each that the firm keeps itself, none for shipped ones. Raises UnknownCalendar.
    """
    if code in shipped.codes():
        return shipped.load(code)
    codes = code.split(TOGETHER)
    if len(codes) > MOST_TOGETHER:
        raise UnknownCalendar(f"Expected at most {MOST_TOGETHER} calendars together, but got {len(codes)}.")
    return _compiled(tuple(orjson.dumps(_body(each)) for each in codes))


def _body(code: str) -> dict[str, Any]:
    version = None if code in shipped.codes() else _governing(code).first()
    return version.body if version else shipped.document(code)["calendar"]


def last_year_of(code: str) -> int:
    """The last year whose days off are known: the shipped file's, or the last one that the firm's own calendar names.

    One that names none knows as much of every year. Of calendars together the earliest. Raises UnknownCalendar.
    """
    return min(map(_last_year, code.split(TOGETHER)))


def _last_year(code: str) -> int:
    if code in shipped.codes():
        return shipped.coverage(code).last
    body = _body(code)
    named = [day[:4] for part in ("holidays", "working_days", "hours_on") for day in body.get(part) or ()]
    return int(max(named, default=LAST_YEAR))


def is_known(code: str) -> bool:
    """Whether a calendar stands behind a code, or calendars behind several: statements as for `calendar`."""
    try:
        return bool(calendar(code))
    except UnknownCalendar:
        return False


def versions_of(row: CalendarRow) -> QuerySet[CalendarVersion]:
    """All versions of a calendar, the newest first, with who made and checked them: one statement."""
    return row.versions.select_related("maker", "checker", "calendar").order_by("-number")


def _governing(code: str) -> QuerySet[CalendarVersion]:
    return CalendarVersion.objects.filter(calendar__code=code, state=State.IN_FORCE)


@lru_cache(maxsize=64)
def _compiled(bodies: tuple[bytes, ...]) -> Calendar:
    first, *others = (Calendar.from_json(orjson.loads(body)) for body in bodies)
    return reduce(Calendar.together_with, others, first)
