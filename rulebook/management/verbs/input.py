"""What the verbs are given: tables as JSON files, with the place of what is wrong in them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from audit.management.input import json_object, read_text
from audit.management.one_line import CallRefused
from rulebook.feel.json_text import read_json
from rulebook.tables import DecisionTable, Problem, TableError, load_table
from rulebook.typed_cells import doubtful_cells

Out = Callable[[str], None]


class BadTable(CallRefused):
    """A file is JSON but no table. problems: every one as its line in the file and a sentence."""

    def __init__(self, path: str, problems: list[tuple[int, Problem]]) -> None:
        (line, first), *others = problems
        more = f" ({len(others)} more)" if others else ""
        super().__init__(f"{path}:{line}", f"{first}{more}")
        self.problems = problems


def facts_of(text: str, where: str, line: int = 1) -> dict[str, Any]:
    """A JSON object with exact numbers. where: the file or option; line: its line there. Raises CallRefused."""
    return json_object(text, where, line, read=read_json)


def read_table(path: str) -> DecisionTable:
    """A decision table from its JSON file. Raises CallRefused."""
    return table_in(read_text(path), path)


def table_in(text: str, path: str) -> DecisionTable:
    """A decision table from a file's text. Raises CallRefused, and BadTable with each bad cell."""
    try:
        return load_table(facts_of(text, path))
    except TableError as error:
        raise _bad(text, path, error.problems) from None


def typed_table_in(text: str, path: str) -> DecisionTable:
    """The same, of which no cell says something else than it seems to. Raises CallRefused, BadTable.

    A cell that reads a fact which nobody declares is left to the check.
    """
    body = facts_of(text, path)
    doubts = list(doubtful_cells(body))
    table = table_in(text, path)
    left = {(rule, column) for rule, column, _name in table.unknown_facts}
    problems = [each for each in doubts if (each.rule, each.column) not in left]
    if problems:
        raise _bad(text, path, problems)
    return table


def _bad(text: str, path: str, problems: Iterable[Problem]) -> BadTable:
    return BadTable(path, [(line_of(text, problem), problem) for problem in problems])


def line_of(text: str, problem: Problem) -> int:
    """The line of a table's file where a problem's rule, and in it the column, is written; 1 where it isn't found."""
    lines = text.splitlines()
    start = _next(lines, f'"{problem.rule}"', 0) if problem.rule else 0
    if start is None:
        return 1
    found = _next(lines, f'"{problem.column}"', start) if problem.column else start
    return (start if found is None else found) + 1


def _next(lines: list[str], wanted: str, start: int) -> int | None:
    return next((place for place in range(start, len(lines)) if wanted in lines[place]), None)


def plain(facts: Mapping[str, Any]) -> str:
    """Facts as a person reads them."""
    return ", ".join(f"{name} {'-' if value is None else value}" for name, value in facts.items())
