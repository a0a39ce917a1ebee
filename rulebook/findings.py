"""What speaks against a table beyond its shape: findings of those who know what it is about, named in wiring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.module_loading import import_string

from audit.reactions import wiring
from rulebook.checks import Example, facts_json
from rulebook.columns import column_problems
from rulebook.readers import reader_of
from rulebook.table_loading import Problem
from rulebook.tables import DecisionTable

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that speaks against some rows. level: an error holds a proposal, a warning is shown.

    message: as `rulebook.said` has it. rules: the ids of the rows ("" for the default). examples: facts that show it.
    """

    code: str
    level: str
    message: str
    rules: tuple[str, ...]
    column: str
    examples: tuple[Example, ...]

    @property
    def is_error(self) -> bool:
        return self.level == ERROR


def findings_alone(table: DecisionTable) -> list[Finding]:
    """What its rows alone show, whoever knows such tables; pure, asks nothing of the database."""
    judges = (import_string(each["alone"]) for each in wiring().FINDINGS.values() if "alone" in each)
    return [finding for judge in judges for finding in judge(table)]


def findings_here(kind: str, table: DecisionTable, now: datetime) -> list[Finding]:
    """What its rows show with the people of this firm at an instant, the errors first."""
    named = wiring().FINDINGS.get(kind)
    if named is None:
        return []
    found: Iterable[Finding] = import_string(named["here"])(table, now)
    return sorted(found, key=lambda finding: not finding.is_error)


def answers_alone(table: DecisionTable) -> list[tuple[str, dict[str, Any]]]:
    """What each row answers where no fact is known, by its id, the default last: an answer that takes facts is null."""
    scope = table.scope({})
    rows = [(rule.id, rule.outputs) for rule in table.rules]
    rows += [("default", table.default)] if table.default else []
    return [(rule, {name: cell.run(scope) for name, cell in cells.items()}) for rule, cells in rows]


def unworkable_cells(kind: str, table: DecisionTable) -> list[Problem]:
    """Cells with answers that whoever asks this kind of table could not work with."""
    named = wiring().TABLES.get(kind)
    return import_string(named)(table) if named else []


def findings_of_columns(body: Mapping[str, Any], kind: str = "") -> list[Finding]:
    """What speaks against a body's columns and hit policy: what its reader could not work with is an error.

    kind: the table's; "" where nobody is to be asked. That a column has no names for people is no finding.
    """
    reader = reader_of(kind)
    wanted = column_problems(body, reader=reader, known=body) if reader else {}
    found = [Finding("columns", ERROR, said, (), _column_at(body, place), ()) for place, said in wanted.items()]
    others = {place: said for place, said in column_problems(body).items() if ".label-" not in place}
    found += [Finding("columns", WARNING, said, (), _column_at(body, place), ())
              for place, said in others.items() if place not in wanted]  # fmt: skip
    return found


def _column_at(body: Mapping[str, Any], place: str) -> str:
    """The name of the column of a place as in `rulebook.columns`; of the table as a whole the place itself."""
    side, _dot, rest = place.partition(".")
    number = rest.partition(".")[0]
    return str(body[side][int(number)].get("name")) if number else side


def as_json(table: DecisionTable, finding: Finding) -> dict[str, Any]:
    """A finding as plain JSON: amounts are decimal strings."""
    return {
        "code": finding.code,
        "level": finding.level,
        "rules": list(finding.rules),
        "column": finding.column,
        "message": finding.message,
        "examples": [facts_json(table, example) for example in finding.examples],
    }
