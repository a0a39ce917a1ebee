"""A table as the lines of a CSV file that a spreadsheet reads as text and numbers, never as formulas. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from ui.charts import Table

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # tells spreadsheets that the file is UTF-8
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_lines(table: Table) -> Iterator[str]:
    """The file line by line: the column titles, then each row."""
    yield MARK + _line(table.columns)
    for row in table.rows:
        yield _line(row)


def _line(cells: tuple[str, ...]) -> str:
    line = StringIO()
    csv.writer(line).writerow([plain(cell) for cell in cells])
    return line.getvalue()


def plain(cell: str) -> str:
    """The cell; with an apostrophe before it where a spreadsheet would calculate it."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
