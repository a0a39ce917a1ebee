"""Which calendar stands behind a code: a shipped one, or the version in force of the firm's own."""

from __future__ import annotations

from functools import lru_cache

import orjson
from django.db.models import QuerySet

from calendars import shipped
from calendars.models import CalendarRow, CalendarVersion
from calendars.rules import Calendar
from rulebook.change_control import State


def calendar(code: str) -> Calendar:
    """The calendar of a code. Raises UnknownCalendar. One statement where the firm keeps its own, none for shipped."""
    if code in shipped.codes():
        return shipped.load(code)
    version = _governing(code).first()
    return _compiled(orjson.dumps(version.body)) if version else shipped.load(code)


def is_known(code: str) -> bool:
    """Whether a calendar stands behind a code: at most one statement."""
    return code in shipped.codes() or _governing(code).exists()


def versions_of(row: CalendarRow) -> QuerySet[CalendarVersion]:
    """All versions of a calendar, the newest first, with who made and checked them: one statement."""
    return row.versions.select_related("maker", "checker", "calendar").order_by("-number")


def _governing(code: str) -> QuerySet[CalendarVersion]:
    return CalendarVersion.objects.filter(calendar__code=code, state=State.IN_FORCE)


@lru_cache(maxsize=64)
def _compiled(body: bytes) -> Calendar:
    return Calendar.from_json(orjson.loads(body))
