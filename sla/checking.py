"""What an escalation table must be able to say, beyond being a table: found when it is written, not when used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulebook.findings import answers_alone
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_loading import Problem
from rulebook.tables import DecisionTable
from sla.rules import BadTarget, parse_target


def unworkable_cells(table: DecisionTable) -> list[Problem]:
    """Cells that no sweep can work with: an interval that is none. Cells that depend on facts are read without them."""
    return [problem for rule, cells in answers_alone(table) for problem in _problems(rule, cells)]


def _problems(rule: str, cells: Mapping[str, Any]) -> Iterator[Problem]:
    interval = cells.get("interval")
    if interval is not None and not _is_interval(interval):
        yield Problem(rule, "interval", Said(_("Expected a time such as PT2H or 1bd, but got something else.")))


def _is_interval(value: Any) -> bool:
    try:
        return isinstance(value, str) and parse_target(value).days != 0
    except BadTarget:
        return False
