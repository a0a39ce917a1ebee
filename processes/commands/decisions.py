"""The decision tables and business calendars that a steps file brings along."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from audit.management.input import read_bytes
from audit.management.one_line import CallRefused
from calendars.rules import Calendar
from processes.business_time import moment_after
from processes.engine import Answer
from processes.evaluate import Facts, value_of
from rulebook.dmn import DmnRefused, decision_of, read_model, rows_of
from rulebook.feel import compile_expression, compile_unary_tests
from rulebook.tables import DecisionTable, decide, load_table, read_facts

WORD = re.compile(r"[^\W\d]\w*")
MANY = ("collect", "rule_order", "output_order")
Table = Callable[[Mapping[str, Any]], Answer]
Decide = Callable[[str, Mapping[str, Any]], Answer]
Due = Callable[[str, datetime, str], datetime]


def decider(given: Mapping[str, Any], place: Callable[[str], str]) -> Decide:
    """What a process asks for a table's answer: DMN files, whole tables as `rules check` takes them, or rows of
    `{"when": {fact: cell}, "then": {output: FEEL or value}}`, of which the first that fits answers.

    place: where a file of that name lies. Raises CallRefused for a file that holds no such table, TableError for a
    table that is none, and ValueError for what is nothing of these.
    """
    tables = {
        key: _of_file(key, place(body)) if isinstance(body, str) else _table(key, body) for key, body in given.items()
    }

    def answer(key: str, variables: Mapping[str, Any]) -> Answer:
        if key not in tables:
            raise LookupError(f'there is no table "{key}" in the steps file')
        return tables[key](variables)

    return answer


def calendar_times(given: Mapping[str, Any]) -> Due:
    """The moment at which a duration of business time ends, by the code of its calendar. Raises ValueError."""
    calendars = {code: Calendar.from_json(body) for code, body in given.items()}

    def due(code: str, start: datetime, duration: str) -> datetime:
        if code not in calendars:
            raise ValueError(f'Expected a calendar "{code}" in the steps file, but there is none.')
        return moment_after(calendars[code], start, duration)

    return due


def _of_file(key: str, file: str) -> Table:
    try:
        model = read_model(read_bytes(file))
        decision = decision_of(model, key)
    except DmnRefused as refused:
        first, *others = refused.problems
        more = f" ({len(others)} more)" if others else ""
        raise CallRefused(f"{file}:{first.line}", f"{first}{more}") from refused
    return lambda variables: Answer(rows_of(model, decision, Facts(variables)), decision.single)


def _table(key: str, body: Any) -> Table:
    if isinstance(body, Mapping) and "inputs" in body:
        return _whole(key, body)
    rows = (body.get("rules") or body.get("rows")) if isinstance(body, Mapping) else body
    policy = str(body.get("hit_policy", "first")) if isinstance(body, Mapping) else "first"
    if not isinstance(rows, list) or not all(_is_row(row) for row in rows):
        raise ValueError(f'Expected table "{key}" as rows of {{"when": {{…}}, "then": {{…}}}}.')
    return lambda variables: _rows(rows, policy.lower(), variables)


def _is_row(row: Any) -> bool:
    return isinstance(row, Mapping) and all(isinstance(row.get(side, {}), Mapping) for side in ("when", "then"))


def _whole(key: str, body: Mapping[str, Any]) -> Table:
    table = load_table({"key": key, **body})
    single = _is_single(table)

    def answer(variables: Mapping[str, Any]) -> Answer:
        facts = read_facts(table, Facts(variables))
        return Answer(decide(table, facts).outputs, single)

    return answer


def _is_single(table: DecisionTable) -> bool:
    return table.hit_policy not in MANY


def _rows(rows: Sequence[Mapping[str, Any]], policy: str, variables: Mapping[str, Any]) -> Answer:
    facts = Facts(variables)
    found = [_outputs(row.get("then", {}), facts) for row in rows if _fits(row.get("when", {}), facts)]
    many = policy.startswith(MANY)
    return Answer(found if many else found[:1], not many)


def _fits(cells: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    return all(_matches(cell, facts.get(name), facts) for name, cell in cells.items())


def _matches(cell: Any, value: Any, facts: Mapping[str, Any]) -> bool:
    if not isinstance(cell, str):
        return value_of(cell) == value
    text = f'"{cell}"' if _is_bare(cell, facts) else cell
    return compile_unary_tests(text).matches(value, facts) is True


def _outputs(cells: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: compile_expression(cell).evaluate(facts) if isinstance(cell, str) and not _is_bare(cell, facts) else cell
        for name, cell in cells.items()
    }


def _is_bare(cell: str, facts: Mapping[str, Any]) -> bool:
    """A word that is no fact stands for itself."""
    return WORD.fullmatch(cell) is not None and cell not in facts and cell not in ("true", "false", "null")
