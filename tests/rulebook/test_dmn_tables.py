"""Decision tables of models: hit policies, several outputs, defaults, allowed values, typed columns."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given as all_of
from hypothesis import strategies as st

from rulebook.dmn import read_model
from tests.rulebook.dmn_files import (
    column,
    component,
    decided,
    decision,
    failed,
    given,
    item,
    model,
    needs,
    out,
    refused,
    row,
    table,
    value,
)


def amounts(*parts, **more):
    """A model of one table `d` over `amount`."""
    return model(given("amount", "number"), decision("d", needs("amount"), table(column("amount"), *parts, **more)))


THREE = [row([test], [number]) for test, number in (("> 0", "1"), ("> 10", "2"), ("> 20", "3"))]


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected", "rows"),
    [
        ("UNIQUE", "", None, [1, 2, 3]),
        ("", "", None, [1, 2, 3]),
        ("ANY", "", None, [1, 2, 3]),
        ("PRIORITY", "", D(3), [3]),
        ("FIRST", "", D(1), [1]),
        ("RULE ORDER", "", [D(1), D(2), D(3)], [1, 2, 3]),
        ("OUTPUT ORDER", "", [D(3), D(2), D(1)], [3, 2, 1]),
        ("COLLECT", "", [D(1), D(2), D(3)], [1, 2, 3]),
        ("COLLECT", "SUM", D(6), [1, 2, 3]),
        ("COLLECT", "MIN", D(1), [1, 2, 3]),
        ("COLLECT", "MAX", D(3), [1, 2, 3]),
        ("COLLECT", "COUNT", D(3), [1, 2, 3]),
    ],
)
def test_every_hit_policy_has_its_answer_and_its_rows(policy, aggregation, expected, rows):
    """DMN 1.5, clause 8.2.8."""
    listed = out("", "number", values="3, 2, 1")
    outcome = decided(amounts(listed, *THREE, policy=policy, aggregation=aggregation), '{"amount": 25}')
    assert outcome.results["d"] == expected
    assert outcome.matched == {"d": rows}
    assert bool(outcome.errors) is (expected is None)


def test_too_many_rows_are_an_error_that_names_them():
    assert failed(amounts(out(), *THREE), '{"amount": 15}') == ["d: The rows 1, 2 match, but only one may match."]
    assert failed(amounts(out(), *THREE, policy="ANY"), '{"amount": 15}') == [
        "d: The rows 1, 2 match, but they must say the same."
    ]


def test_any_is_content_with_rows_that_agree():
    rows = [row(["> 0"], ['"a"']), row(["> 1"], ['"a"'])]
    outcome = decided(amounts(out(), *rows, policy="ANY"), '{"amount": 5}')
    assert (outcome.results["d"], outcome.matched["d"]) == ("a", [1, 2])


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("UNIQUE", "", None),
        ("FIRST", "", None),
        ("COLLECT", "", []),
        ("RULE ORDER", "", []),
        ("COLLECT", "SUM", None),
        ("COLLECT", "COUNT", D(0)),
    ],
)
def test_without_a_row_there_is_nothing_an_empty_list_or_none_counted(policy, aggregation, expected):
    outcome = decided(amounts(out(), *THREE, policy=policy, aggregation=aggregation), '{"amount": 0}')
    assert (outcome.results, outcome.matched, outcome.errors) == ({"d": expected}, {"d": []}, ())


def test_defaults_answer_where_no_row_matches():
    """DMN 1.5, clause 8.2.11: default output entries."""
    outputs = [out("level", default='"none"'), out("hours", default="amount * 2"), out("note")]
    data = amounts(*outputs, row(["> 10"], ['"high"', "8", '"x"']))
    assert value(data, '{"amount": 11}') == {"level": "high", "hours": 8, "note": "x"}
    assert value(data, '{"amount": 3}') == {"level": "none", "hours": 6, "note": None}
    assert value(amounts(out("", default="1"), policy="COLLECT"), "{}") == [D(1)]


def test_several_outputs_are_a_context_for_each_row_and_ranked_from_the_left():
    """DMN 1.5, clause 8.2.8.3: the priority of several outputs goes from left to right."""
    outputs = [out("level", values='"high", "low"'), out("hours", values="8, 4")]
    rows = [row(["-"], ['"low"', "8"]), row(["-"], ['"high"', "4"]), row(["-"], ['"high"', "8"])]
    data = amounts(*outputs, *rows, policy="OUTPUT ORDER")
    found = decided(data, "{}")
    assert found.matched["d"] == [3, 2, 1]
    assert found.results["d"][0] == {"level": "high", "hours": 8}
    assert value(amounts(*outputs, *rows, policy="PRIORITY")) == {"level": "high", "hours": 8}


def test_priorities_may_be_the_allowed_values_of_the_outputs_type():
    kind = item("tLevel", "string", allowed='"high", "low"')
    rows = [row(["-"], ['"low"']), row(["-"], ['"high"'])]
    data = model(kind, decision("d", table(column("1"), out("", "tLevel"), *rows, policy="PRIORITY")))
    assert value(data) == "high"


def test_a_value_outside_the_allowed_ones_is_an_error_of_the_decision():
    """DMN 1.5, clauses 8.2.10 and 8.3.4: input and output values."""
    data = amounts(out("", "string", values='"a", "b"'), row(["< 5"], ['"a"']), row([">= 5"], ['"c"']))
    assert value(data, '{"amount": 1}') == "a"
    assert failed(data, '{"amount": 5}') == [
        'd: Expected one of "a", "b" as the output of row 2, but got another value.'
    ]
    asked = column("amount", "number", values="[0..100], 200")
    data = model(given("amount"), decision("d", table(asked, out(), row(["-"], ["1"]))))
    assert value(data, '{"amount": 200}') == value(data, '{"amount": 50}') == value(data, "{}") == 1
    assert failed(data, '{"amount": 150}') == ["d: Expected one of [0..100], 200 as amount, but got another value."]


@pytest.mark.parametrize(
    ("kind", "cell", "fact", "expected"),
    [
        ("number", "[18..65)", "64.99", True),
        ("number", "[18..65)", "65", None),
        ("string", '"a", "b"', '"b"', True),
        ("string", 'not("a")', '"a"', None),
        ("boolean", "true", "true", True),
        ("date", '[@"2026-01-01"..@"2026-12-31"]', '"2026-11-22"', True),
        ("date", '> date("2026-12-31")', '"2026-11-22"', None),
        ("time", '< time("12:00:00")', '"09:30:00"', True),
        ("dateTime", '>= date and time("2026-01-01T00:00:00Z")', '"2026-01-01T00:00:00Z"', True),
        ("date and time", '< @"2026-01-01T00:00:00Z"', '"2026-01-01T00:00:00Z"', None),
        ("dayTimeDuration", '> duration("PT36H")', '"P2D"', True),
        ("days and time duration", '<= @"P1D"', '"P2D"', None),
        ("yearMonthDuration", '= @"P1Y"', '"P12M"', True),
        ("years and months duration", '< @"P1Y"', '"P12M"', None),
        ("tMany", 'list contains(?, "a")', '["a", "b"]', True),
        ("tMany", 'count(?) > 2', '["a", "b"]', None),
        ("tPlace", '?.Post Code = "4051"', '{"Post Code": "4051"}', True),
        ("number", "-", "null", True),
        ("number", "null", "null", True),
        ("number", "< other", "1", True),
        ("number", "? > 2 and ? < other", "5", True),
    ],
)  # fmt: skip
def test_a_column_of_any_type_is_tested(kind, cell, fact, expected):
    kinds = [item("tMany", "string", many=True), item("tPlace", "", component("Post Code", "string"))]
    tested = table(column("x", kind), out(), row([cell], ["true"]))
    data = model(*kinds, given("x", kind), given("other", "number"), decision("d", needs("x", "other"), tested))
    assert value(data, f'{{"x": {fact}, "other": 9}}') is expected


def test_a_fact_that_no_input_declares_is_read_as_its_column_says():
    data = model(
        decision("d", table(column("day", "date"), out(), row(['> @"2026-01-01"'], ["day of week(date(day))"])))
    )
    assert value(data, '{"day": "2026-11-22"}') == "Sunday"
    assert failed(data, '{"day": 5}') == ["d: Expected date as day, but it is a number."]


def test_an_input_is_any_expression_and_a_cell_may_be_one_too():
    rows = [row(["> limit * 2", 'starts with(?, "A")'], ["amount * 2 + limit"])]
    tested = table(column("amount + 1", "number"), column("upper case(name)"), out("", "number"), *rows)
    data = model(given("amount"), given("limit"), given("name"), decision("d", tested))
    assert value(data, '{"amount": 10, "limit": 5, "name": "ana"}') == 25
    assert value(data, '{"amount": 9, "limit": 5, "name": "ana"}') is None


def test_empty_cells_test_nothing_and_say_null():
    assert value(amounts(out(), row([""], [""])), '{"amount": 3}') is None


def test_an_input_that_fails_is_an_error_and_decides_nothing():
    data = model(given("x"), decision("d", table(column('"a" - x', "number"), out(), row(["null"], ["1"]))))
    assert failed(data, '{"x": 1}') == ['d: "a" - x: a text - a number has no answer.']


def test_sums_and_extremes_are_of_durations_too():
    rows = [row(["-"], ['@"PT1H"']), row(["-"], ['@"PT2H"'])]
    assert str(value(amounts(out(), *rows, policy="COLLECT", aggregation="SUM"))) == "3:00:00"
    mixed = [row(["-"], ['"a"']), row(["-"], ["1"])]
    assert "is not a number in all of them" in failed(amounts(out(), *mixed, policy="COLLECT", aggregation="SUM"))[0]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (amounts(out(), policy="SOME"), "3 decisionTable: Expected a hit policy of UNIQUE, FIRST"),
        (amounts(out(), policy="FIRST", aggregation="SUM"), "3 decisionTable: Expected COLLECT with one of"),
        (amounts(out(), policy="PRIORITY"), "3 decisionTable: Expected output values in their order"),
        (amounts(out(), row([], ["1"])), "3 rule: Expected 1 inputEntry elements, but it has 0."),
        (amounts(out(), row(["<"], ["1"])), "3 inputEntry: Expected a test such as"),
        (amounts(out(), row(["-"], ["1 +"])), "3 outputEntry: Expected an output in FEEL, but '1 +'"),
        (amounts(out("a"), out("")), '3 output: Expected an output with a name of its own, but it is "".'),
        (amounts(out("a"), out("a")), '3 output a: Expected an output with a name of its own, but it is "a".'),
        (amounts(), "3 decisionTable: Expected an output, but the table has none."),
        (amounts(out("", values="<")), "3 outputValues: Expected allowed values in FEEL"),
        (amounts(out("", "tNone")), "3 output: Expected a type of FEEL or an item definition"),
        (amounts(column(""), out()), "3 input: Expected an input expression, but it has none."),
        (amounts(out(), *[row(["-"], ["1"])] * 2001), "3 decisionTable: Expected at most 2,000 rules"),
    ],
    ids=range(13),
)
def test_a_table_that_is_wrong_is_refused_with_its_line(data, found):
    assert refused(data)[0].startswith(found)


@all_of(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=6), st.integers(0, 9))
def test_unique_first_and_collect_agree_about_which_rows_match(bounds, amount):
    """Whatever the rows: FIRST takes the first of those that COLLECT lists, UNIQUE fails exactly for several."""
    rows = [row([f"[{low}..{high}]"], [str(place)]) for place, (low, high) in enumerate(bounds)]
    listed, first, unique = (
        read_model(amounts(out(), *rows, policy=policy)).evaluate({"amount": amount})
        for policy in ("COLLECT", "FIRST", "UNIQUE")
    )
    fitting = [place for place, (low, high) in enumerate(bounds) if low <= amount <= high]
    assert listed.results["d"] == fitting
    assert first.results["d"] == next(iter(fitting), None)
    assert bool(unique.errors) is (len(fitting) > 1)
