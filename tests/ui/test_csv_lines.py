"""A table as a file: what a spreadsheet makes of each cell."""

import csv
from io import StringIO

import pytest

from ui.charts import Table
from ui.csv_lines import csv_lines


def read(table: Table) -> list[list[str]]:
    text = "".join(csv_lines(table))
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"))))


def test_titles_come_first_and_every_cell_comes_back():
    table = Table(("产品", "Kept, in time"), (('Transfer, "whole"', "1,204"), ("two\nlines", "–")))
    assert read(table) == [["产品", "Kept, in time"], ['Transfer, "whole"', "1,204"], ["two\nlines", "–"]]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1"])
def test_nothing_is_calculated(cell: str):
    assert read(Table((cell,), ((cell,),))) == [[f"'{cell}"], [f"'{cell}"]]


def test_an_empty_table_is_its_titles():
    assert read(Table(("Week", "Kept"), ())) == [["Week", "Kept"]]
