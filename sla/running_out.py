"""Calendars that are in use and whose known years end soon: after them every day would count as the week says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from accounts.models import Branch
from calendars.queries import is_known, last_year_of
from rulebook.findings import answers_alone
from rulebook.models import TableVersion
from rulebook.queries import in_force, table_of
from sla.targets import TARGETS

NOTICE = timedelta(days=92)  # a quarter


def ending(now: datetime) -> dict[str, int]:
    """Calendars of branches and targets in force that end within a quarter: code → the last year that they know.

    Two statements, and one for each calendar of the firm's own.
    """
    known = {code: last_year_of(code) for code in sorted(set(_in_use(now))) if is_known(code)}
    return {code: last for code, last in known.items() if date(last, 12, 31) - now.date() <= NOTICE}


def _in_use(now: datetime) -> Iterator[str]:
    yield from Branch.objects.values_list("calendar", flat=True)
    try:
        table = table_of(in_force(TARGETS, now))
    except TableVersion.DoesNotExist:
        return
    yield from (code for _rule, cells in answers_alone(table) if isinstance(code := cells.get("calendar"), str))
