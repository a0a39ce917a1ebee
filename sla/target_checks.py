"""What speaks against the rows of the table of targets: times that are none, calendars that nobody has or that end, and
targets that are looser than the regulation in force. Source: seed decision 11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any

from calendars.queries import calendar, is_known, last_year_of
from calendars.rules import Calendar, CalendarError
from rulebook.findings import WARNING, Finding, answers_alone
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_loading import Problem
from rulebook.tables import DecisionTable
from sla.rules import BadTarget, due_time, parse_target

Cells = Mapping[str, Any]
BEYOND = _("The target ends beyond %(year)s, the last year that the calendar %(code)s knows.")
LOOSER = _("%(target)s is looser than %(source)s allows (%(limit)s): the earlier one governs band and escalation.")


def unworkable_cells(table: DecisionTable) -> list[Problem]:
    """Cells that no clock can start with. Cells that depend on facts are read without them.

    One statement for each calendar of the firm's own that is named.
    """
    return [problem for rule, cells in answers_alone(table) for problem in _problems(rule, cells)]


def findings(table: DecisionTable, now: datetime) -> list[Finding]:
    """Targets that end later than the regulation allows, or after the years that their calendar knows, if they began
    now. One statement for each calendar of the firm's own that is named."""
    workable = ((rule, cells) for rule, cells in answers_alone(table) if not any(_problems(rule, cells)))
    return [finding for rule, cells in workable if cells.get("target") for finding in _judged(rule, cells, now)]


def _problems(rule: str, cells: Cells) -> Iterator[Problem]:
    for name in ("target", "limit"):
        if cells.get(name) is not None and not _is_target(cells[name]):
            yield Problem(rule, name, Said(_("Expected a time such as 3bd, PT8H or same_day, but got something else.")))
    code = cells.get("calendar")
    if code is not None and not (isinstance(code, str) and is_known(code)):
        yield Problem(rule, "calendar", Said(_("There is no calendar “%(code)s”."), code=str(code)[:40]))
    if cells.get("target") and not code:
        yield Problem(rule, "calendar", Said(_("Expected the calendar by which the target is counted.")))
    if cells.get("cutoff") is not None and _cutoff(cells) is None:
        yield Problem(rule, "cutoff", Said(_("Expected a time of day such as 14:00, but got something else.")))
    if cells.get("limit") and cells.get("regulatory") is not True:
        sentence = _("A limit is that of a regulation: expected the row to be regulatory.")
        yield Problem(rule, "regulatory", Said(sentence))


def _judged(rule: str, cells: Cells, now: datetime) -> Iterator[Finding]:
    code, cal = cells["calendar"], calendar(cells["calendar"])
    due, last = _due(cal, cells["target"], cells, now), last_year_of(code)
    if due is None or due.year > last:
        said = Said(BEYOND, year=last, code=code)
        yield Finding("beyond_calendar", WARNING, said, (rule,), "target", ())
    allowed = _due(cal, cells["limit"], cells, now) if cells.get("limit") else None
    if due and allowed and due > allowed:
        source = cells.get("driver") or Said(_("the regulation"))
        said = Said(LOOSER, target=cells["target"], limit=cells["limit"], source=source)
        yield Finding("looser_than_regulation", WARNING, said, (rule,), "target", ())


def _due(cal: Calendar, target: str, cells: Cells, now: datetime) -> datetime | None:
    try:
        return due_time(cal, now, target, _cutoff(cells)).due
    except CalendarError:
        return None


def _is_target(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(parse_target(value))
    except BadTarget:
        return False


def _cutoff(cells: Cells) -> time | None:
    try:
        return time.fromisoformat(cells["cutoff"]) if cells.get("cutoff") else None
    except (TypeError, ValueError):
        return None
