"""Cells that can be read, but mean something else than was meant: told at the cell, with what to write."""

import pytest

from rulebook.tables import TableError
from rulebook.typed_cells import read_typed
from tests.rulebook.tables import body


def said_of(kind, when=None, then=None, unit=None):
    """What is said of a condition, or of an output."""
    column = {"name": "x", "type": kind, "unit": unit}
    rules = {"r": ({"x": when} if when else {}, {"out": then} if then else {})}
    table = body(rules, inputs=[column], outputs=[{**column, "name": "out"}], hit_policy="first")
    try:
        read_typed(table)
    except TableError as error:
        ((place, sentence),) = {((each.rule, each.column), each.message) for each in error.problems}
        assert place == ("r", "x" if when else "out")
        return sentence
    return ""


@pytest.mark.parametrize(
    ("kind", "cell", "said"),
    [
        ("number", "25000 - 100000", "Write [25000..100000] for all from one to the other"),
        ("number", "25000-100000", "Write [25000..100000]"),
        ("number", "[5-10]", "Write [5..10]"),
        ("number", "1, 5 - 10", "5 - 10 is read as a subtraction"),
        ("number", "25000 – 100000", "[10..20]"),
        ("number", "25000 to 100000", "[10..20]"),
        ("number", "500,000", "Write 500000"),
        ("number", "1.500,25", "Write 1500.25"),
        ("number", "five", "“five” is no column of the table; a number is written as in 500000"),
        ("date", "today", 'written as in date("2026-01-31")'),
        ("date", "2026-01-01", 'date("2026-01-31")'),
        ("boolean", "yes", "Expected true or false, but got yes."),
        ("boolean", "TRUE", "Expected true or false, but got TRUE."),
        ("text", "wire", 'Words stand in quotes: "wire".'),
    ],
)
def test_what_a_newcomer_writes_is_told_at_the_cell(kind, cell, said):
    assert said in said_of(kind, when=cell)


@pytest.mark.parametrize(
    ("kind", "cell", "said"),
    [
        ("boolean", "yes", "Expected true or false, but got yes."),
        ("number", '"a"', "a number column takes for example 500000"),
        ("number", "five", "“five” is no column of the table"),
        ("list", "team_lead", 'Words stand in quotes: ["team_lead"].'),
    ],
)
def test_an_output_as_well(kind, cell, said):
    assert said in said_of(kind, then=cell)


@pytest.mark.parametrize(
    ("kind", "when"),
    [
        ("number", "[25000..100000]"),
        ("number", "-5"),
        ("number", "< -5, > 1.5"),
        ("number", "1.5, 20"),
        ("number", "< x - 10"),
        ("boolean", "true"),
        ("boolean", "not(true)"),
        ("boolean", "x"),
        ("date", 'date("2026-01-31")'),
    ],
)
def test_what_is_meant_is_taken(kind, when):
    assert said_of(kind, when=when) == ""


def test_an_output_may_subtract():
    assert said_of("number", then="100 - 25") == ""
