"""Rules from a workbook: every cell is judged by the column that its heading names; formulas are refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as BadPacking

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from rulebook.bounds import DEFAULT, MOST_RULES, NOTES
from rulebook.exchange.number_formats import other_currencies
from rulebook.exchange.places import FileRefused, Judge, Placed, kept, money, named, one_line
from rulebook.exchange.shapes import VALUES, workbook_shape
from rulebook.exchange.workbook_writing import ABOUT, HEADER, NOTE, RULE, RULES, THEN, WHEN, headings
from rulebook.feel.literals import write_number
from rulebook.feel.writing import as_expression
from rulebook.hardened_xml import MAX_BYTES
from rulebook.said import Said
from rulebook.said import gettext_noop as _
from rulebook.table_loading import EXAMPLES, KINDS, OUTPUT_EXAMPLES

MOST_UNPACKED = 50 * 1024 * 1024
MOST_PARTS = 1_000
MOST_ROWS = HEADER + MOST_RULES + 1 + 100  # some may be empty
MOST_CELLS = 300  # of a row
DEFAULT_ONCE = _("The row without conditions stands there once, and has none.")
MOST_ABOUT = 80  # rows of the sheet about the table
ABOUT_KEYS = ("table", "hit_policy")


def read_workbook(content: bytes, base: Mapping[str, Any], judge: Judge | None = None) -> dict[str, Any]:
    """The body of a table with the rules, the columns and the hit policy of an XLSX file in place of its own.

    base: the body; a column that stays keeps what a sheet has no room for.

    judge: who else says what is wrong with its answers. Raises FileRefused with everything: place, rule and column.
    """
    _expect_harmless(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        sheet = book[RULES] if RULES in book.sheetnames else book.worksheets[0]
        rows = [list(row) for row in sheet.iter_rows(max_row=MOST_ROWS + 1)]
        about = _about(book[ABOUT]) if ABOUT in book.sheetnames else {}
    except Exception as error:  # the library lets through whatever a broken workbook makes it stumble over
        raise FileRefused.whole(Said(_("Expected a workbook, but the file cannot be read as one."))) from error
    first = [[_plain(cell) for cell in row] for row in [*rows[:HEADER], *([[]] * HEADER)][:HEADER]]
    body = workbook_shape(base, first, about, _at)
    return _Reading(body, rows, about).placed().body_for(body, judge)


class _Reading:
    """One sheet being read for one table."""

    def __init__(self, base: Mapping[str, Any], rows: list[list[Any]], about: Mapping[str, str]) -> None:
        self.base, self.rows, self.about, self.found = base, rows, about, Placed()
        inputs = {WHEN + column["name"]: column for column in base["inputs"]}
        self.outputs = {THEN + column["name"]: column for column in base["outputs"]}
        self.columns: dict[str, Mapping[str, Any]] = {**inputs, **self.outputs}

    def placed(self) -> Placed:
        """The rules with their places, and what is wrong."""
        self._judge_table()
        if len(self.rows) > MOST_ROWS or any(len(row) > MOST_CELLS for row in self.rows):
            sentence = _("Expected at most %(rows)s rows of %(cells)s cells, but the sheet has more.")
            self.found.note("", Said(sentence, rows=f"{MOST_ROWS:,}", cells=MOST_CELLS))
        heads = self._headings()
        if not self.found.problems:
            for line, row in enumerate(self.rows[HEADER:], HEADER + 1):
                if any(cell.value not in (None, "") for cell in row):
                    self._row(line, row, heads)
        return self.found

    def _judge_table(self) -> None:
        wanted, given = self.base["key"], self.about.get("table")
        if given is not None and given != wanted:
            sentence = _("The file is of “%(given)s”, but the table here is “%(wanted)s”.")
            self.found.note(ABOUT, Said(sentence, given=given, wanted=wanted))

    def _headings(self) -> dict[int, str]:
        """What stands in each place of a row, by the first row."""
        wanted = headings(self.base)
        heads: dict[int, str] = {}
        names = self.rows[0] if self.rows else []
        for place, cell in enumerate(names):
            name, at = _plain(cell), _at(place, 1)
            if name == "":
                self._expect_empty(place)
            elif name not in wanted:
                sentence = _("Expected the name of one of the table's columns, but got “%(found)s”.")
                self.found.note(at, Said(sentence, found=name[:60]))
            elif name in heads.values():
                self.found.note(at, Said(_("The column “%(found)s” stands there twice."), found=name))
            else:
                heads[place] = name
        missing = [name for name in wanted if name not in heads.values() and not name.startswith(NOTE)]
        if missing:
            sentence = _(
                "The first row lacks the columns %(missing)s; a file that was exported from here has them all."
            )
            self.found.note("1", Said(sentence, missing=", ".join(missing)))
        return heads

    def _expect_empty(self, place: int) -> None:
        filled = [line for line, row in enumerate(self.rows, 1) if place < len(row) and _plain(row[place])]
        if filled:
            self.found.note(_at(place, filled[0]), Said(_("This column has cells, but no name in the first row.")))

    def _row(self, line: int, row: list[Any], heads: Mapping[int, str]) -> None:
        names = {name: place for place, name in heads.items()}
        at = _at(names[RULE], line)
        rule = _plain(row[names[RULE]]) if names[RULE] < len(row) else ""
        if rule != DEFAULT:
            rule = self.found.key_of(rule, at)
        elif self.found.default is not None:
            self.found.note(at, Said(DEFAULT_ONCE), rule)
            rule = self.found.again(rule, at)
        self.found.places[rule, ""] = at
        texts = {}
        for place, name in heads.items():
            if name != RULE and place < len(row):
                texts[name] = self._text(row[place], name, rule, _at(place, line))
        for place in range(len(row)):
            if place not in heads and _plain(row[place]):
                self.found.note(_at(place, line), Said(_("This cell belongs to no column.")), rule)
        self._keep(rule, texts, at)

    def _keep(self, rule: str, texts: Mapping[str, str], at: str) -> None:
        when = {name[len(WHEN) :]: text for name, text in texts.items() if name.startswith(WHEN)}
        then = {name[len(THEN) :]: text for name, text in texts.items() if name.startswith(THEN)}
        note = {code: texts.get(NOTE + code, "") for code in NOTES}
        if rule == DEFAULT:
            if kept(when, ("", "-")):
                self.found.note(at, Said(DEFAULT_ONCE), rule)
            self.found.default = kept(then, ("",))
        else:
            made: dict[str, Any] = {"id": rule, "when": kept(when, ("", "-")), "then": kept(then, ("",))}
            self.found.rules.append({**made, "note": note} if any(note.values()) else made)

    def _text(self, cell: Any, name: str, rule: str, at: str) -> str:
        """A cell's text as the table would have it; what cannot be one is refused."""
        column = self.columns.get(name)
        self.found.places[rule, str(column["name"]) if column else name[len(NOTE) :]] = at
        problem = _unfit(cell, column, name in self.outputs)
        if problem:
            self.found.note(at, problem, rule, str(column["name"]) if column else "")
            return ""
        return one_line(_plain(cell)) if column else _plain(cell)


def _unfit(cell: Any, column: Mapping[str, Any] | None, is_output: bool) -> str:
    """Why a cell cannot be taken as it is."""
    value = cell.value
    if getattr(cell, "data_type", "") == "f":
        return Said(_("Expected a text or a number, but the cell is a formula."))
    if column is None or value is None or isinstance(value, str):
        return ""
    kind, example = Said(KINDS[column["type"]]), (OUTPUT_EXAMPLES if is_output else EXAMPLES)[column["type"]]
    if not _is_of(value, column["type"]):
        sentence = _("The cell is %(found)s to the workbook; “%(column)s” is a %(kind)s, for example %(example)s.")
        return Said(sentence, found=_kind(value), column=named(column), kind=kind, example=example)
    if isinstance(value, datetime) and value.time() != time():
        return Said(_("Expected a day, but the cell has a time as well."))
    if column["type"] == "number":
        others = other_currencies(cell.number_format or "", money(column))
        if others:
            sentence = _("The cell is formatted as %(found)s, but the column counts in %(unit)s; nothing is converted.")
            return Said(sentence, found=others[0], unit=column.get("unit") or Said(_("no currency")))
    return ""


def _is_of(value: Any, kind: str) -> bool:
    if kind == "boolean" or isinstance(value, bool):
        return kind == "boolean" and isinstance(value, bool)
    return (kind == "number" and isinstance(value, int | float)) or (kind == "date" and isinstance(value, date))


def _kind(value: Any) -> str:
    """What a workbook takes a value for."""
    if isinstance(value, bool):
        return Said(KINDS["boolean"])
    if isinstance(value, int | float):
        return Said(KINDS["number"])
    return Said(KINDS["date"]) if isinstance(value, datetime | date) else Said(_("a time"))


def _plain(cell: Any) -> str:
    """A cell's value as text: dates as the language writes them, numbers without exponent."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return write_number(Decimal(repr(value)))
    if isinstance(value, datetime | date):
        return as_expression(value.date() if isinstance(value, datetime) else value)
    return str(value).strip()


def _at(place: int, line: int) -> str:
    return f"{get_column_letter(place + 1)}{line}"


def _about(sheet: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in sheet.iter_rows(max_row=MOST_ABOUT, max_col=2):
        key, text = (_plain(cell) for cell in (*row, *row)[:2]) if row else ("", "")
        name, colon, values = text.partition(": ")
        if key in ABOUT_KEYS:
            found[key] = text
        elif not key and colon:
            found[f"{VALUES}{name}"] = values
    return found


def _expect_harmless(content: bytes) -> None:
    """Bounded, unpacked as well, and without a DTD in any part. Raises FileRefused."""
    if len(content) > MAX_BYTES:
        sentence = _("Expected at most %(most)s bytes, but the file has %(found)s.")
        raise FileRefused.whole(Said(sentence, most=f"{MAX_BYTES:,}", found=f"{len(content):,}"))
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                sentence = _("The workbook holds more than %(most)s bytes when unpacked, or too many parts.")
                raise FileRefused.whole(Said(sentence, most=f"{MOST_UNPACKED:,}"))
            declares = any(_declares_doctype(archive.read(part)) for part in parts if _is_markup(part.filename))
    except (BadZipFile, BadPacking, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise FileRefused.whole(Said(_("Expected a workbook, but the file cannot be read as one."))) from None
    if declares:
        raise FileRefused.whole(Said(_("Expected a plain workbook, but a part of it declares a DTD.")))


def _is_markup(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _declares_doctype(part: bytes) -> bool:
    return b"<!DOCTYPE" in part.replace(b"\0", b"")  # UTF-16 becomes readable enough to be searched
