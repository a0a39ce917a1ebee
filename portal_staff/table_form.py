"""A decision table as an HTML form: from its body to rows of inputs, and from what was posted back to a body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from audit.refusals import Invalid
from rulebook.bounds import MOST_RULES, NOTES
from rulebook.feel.values import admit
from rulebook.feel.writing import as_expression
from rulebook.table_loading import EXAMPLES, KINDS, OUTPUT_EXAMPLES, TableError
from rulebook.typed_cells import read_typed
from ui.schema_form import Problem
from ui.words import pick_text

CELL = re.compile(r"(?:r\d{1,4}|default)-(when|then)-(\w{1,80})")
LINE = 24  # characters of a cell beside each other
FIELDS_PER_RULE = 1 + len(NOTES)  # besides its columns: the id and the notes


@dataclass(frozen=True)
class Cell:
    """One input: its name in the form, its text, what is wrong with it."""

    name: str
    column: str
    label: dict[str, str]
    text: str
    error: str = ""
    is_output: bool = False

    @property
    def lines(self) -> int:
        """How many lines of its input the text takes."""
        return max(1, -(-len(self.text) // LINE))

    @property
    def said(self) -> str:
        """What its column is called."""
        return pick_text(self.label, get_language()) or self.column


@dataclass(frozen=True)
class Row:
    """One rule as inputs. place counts from 0; `is_default` is the row for what no rule covers; error: of its id."""

    place: int
    rule: str
    cells: list[Cell]
    notes: list[Cell] = field(default_factory=list)
    is_default: bool = False
    error: str = ""

    @property
    def note_is_wrong(self) -> bool:
        return any(note.error for note in self.notes)


def rows_of(body: Mapping[str, Any], problems: Mapping[str, str] | None = None) -> list[Row]:
    """The rows of a body. problems: "rule.column" → what is wrong with that cell."""
    wrong = problems or {}
    rows = []
    for place, rule in enumerate(body["rules"]):
        cells = [_input(place, column, rule, wrong) for column in body["inputs"]]
        cells += [_output(f"r{place}", column, rule.get("then", {}), rule["id"], wrong) for column in body["outputs"]]
        notes = [_note(place, code, rule, wrong) for code in NOTES]
        rows.append(Row(place, rule["id"], cells, notes, error=wrong.get(f"{rule['id']}.id", "")))
    if body.get("default") is not None:
        outputs = [_output("default", column, body["default"], "default", wrong) for column in body["outputs"]]
        rows.append(Row(len(rows), "", outputs, is_default=True))
    return rows


def problems_in(rows: list[Row], problems: Mapping[str, str]) -> list[Problem]:
    """What is wrong, each with a link to its input; what belongs to none stands by itself."""
    found = []
    for row in rows:
        rule = _("Otherwise") if row.is_default else row.rule
        places = [(f"r{row.place}-id", "", row.error)] if row.error else []
        places += [(each.name, each.said, each.error) for each in [*row.notes, *row.cells] if each.error]
        found += [Problem(error, _line([rule, said]), name) for name, said, error in places]
    shown = {problem.text for problem in found}
    return found + [Problem(text) for text in problems.values() if text not in shown]


def body_from(base: Mapping[str, Any], posted: Mapping[str, str]) -> dict[str, Any]:
    """The body that a posted form describes; columns and name stay those of `base`."""
    body: dict[str, Any] = {name: deepcopy(value) for name, value in base.items() if name not in ("rules", "default")}
    body["rules"] = [_rule(base, posted, place) for place in range(_count(posted))]
    body["default"] = None
    if base.get("default") is not None:
        body["default"] = _texts(posted, "default-then", base["outputs"])
    return body


def with_row(body: dict[str, Any]) -> dict[str, Any]:
    """The body with one empty rule more, under a free id. Raises Invalid where the table is full."""
    if len(body["rules"]) >= MOST_RULES:
        raise Invalid(
            _("Expected a table with at most %(count)s rules, and this one has as many already.")
            % {"count": MOST_RULES},
            next_step=_("Remove a rule that is no longer needed, or bring two together."),
        )
    taken = {rule["id"] for rule in body["rules"]}
    free = next(f"R{number}" for number in range(1, MOST_RULES + 1) if f"R{number}" not in taken)
    return {**body, "rules": [*body["rules"], {"id": free, "when": {}, "then": {}}]}


def without_row(body: dict[str, Any], place: int) -> dict[str, Any]:
    """The body without one rule."""
    return {**body, "rules": [rule for index, rule in enumerate(body["rules"]) if index != place]}


def moved(body: dict[str, Any], place: int, by: int) -> dict[str, Any]:
    """The body with one rule further up (by -1) or down (by 1); at an end it stays."""
    rules, target = list(body["rules"]), place + by
    if 0 <= place < len(rules) and 0 <= target < len(rules):
        rules.insert(target, rules.pop(place))
    return {**body, "rules": rules}


@dataclass(frozen=True)
class Head:
    """What a column takes: what it is called and counts in, its type in words, and a cell as an example."""

    label: str
    unit: str
    kind: str
    example: str


def heads_of(body: Mapping[str, Any], problems: Mapping[str, str] | None = None) -> list[Head]:
    """The heads of the conditions, then of the outputs. problems: as for `rows_of`; what is wrong is no example."""
    sides = ((body["inputs"], EXAMPLES), (body["outputs"], OUTPUT_EXAMPLES))
    rows = [
        {name: text for name, text in cells.items() if f"{rule['id']}.{name}" not in (problems or {})}
        for rule in body["rules"]
        for cells in [{**rule.get("when", {}), **rule.get("then", {})}]
    ]
    return [_head(column, examples, rows) for columns, examples in sides for column in columns]


def _head(column: Mapping[str, Any], examples: Mapping[str, str], rows: list[dict[str, str]]) -> Head:
    """The example is one of the column's values, else a cell that it has already, else one of its type."""
    values = column.get("values") or ()
    used = (row.get(column["name"], "") for row in rows)
    example = next((text for text in used if text not in ("", "-", "null")), examples[column["type"]])
    example = as_expression(admit(values[0])) if values else example
    label = pick_text(column.get("label", {}), get_language()) or column["name"]
    kind = KINDS[column["type"]]
    return Head(label, column.get("unit") or "", _(kind), example)


def cell_named(name: str) -> tuple[str, str] | None:
    """The side and the column that the name of an input stands for; None for another input."""
    found = CELL.fullmatch(name)
    return (found[1], found[2]) if found else None


def wrong_with(body: Mapping[str, Any], side: str, column: str, text: str) -> str:
    """What is wrong with a cell by itself, as a sentence of `rulebook.said`, or nothing."""
    rule = {"id": "cell", "when": {}, "then": {}, side: {column: text} if text else {}}
    try:
        read_typed({**body, "rules": [rule], "default": None})
    except TableError as error:
        return next((each.message for each in error.problems if each.column == column), "")
    return ""


def _input(place: int, column: Mapping[str, Any], rule: Mapping[str, Any], wrong: Mapping[str, str]) -> Cell:
    name = column["name"]
    text = rule.get("when", {}).get(name, "-")
    return Cell(f"r{place}-when-{name}", name, column.get("label", {}), text, wrong.get(f"{rule['id']}.{name}", ""))


def _note(place: int, code: str, rule: Mapping[str, Any], wrong: Mapping[str, str]) -> Cell:
    name = f"note-{code}"
    label = _("Note in English") if code == "en" else _("Note in Chinese")
    text = rule.get("note", {}).get(code, "")
    return Cell(f"r{place}-{name}", code, {"en": label, "zh-Hans": label}, text, wrong.get(f"{rule['id']}.{name}", ""))


def _output(
    prefix: str, column: Mapping[str, Any], then: Mapping[str, str], rule: str, wrong: Mapping[str, str]
) -> Cell:
    name = column["name"]
    text = then.get(name, "")
    return Cell(f"{prefix}-then-{name}", name, column.get("label", {}), text, wrong.get(f"{rule}.{name}", ""), True)


def _rule(base: Mapping[str, Any], posted: Mapping[str, str], place: int) -> dict[str, Any]:
    when = _texts(posted, f"r{place}-when", base["inputs"])
    note = {code: posted.get(f"r{place}-note-{code}", "").strip() for code in NOTES}
    rule: dict[str, Any] = {
        "id": posted.get(f"r{place}-id", "").strip(),
        "when": {name: text for name, text in when.items() if text != "-"},
        "then": _texts(posted, f"r{place}-then", base["outputs"]),
    }
    return {**rule, "note": note} if any(note.values()) else rule


def _texts(posted: Mapping[str, str], prefix: str, columns: list[dict[str, Any]]) -> dict[str, str]:
    texts = {column["name"]: _one_line(posted.get(f"{prefix}-{column['name']}", "")) for column in columns}
    return {name: text for name, text in texts.items() if text}


def _one_line(text: str) -> str:
    """A cell without the line breaks that a larger input allows."""
    return " ".join(filter(None, (line.strip() for line in text.splitlines())))


def _count(posted: Mapping[str, str]) -> int:
    count = posted.get("rows", "")
    if not count.isdecimal() or len(count) > 4 or int(count) > MOST_RULES:
        raise Invalid(_("Expected the form of a table with at most %(count)s rules.") % {"count": MOST_RULES})
    return int(count)


def _line(parts: list[str]) -> str:
    return pgettext("between the parts of a line", ", ").join(part for part in parts if part)
