"""Cells that can be read but say something else than was meant: what people type who never saw the language.

`500,000` is two numbers, `wire` without quotes is the name of a fact, an amount has the column's currency and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rulebook.amounts import WrongNumber, expect_currency
from rulebook.feel import FeelError, compile_expression
from rulebook.feel.limits import Steps
from rulebook.feel.scope import STEPS
from rulebook.feel.values import admit
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_loading import KINDS, OUTPUT_EXAMPLES, Problem, TableError, load_table
from rulebook.table_parts import TYPES, Column, DecisionTable

QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?!\d)")
BARE = re.compile(r"[A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*")
CONTINENTAL = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+),(\d{1,2})(?!\d)")
RANGE = re.compile(r"\[?\s*(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)\s*\]?")
NOT_WORDS = frozenset({"true", "false", "null", "not"})


def read_typed(body: Mapping[str, Any]) -> DecisionTable:
    """The table of a body that somebody typed. Raises TableError with every cell that is wrong or says other things."""
    doubts = list(doubtful_cells(body))
    places = {(each.rule, each.column) for each in doubts}
    try:
        table = load_table(body)
    except TableError as error:
        raise TableError([*doubts, *(p for p in error.problems if (p.rule, p.column) not in places)]) from None
    if doubts:
        raise TableError(doubts)
    return table


def doubtful_cells(body: Mapping[str, Any]) -> Iterator[Problem]:
    """The cells of a body that mean something else than they seem to."""
    inputs, outputs = _columns(body, "inputs"), _columns(body, "outputs")
    for rule, side, cells in _parts(body):
        for name, text in cells.items():
            column = (inputs if side == "when" else outputs).get(name)
            if column is None or column.type not in TYPES or not isinstance(text, str):
                continue
            judge = _wrong_condition if side == "when" else _wrong_output
            said = doubt(column, text, inputs) or judge(column, text)
            if said:
                yield Problem(rule, name, said)


def doubt(column: Column, text: str, facts: Mapping[str, Any]) -> str:
    """What a cell seems to mean and does not, or nothing. facts: the names that a cell may speak of."""
    plain = QUOTED.sub("", text)
    words = [word.strip() for word in text.split(",")] if BARE.fullmatch(text.strip()) else []
    are_names = bool(words) and not NOT_WORDS & set(words) and not facts.keys() & set(words)
    if column.type == "boolean" and are_names:
        return Said(_("Expected true or false, but got %(found)s."), found=text.strip())
    if column.type == "number":
        try:
            expect_currency(column, plain)
        except WrongNumber as wrong:
            return wrong.sentence
        for found, meant in _grouped(plain):
            sentence = _(
                "%(found)s is read as several numbers. Write %(number)s; between several put a comma and a space."
            )
            return Said(sentence, found=found, number=meant)
        if column.unit and re.search(rf"\b{re.escape(column.unit)}\b", plain):
            return Said(_("The column counts in %(unit)s already: write the number alone."), unit=column.unit)
    if column.type in ("text", "list") and are_names:
        return Said(_("Words stand in quotes: %(example)s."), example=_quoted(column, words))
    if column.type in ("number", "date") and are_names:
        sentence = _("“%(name)s” is no column of the table; a %(kind)s is written as in %(example)s.")
        return Said(sentence, name=words[0], kind=Said(KINDS[column.type]), example=OUTPUT_EXAMPLES[column.type])
    return ""


def _grouped(text: str) -> Iterator[tuple[str, str]]:
    """Numbers with signs between their thousands, each with what was meant: 500,000 and 1.500,00."""
    for found in THOUSANDS.finditer(text):
        yield found[0], found[0].replace(",", "")
    for found in CONTINENTAL.finditer(text):
        yield found[0], f"{found[1].replace('.', '')}.{found[2]}"


def _wrong_condition(column: Column, text: str) -> str:
    """A range of numbers as people write it, which is read as one number: the first less the other."""
    for part in text.split(",") if column.type == "number" else ():
        found = RANGE.fullmatch(part.strip())
        if found:
            sentence = _("%(found)s is read as a subtraction. Write [%(low)s..%(high)s] for all from one to the other.")
            return Said(sentence, found=part.strip(), low=found[1], high=found[2])
    return ""


def _quoted(column: Column, words: list[str]) -> str:
    quoted = ", ".join(f'"{word}"' for word in words)
    return f"[{quoted}]" if column.type == "list" else quoted


def _wrong_output(column: Column, text: str) -> str:
    """Why an output is of another type than its column, or none of its values; one that reads facts isn't judged."""
    try:
        expression = compile_expression(text)
        value = None if expression.names else expression.run({STEPS: Steps()})
    except FeelError:
        return ""  # told where the table is read, or decided
    if value is None:
        return ""
    if type(value) is not TYPES[column.type]:
        sentence = _("%(cell)s: a %(kind)s column takes for example %(example)s.")
        example = OUTPUT_EXAMPLES[column.type]
        return Said(sentence, cell=repr(text), kind=Said(KINDS[column.type]), example=example)
    if column.values and value not in column.values:
        known = ", ".join(map(str, column.values))
        return Said(
            _("%(cell)s: expected one of %(known)s, but got %(found)s."), cell=repr(text), known=known, found=value
        )
    return ""


def _columns(body: Mapping[str, Any], side: str) -> dict[str, Column]:
    given = body.get(side)
    items = [item for item in given if isinstance(item, Mapping)] if isinstance(given, list) else []
    return {str(item.get("name")): _column(item) for item in items}


def _column(item: Mapping[str, Any]) -> Column:
    try:
        values = tuple(admit(value) for value in item.get("values") or ())
    except (FeelError, TypeError):
        values = ()
    return Column(str(item.get("name")), str(item.get("type")), item.get("unit"), values)


def _parts(body: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    rules = body.get("rules")
    for rule in rules if isinstance(rules, list) else ():
        if isinstance(rule, Mapping):
            for side in ("when", "then"):
                cells = rule.get(side)
                if isinstance(cells, Mapping):
                    yield str(rule.get("id")), side, cells
    default = body.get("default")
    if isinstance(default, Mapping):
        yield "default", "then", default
