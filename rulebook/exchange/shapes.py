"""The columns and the hit policy that a file of rules brings: each said in full, or refused with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from rulebook.amounts import currencies_in
from rulebook.bounds import NOTES
from rulebook.columns import column_problems
from rulebook.dmn.document import Document
from rulebook.exchange.dmn_names import LABEL_ZH, POLICIES, READ_AS, UNIT
from rulebook.exchange.places import FileProblem, FileRefused, money, named
from rulebook.feel import FeelError, compile_expression
from rulebook.feel.spaced import tidy
from rulebook.hardened_xml import line_of
from rulebook.hit_policies import HIT_POLICIES
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_parts import TYPES

SIDES = {"when ": "inputs", "then ": "outputs"}  # how the first row of a workbook names the sides
VALUES = "values "  # what stands before the name of a column whose allowed values a sheet lists
TAGS = {"input": "inputs", "output": "outputs"}
OF_NAMES = ("name", "label-en", "label-zh-Hans")  # fields of a column that a workbook's upper rows say
Place = Callable[[int, int], str]
Found = dict[str, list[tuple[tuple[str, str], dict[str, Any]]]]  # side → (places of its name and its type, column)


class ShapeReading:
    """What a file says of columns, collected with their places, judged as a whole in the end."""

    def __init__(self, base: Mapping[str, Any]) -> None:
        self.base = base
        self.problems: list[FileProblem] = []
        self.columns: Found = {side: [] for side in TAGS.values()}

    def note(self, place: str, message: str, column: str = "") -> None:
        """Note what is wrong at a place."""
        self.problems.append(FileProblem(place, "", column, message))

    def origin(self, side: str, name: str) -> dict[str, Any]:
        """The table's own column of that name; empty where it has none."""
        return next((dict(column) for column in self.base[side] if column["name"] == name), {})

    def add(self, side: str, places: tuple[str, str], column: Mapping[str, Any]) -> None:
        """Take a column in. places: of its name and of its type.

        An amount in another currency than the table's is refused, never converted.
        """
        origin = self.origin(side, column["name"])
        if money(origin) and money(column) != money(origin) and column["type"] == "number":
            given = str(column.get("unit") or "") or Said(_("no currency"))
            sentence = _("“%(column)s” counts in %(wanted)s here, but the file says %(given)s; nothing is converted.")
            about = {"column": named(origin), "wanted": money(origin), "given": given}
            self.note(places[1], Said(sentence, **about), column["name"])
        made = {part: value for part, value in column.items() if value or part in ("name", "type")}
        self.columns[side].append((places, made))

    def body(self, hit_policy: str) -> dict[str, Any]:
        """The table with the columns of the file. Raises FileRefused."""
        sides = {side: [column for _places, column in found] for side, found in self.columns.items()}
        body = {**self.base, **sides, "hit_policy": hit_policy}
        if not self.problems:
            self.problems += self._wrong(body)
        if self.problems:
            raise FileRefused(self.problems)
        return body

    def _wrong(self, body: Mapping[str, Any]) -> Iterator[FileProblem]:
        for place, message in column_problems(body, known=self.base).items():
            side, _dot, rest = place.partition(".")
            number, _dot, part = rest.partition(".")
            if number:
                places, column = self.columns[side][int(number)]
                yield FileProblem(places[part not in OF_NAMES], "", column["name"], message)
            else:
                yield FileProblem("1", "", "", message)


def workbook_shape(
    base: Mapping[str, Any], rows: Sequence[Sequence[str]], about: Mapping[str, str], at: Place
) -> dict[str, Any]:
    """The table with the columns that the first three rows of a sheet name. rows: those three as texts.

    about: `hit_policy` and, under `values NAME`, the allowed values of a column, as the second sheet has them.
    at: the place of a cell by column (from 0) and line. Columns that stay keep what a sheet has no room for.
    """
    reading = ShapeReading(base)
    names, labels, kinds = ([*row] for row in rows)
    for place, heading in enumerate(names):
        side = SIDES.get(heading[:5])
        if side is not None:
            name = heading[5:].strip()
            texts = [each[place] if place < len(each) else "" for each in (labels, kinds)]
            column = _column_of_sheet(reading, side, name, texts, at(place, 3))
            values = about.get(VALUES + name)
            if values is not None and ", ".join(map(str, column.get("values") or ())) != values:
                column["values"] = _listed(values, column["type"])
            reading.add(side, (at(place, 1), at(place, 3)), column)
    policy = about.get("hit_policy") or base["hit_policy"]
    if policy not in HIT_POLICIES:
        sentence = _("Expected a hit policy of %(known)s, but got %(found)s.")
        reading.note("1", Said(sentence, known=", ".join(HIT_POLICIES), found=repr(policy[:60])))
    return reading.body(policy)


def _column_of_sheet(reading: ShapeReading, side: str, name: str, texts: Sequence[str], place: str) -> dict[str, Any]:
    label, kind = texts
    word, _space, unit = kind.partition(" ")
    column = reading.origin(side, name)
    if word not in TYPES:
        sentence = _("Expected a type of %(known)s, with what it counts in, as in “number USD”, but got “%(found)s”.")
        reading.note(place, Said(sentence, known=", ".join(TYPES), found=kind[:40]), name)
        word = column.get("type", "text")
    if column and column["type"] != word:
        column.pop("values", None)
    if not column:
        column["label"] = _labels(label.partition("\n")[0], name)
    return {**column, "name": name, "type": word, "unit": unit.strip()}


def _labels(text: str, name: str) -> dict[str, str]:
    """Both names of a new column; where a file gives one, it stands for both."""
    english, _dot, chinese = (part.strip() for part in text.partition(" · "))
    return dict(zip(NOTES, (english or name, chinese or english or name), strict=True))


def _listed(text: str, kind: str) -> list[Any]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return [int(part) if kind == "number" and part.lstrip("-").isdecimal() else part for part in parts]


def dmn_shape(base: Mapping[str, Any], document: Document, table: etree._Element) -> dict[str, Any]:
    """The table with the columns and the hit policy of a DMN decision table. Raises FileRefused."""
    reading = ShapeReading(base)
    for tag, side in TAGS.items():
        for node in document.children(table, tag):
            line = str(line_of(node))
            reading.add(side, (line, line), _column_of_dmn(reading, document, node, tag))
    given = " ".join(filter(None, (table.get("hitPolicy", "UNIQUE"), table.get("aggregation"))))
    policy = next((code for code, name in POLICIES.items() if name == given), "")
    if not policy:
        reading.note(str(line_of(table)), Said(_("“%(found)s” is no hit policy that a table has."), found=given[:60]))
    return reading.body(policy)


def _column_of_dmn(reading: ShapeReading, document: Document, node: etree._Element, tag: str) -> dict[str, Any]:
    side, place = TAGS[tag], str(line_of(node))
    typed = document.child(node, "inputExpression") if tag == "input" else node
    name = document.text(typed) if tag == "input" else tidy(node.get("name", ""))
    ours = reading.base[side]
    if tag == "output" and not name and len(ours) == 1:  # an only output may go without
        name = ours[0]["name"]
    column = reading.origin(side, name)
    given = (typed.get("typeRef") or "") if typed is not None else ""
    kind = READ_AS.get(given, "") if given or column.get("type") == "list" else ""
    if not kind:
        sentence = _("Expected a type such as number or string, but the file says “%(given)s”.")
        reading.note(place, Said(sentence, given=given[:40]), name)
        kind = "text"
    label, unit = _label_and_unit(reading, node, column, kind)
    values = _values(document.text(document.child(node, f"{tag}Values")))
    if not column:
        column["label"] = {"en": label or name, "zh-Hans": node.get(LABEL_ZH) or label or name}
    return {**column, "name": name, "type": kind, "unit": unit, "values": values}


def _label_and_unit(
    reading: ShapeReading, node: etree._Element, origin: Mapping[str, Any], kind: str
) -> tuple[str, str]:
    """What the file calls the column, and what it counts in: an attribute of ours, or, of money, said in the label."""
    label, unit = node.get("label") or "", node.get(UNIT)
    said = currencies_in(label) if kind == "number" else []
    if unit is not None and money({"unit": unit}) and any(each != unit for each in said):
        sentence = _("The label names %(said)s, but the column counts in %(unit)s; nothing is converted.")
        reading.note(str(line_of(node)), Said(sentence, said=said[0], unit=unit), str(origin.get("name") or ""))
    if unit is None and kind == "number":
        unit = said[0] if said else ("" if money(origin) else str(origin.get("unit") or ""))
        if money(origin) and not said:
            sentence = _(
                "Expected the currency in the column's label, as in “Amount (%(unit)s)”, but the file says none."
            )
            reading.note(str(line_of(node)), Said(sentence, unit=money(origin)), str(origin["name"]))
            unit = money(origin)
    return label.removesuffix(f"({unit})").strip() if unit else label, unit or ""


def _values(text: str) -> list[Any]:
    if not text:
        return []
    try:
        found = compile_expression(f"[{text}]").evaluate({})
    except FeelError:
        return [text]
    return [int(each) if not isinstance(each, str | bool) and _is_whole(each) else each for each in found]


def _is_whole(value: Any) -> bool:
    try:
        return bool(value == int(value))
    except (TypeError, ValueError):
        return False
