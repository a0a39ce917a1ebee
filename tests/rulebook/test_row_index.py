"""The index of a table's rows finds what trying every cell finds: the same rows in the same order, the same errors."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.feel import FeelError
from rulebook.feel.limits import DECIMAL128
from rulebook.feel.scope import STEPS
from rulebook.tables import load_table
from tests.rulebook.tables import body, said

COLUMNS = {"amount": "number", "kind": "text", "on": "date", "flag": "boolean", "tags": "list", "other": "number"}
INPUTS = [{"name": name, "type": kind} for name, kind in COLUMNS.items()]
NUMBERS = ("-1", "0", "0.1", "1", "1.00", "2", "9999999999999999999999999999999998", "1E-6176")
TEXTS = ('"wire"', '"journal"', '""', '"*"')
DAYS = ('date("2026-02-28")', 'date("2026-03-01")', 'date("0001-01-01")', 'date("9999-12-31")')


def intervals(values):
    return st.builds(
        "{}{}..{}{}".format,
        st.sampled_from("[("),
        st.sampled_from(values),
        st.sampled_from(values),
        st.sampled_from("])"),
    )


def comparisons(values):
    return st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), st.sampled_from(values))


def cells(values, *more):
    one = st.one_of(st.sampled_from(values), *more)
    listed = st.lists(one, min_size=1, max_size=3).map(", ".join)
    return st.one_of(st.just("-"), listed, listed.map("not({})".format))


ORDERED = {"number": (*NUMBERS, "null"), "date": (*DAYS, "null")}
CELLS = {
    "number": cells(
        ORDERED["number"],
        intervals(NUMBERS),
        comparisons(NUMBERS),
        st.sampled_from(["? > other", "other", "? = 1 or ? = 2", "[1, 2]", "[other..2]", "[2..1]", "other ** 1000000"]),
    ),
    "date": cells(
        ORDERED["date"], intervals(DAYS), comparisons(DAYS), st.sampled_from(["date(2026, 3, 1)", 'date("31.3.2026")'])
    ),
    "text": cells((*TEXTS, "null"), st.sampled_from(['starts with(?, "w")', '!= "wire"', '> "k"', '["a".."k"]'])),
    "boolean": cells(("true", "false", "null"), st.sampled_from(["amount > 1"])),
    "list": cells(('"wire"', "[]"), st.sampled_from(['list contains(?, "wire")'])),
}
ROWS = st.lists(
    st.fixed_dictionaries({}, optional={name: CELLS[kind] for name, kind in COLUMNS.items()}), min_size=1, max_size=6
)
NEAR = [Decimal(number) for number in NUMBERS]
VALUES = {
    "number": st.one_of(
        st.sampled_from([*NEAR, *map(DECIMAL128.next_plus, NEAR), *map(DECIMAL128.next_minus, NEAR)]),
        st.decimals(allow_nan=False, allow_infinity=False),
    ),
    "text": st.one_of(st.sampled_from([text.strip('"') for text in TEXTS]), st.text(max_size=3)),
    "date": st.one_of(st.sampled_from([date(2026, 2, 27) + timedelta(days=day) for day in range(4)]), st.dates()),
    "boolean": st.booleans(),
    "list": st.lists(st.sampled_from(["wire", "journal"]), max_size=2),
}
FACTS = st.fixed_dictionaries({name: st.one_of(st.none(), VALUES[kind]) for name, kind in COLUMNS.items()})


def plainly(table, scope):
    """Every row tried cell by cell."""
    found = []
    for rule in table.rules:
        if all(cell.run(scope.get(name), scope) is True for name, cell in rule.tests.items()):
            found.append(rule.id)
    return found


def outcome(find, table, facts):
    scope = table.scope(facts)
    try:
        found = find(table, scope)
    except FeelError as error:
        found = (str(error), error.position)
    return found, scope[STEPS].left, scope[STEPS].notes


def indexed(table, scope):
    return [rule.id for rule in table.matching(scope)]


@settings(max_examples=300, deadline=None)
@given(rows=ROWS, facts=FACTS)
def test_the_index_finds_what_trying_every_cell_finds(rows, facts):
    table = load_table(body({f"r{n}": (row, said("x")) for n, row in enumerate(rows)}, inputs=INPUTS))
    assert outcome(indexed, table, facts) == outcome(plainly, table, facts)


@pytest.mark.parametrize(
    ("amount", "rows"),
    [
        ("499999.99", ["low", "all"]),
        ("500000", ["mid", "all"]),
        ("500000.00", ["mid", "all"]),
        ("2000000", ["mid", "edge", "all"]),
        ("2000000.01", ["high", "all"]),
        (None, ["none", "all"]),
    ],
)
def test_rows_are_found_on_both_sides_of_every_limit(amount, rows):
    limits = {"low": "< 500000", "mid": "[500000..2000000]", "edge": "2000000", "high": "> 2000000", "none": "null"}
    cells = {rule: ({"amount": cell}, said("x")) for rule, cell in limits.items()}
    table = load_table(body({**cells, "all": ({}, said("x"))}))
    assert indexed(table, table.scope({"amount": amount and Decimal(amount)})) == rows


def test_a_cell_that_fails_is_only_reached_where_those_before_it_pass():
    failing = {"amount": "? ** 6000 > 0", "kind": '"wire"'}
    table = load_table(body({"r": (failing, said("x"))}, inputs=INPUTS))
    assert not indexed(table, table.scope({"amount": Decimal(1), "kind": "journal"}))
    with pytest.raises(FeelError, match="too large"):
        indexed(table, table.scope({"amount": Decimal(1000), "kind": "journal"}))
    table = load_table(body({"r": (dict(reversed(failing.items())), said("x"))}, inputs=INPUTS))
    assert not indexed(table, table.scope({"amount": Decimal(1000), "kind": "journal"}))


def test_only_the_first_matching_row_is_looked_for_where_one_is_enough():
    rules = {"first": ({"amount": "> 1"}, said("x")), "fails": ({"amount": "? ** 6000 > 0"}, said("x"))}
    table = load_table(body(rules))
    assert [rule.id for rule in table.matching(table.scope({"amount": Decimal(1000)}), only_first=True)] == ["first"]
