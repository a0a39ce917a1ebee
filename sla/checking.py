"""What an escalation table must be able to say, beyond being a table: found when it is written, not when used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_loading import Problem
from rulebook.tables import DecisionTable
from sla.rules import BadTarget, parse_target


def unworkable_cells(table: DecisionTable) -> list[Problem]:
    """Cells that no sweep can work with: an interval that is none. Cells that depend on facts are read without them."""
    scope = table.scope({})
    rows = [(rule.id, rule.outputs) for rule in table.rules]
    rows += [("default", table.default)] if table.default else []
    read = ((rule, {name: cell.run(scope) for name, cell in cells.items()}) for rule, cells in rows)
    return [problem for rule, cells in read for problem in _problems(rule, cells)]


def _problems(rule: str, cells: Mapping[str, Any]) -> Iterator[Problem]:
    interval = cells.get("interval")
    if interval is not None and not _is_interval(interval):
        yield Problem(rule, "interval", Said(_("Expected a time such as PT2H or 1bd, but got something else.")))


def _is_interval(value: Any) -> bool:
    try:
        return isinstance(value, str) and parse_target(value).days != 0
    except BadTarget:
        return False
