"""A table as a workbook: one sheet of rules under three rows that say what each column is, and one about the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rulebook.bounds import DEFAULT, NOTES
from rulebook.table_loading import EXAMPLES, OUTPUT_EXAMPLES

RULES, ABOUT = "Rules", "About"
RULE, WHEN, THEN, NOTE = "rule", "when ", "then ", "note "  # how the first row names the columns
HEADER = 3  # rows above the rules: names, labels, types
HEAD = Font(bold=True)
GREY = PatternFill("solid", fgColor="EEF1F5")
WRAP = Alignment(vertical="top", wrap_text=True)
NOTE_LABELS = {"en": "Note in English · 英文说明", "zh-Hans": "Note in Chinese · 中文说明"}
HELP = {
    "How to fill it in": "填写说明",
    "The first three rows name the columns: side and name, what people call it, type.": (
        "前三行说明各列：类别与名称、显示名称、类型。"
    ),
    "One row is one rule; its id in the first column is used once.": "一行一条规则；第一列的编号不得重复。",
    f'The row "{DEFAULT}" answers where no rule does; leave it out if there is none.': (
        f"“{DEFAULT}”行在没有规则适用时作答；没有则删去。"
    ),
    "An empty condition, or -, means any.": "条件留空或填 - 表示任意。",
    "Numbers stand alone: 500000, never 500,000 and never with a currency.": (
        "数字单独填写：500000，不写 500,000，也不写币种。"
    ),
}


def write_workbook(body: Mapping[str, Any], *, number: int) -> bytes:
    """A version of a table as an XLSX file. number: of the version, told on the sheet about the table."""
    book = Workbook()
    rules: Worksheet = book.worksheets[0]
    rules.title = RULES
    columns = list(_columns(body))
    for place, rows in enumerate(zip(*((name, label, kind) for name, label, kind, _width in columns)), 1):
        _write(rules, place, rows)
        for cell in rules[place]:
            cell.font, cell.fill = HEAD, GREY
    for place, row in enumerate(_rows(body), HEADER + 1):
        _write(rules, place, row)
    for place, (_name, _label, _kind, width) in enumerate(columns, 1):
        rules.column_dimensions[get_column_letter(place)].width = width
    rules.freeze_panes = f"B{HEADER + 1}"
    _about(book.create_sheet(ABOUT), body, number)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def headings(body: Mapping[str, Any]) -> list[str]:
    """The names of all columns, as the first row has them."""
    return [name for name, _label, _kind, _width in _columns(body)]


def kind_of(column: Mapping[str, Any]) -> str:
    """A column's type, with its unit: `number USD`."""
    return f"{column['type']} {column.get('unit') or ''}".strip()


def _columns(body: Mapping[str, Any]) -> Iterator[tuple[str, str, str, int]]:
    """Name, label, type and width of every column."""
    yield RULE, "Rule · 规则", "text", 12
    for side, columns, examples in ((WHEN, body["inputs"], EXAMPLES), (THEN, body["outputs"], OUTPUT_EXAMPLES)):
        for column in columns:
            label = column.get("label") or {}
            said = " · ".join(filter(None, (label.get("en"), label.get("zh-Hans")))) or column["name"]
            yield side + column["name"], f"{said}\n{examples[column['type']]}", kind_of(column), 28
    for code in NOTES:
        yield NOTE + code, NOTE_LABELS[code], "text", 60


def _rows(body: Mapping[str, Any]) -> Iterator[list[str]]:
    inputs, outputs = ([column["name"] for column in body[side]] for side in ("inputs", "outputs"))
    for rule in body["rules"]:
        when, then, note = (rule.get(part) or {} for part in ("when", "then", "note"))
        conditions = [when.get(name, "-") for name in inputs]
        yield [
            rule["id"],
            *conditions,
            *(then.get(name, "") for name in outputs),
            *(note.get(code, "") for code in NOTES),
        ]
    if body.get("default") is not None:
        yield [DEFAULT, *("" for _name in inputs), *(body["default"].get(name, "") for name in outputs), "", ""]


def _write(sheet: Worksheet, place: int, texts: Any) -> None:
    """Texts as texts: nothing of a table is a formula, whatever it begins with."""
    for column, text in enumerate(texts, 1):
        if text == "":
            continue
        cell = sheet.cell(place, column)
        cell.value = text
        cell.data_type = "s"
        cell.number_format, cell.alignment = "@", WRAP
        cell.quotePrefix = text[0] in "=+-@"


def _about(sheet: Worksheet, body: Mapping[str, Any], number: int) -> None:
    names = " · ".join(filter(None, (body["name"].get("en"), body["name"].get("zh-Hans"))))
    about = {"table": body["key"], "name": names, "version": str(number), "hit_policy": body["hit_policy"]}
    rows = [(key, value, "") for key, value in about.items()]
    rows += [("", en, zh) for en, zh in HELP.items()]
    rows += [("", f"{c['name']}: {', '.join(map(str, c['values']))}", "") for c in _closed(body)]
    for place, row in enumerate(rows, 1):
        _write(sheet, place, row)
    for letter, width in (("A", 14), ("B", 80), ("C", 60)):
        sheet.column_dimensions[letter].width = width


def _closed(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The columns that take only some values."""
    return [column for column in (*body["inputs"], *body["outputs"]) if column.get("values")]
