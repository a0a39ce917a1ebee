"""What a command is given: JSON from the command line or from files, with the place of what is wrong in it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rulebook.feel.json_text import read_json
from rulebook.tables import DecisionTable, Problem, TableError, load_table

Out = Callable[[str], None]
MAX_FILE_BYTES = 5 * 1024 * 1024


class BadInput(Exception):
    """The call or its input is wrong. lines: what standard error says, each `where: message`."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(" ".join(line.split()) for line in lines)


def read_text(path: str) -> str:
    """A file's text. Raises BadInput when it can't be read, is too large or is not UTF-8."""
    try:
        if Path(path).stat().st_size > MAX_FILE_BYTES:
            raise BadInput(f"{path}:1: The file is larger than {MAX_FILE_BYTES:,} bytes.")
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path}:1: {error.strerror or 'The file can not be read'}.") from None
    except ValueError:
        raise BadInput(f"{path}:1: The file is not UTF-8 text.") from None


def json_object(text: str, where: str, line: int | None = None) -> dict[str, Any]:
    """A JSON object. where: the file or option; line: its line there. Raises BadInput with the place."""
    try:
        value = read_json(text)
    except json.JSONDecodeError as error:
        at = (line or 1) + error.lineno - 1
        raise BadInput(f"{where}:{at}: Expected JSON, but {error.msg} at column {error.colno}.") from None
    except ValueError as error:
        raise BadInput(f"{where}:{line or 1}: {error}") from None
    if not isinstance(value, dict):
        raise BadInput(f"{where}:{line or 1}: Expected a JSON object, but got something else.")
    return value


def read_table(path: str) -> DecisionTable:
    """A decision table from its JSON file. Raises BadInput with one line for each bad cell."""
    text = read_text(path)
    try:
        return load_table(json_object(text, path))
    except TableError as error:
        lines = [f"{path}:{line_of(text, problem)}: {problem}" for problem in error.problems]
        raise BadInput(*lines) from None


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
