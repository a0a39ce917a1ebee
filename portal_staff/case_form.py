"""The form of an acceptance case: facts typed by column, and what has to be decided for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from portal_staff.vocabulary import Vocabulary
from rulebook.acceptance import Answer
from rulebook.amounts import LONGEST, WrongNumber, read_number
from rulebook.bounds import LONGEST_CELL
from rulebook.column_words import takes_fact
from rulebook.feel.literals import read_date
from rulebook.said import in_words
from rulebook.table_parts import Column, DecisionTable
from ui.schema_form import Problem

FACT, OUTPUT = "f-", "o-"
MOST_LISTED = 100


@dataclass(frozen=True)
class FactField:
    """One fact as an input. options: (code, word) of what is known; is_closed: nothing else may be chosen."""

    name: str
    label: str
    kind: str
    text: str
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_closed: bool = False
    error: str = ""


@dataclass(frozen=True)
class OutputField:
    """One output of all answers: a line for each, as a cell says it."""

    name: str
    label: str
    text: str
    error: str = ""

    @property
    def lines(self) -> int:
        return max(2, len(self.text.splitlines()) + 1)


def fact_fields(
    table: DecisionTable, words: Vocabulary, typed: Mapping[str, str], errors: Mapping[str, str]
) -> list[FactField]:
    """The inputs of the facts that a table asks for."""
    return [_fact(column, words, typed.get(FACT + column.name, ""), errors) for column in table.inputs]


def _fact(column: Column, words: Vocabulary, text: str, errors: Mapping[str, str]) -> FactField:
    options: tuple[tuple[str, str], ...] = ()
    if column.type == "boolean":
        options = (("true", _("Yes")), ("false", _("No")))
    elif column.values:
        options = tuple((code, words.said(column.name, code)) for code in map(str, column.values))
    elif column.type == "text":
        options = tuple(words.named(column.name))[:MOST_LISTED]
    return FactField(
        name=FACT + column.name,
        label=words.label(column.name),
        kind=column.type,
        text=text,
        unit=words.said("unit", column.unit or "") if column.unit else "",
        options=options,
        is_closed=bool(column.values) or column.type == "boolean",
        error=errors.get(f"fact.{column.name}", ""),
    )


def facts_from(table: DecisionTable, typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts as JSON has them, and what is wrong, by `fact.NAME`; an empty one is not given."""
    facts, errors = {}, {}
    for column in table.inputs:
        text = typed.get(FACT + column.name, "").strip()
        if text:
            try:
                facts[column.name] = _value(column, text)
            except WrongNumber as wrong:
                errors[f"fact.{column.name}"] = in_words(wrong.sentence, _)
            except ValueError:
                errors[f"fact.{column.name}"] = takes_fact(column)
    return facts, errors


def _value(column: Column, text: str) -> Any:
    if column.type == "number":
        return read_number(column, text)
    if len(text) > LONGEST_CELL:
        raise ValueError
    if column.type == "boolean":
        return {"true": True, "false": False}.get(text) if text in ("true", "false") else _refuse()
    if column.type == "date":
        return text if len(text) <= LONGEST and read_date(text) else _refuse()
    if column.type == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _refuse() -> Any:
    raise ValueError


def typed_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """Facts as the form's inputs hold them."""
    return {FACT + name: _text(value) for name, value in facts.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, list) else str(value)


def output_fields(
    table: DecisionTable, words: Vocabulary, answer: Answer, typed: Mapping[str, str], errors: Mapping[str, str]
) -> list[OutputField]:
    """The inputs of what is expected: as it was typed, else as the table answers now."""
    fields = []
    for column in table.outputs:
        found = "\n".join(each.get(column.name, "null") for each in answer.outputs)
        text = typed.get(OUTPUT + column.name, found)
        error = errors.get(f"output.{column.name}", "")
        fields.append(OutputField(OUTPUT + column.name, words.label(column.name), text, error))
    return fields


def outputs_from(table: DecisionTable, typed: Mapping[str, str]) -> list[dict[str, str]]:
    """What was typed as expected: answer by answer, from a line of each output; short ones are filled with null."""
    lines = {column.name: _lines(typed.get(OUTPUT + column.name, "")) for column in table.outputs}
    return [dict(zip(lines, row)) for row in zip_longest(*lines.values(), fillvalue="")]


def rules_from(typed: Mapping[str, str]) -> list[str] | None:
    """The ids of the rules that must answer; None where it may be any."""
    if not typed.get("rules-matter"):
        return None
    return [rule for rule in (part.strip() for part in typed.get("rules", "").split(",")) if rule]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def problems_of(errors: Mapping[str, str], words: Vocabulary) -> Sequence[Problem]:
    """What is wrong, each with a link to its input."""
    return [_problem(place, said, words) for place, said in errors.items()]


def _problem(place: str, said: str, words: Vocabulary) -> Problem:
    side, _dot, name = place.partition(".")
    if side == "name":
        return Problem(said, _("Name of the case"), "case-name")
    if side in ("fact", "output") and name:
        return Problem(said, words.label(name), (FACT if side == "fact" else OUTPUT) + name)
    return Problem(said)
