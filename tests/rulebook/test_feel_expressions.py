"""Expressions: what they mean, case by case. Expected values are written as Python values of the language."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal as D

import pytest

from rulebook.feel import FeelError, Months, compile_expression

FACTS = {
    "amount": D("150000.00"),
    "age": 67,
    "name": "Ana",
    "flag": True,
    "nothing": None,
    "client": {"name": "Ana", "address": {"city": "Basel"}},
    "orders": [{"no": 1, "sum": 10}, {"no": 2, "sum": 30}],
    "on": date(2026, 11, 22),
    "at": datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
}


def value(text):
    return compile_expression(text).evaluate(FACTS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", D(7)),
        ("(1 + 2) * 3", D(9)),
        ("10 - 3 - 2", D(5)),
        ("12 / 4 / 3", D(1)),
        ("0.1 + 0.2 = 0.3", True),
        ("500000.01 > 500000", True),
        ("-2 ** 2", D(4)),
        ("2 ** 3 ** 2", D(64)),
        ("--5", D(5)),
        ("-amount", D("-150000.00")),
        ("1 / 0", None),
        ("0 ** -1", None),
        ("1 + null", None),
        ('1 + "a"', None),
        ('"a" + "b"', "ab"),
        ("1e3 + .5", D("1000.5")),
        ("1 // a comment\n + /* another */ 1", D(2)),
    ],
)
def test_arithmetic_is_decimal_and_answers_null_where_undefined(text, expected):
    assert value(text) == expected
    assert type(value(text)) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true and null", None),
        ("false and null", False),
        ("true or null", True),
        ("false or null", None),
        ("not(null)", None),
        ("not(flag)", False),
        ("true and 1", None),
        ('1 < "a"', None),
        ("null = null", True),
        ("nothing != 1", True),
        ('1 = "1"', None),
        ("[1, 2] = [1, 2]", True),
        ("{a: 1} = {a: 2}", False),
        ("amount between 100000 and 200000", True),
        ("amount between null and 200000", None),
        ("age in [65..70)", True),
        ("age in (67..70]", False),
        ("age in ]66..67[", False),
        ("age in [60..67[", False),
        ("age in (<18, >=65)", True),
        ('name in ("Bo", "Ana")', True),
        ("age in [1, 67]", True),
        ("unknown_fact", None),
    ],
)
def test_logic_has_three_values(text, expected):
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('if age >= 65 then "senior" else "other"', "senior"),
        ("if nothing then 1 else 2", D(2)),
        ("for x in [1, 2], y in 1..2 return x * y", [D(1), D(2), D(2), D(4)]),
        ("for i in 3..1 return i", [D(3), D(2), D(1)]),
        ("some o in orders satisfies o.sum > 20", True),
        ("every o in orders satisfies o.sum > 20", False),
        ("every x in [] satisfies x", True),
        ("client.address.city", "Basel"),
        ("client.missing.city", None),
        ("name.upper", None),
        ("orders.no", [D(1), D(2)]),
        ("orders[sum > 20].no", [D(2)]),
        ("orders[-1].sum", D(30)),
        ("orders[3]", None),
        ("[1, 2, 3][item >= 2]", [D(2), D(3)]),
        ("5[1]", D(5)),
        ("[][1]", None),
        ("{a: 2, b: a * 2}.b", D(4)),
        ('{"a b": 1}', {"a b": D(1)}),
        ('{foo: "bar", foo: "baz"}', None),
        ('{foo: "bar", "foo": "baz"}', None),
        ("[{a: 1, a: 2}, {a: 1}]", [None, {"a": D(1)}]),
        ("client.__class__", None),
    ],
)
def test_control_flow_lists_and_contexts(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-02-28") + duration("P1D")', date(2026, 3, 1)),
        ('date("2024-02-29") + duration("P1Y")', date(2025, 2, 28)),
        ('date("2026-01-31") + @"P1M"', date(2026, 2, 28)),
        ('date("2024-01-31") + @"P1M"', date(2024, 2, 29)),
        ('date("2026-05-31") - @"P1M"', date(2026, 4, 30)),
        ('@"2026-03-01" - @"2026-02-01"', timedelta(days=28)),
        ('date("2026-02-30")', None),
        ('date("20260228")', None),
        ("date(2026, 2, 28)", date(2026, 2, 28)),
        ('time("23:30:00") + duration("PT1H")', time(0, 30)),
        ('date and time("2026-11-22T10:00:00Z") - at', timedelta(minutes=30)),
        ('date and time("2026-11-22T10:30:00+01:00") = at', True),
        ('date and time("2026-11-22T10:30:00") = at', False),
        ('date and time("2026-11-22T10:30:00") < at', None),
        ("on.year + on.month + on.day", D(2026 + 11 + 22)),
        ("on.weekday", D(7)),
        ("at.hour", D(9)),
        ('duration("P2DT12H").hours', D(12)),
        ('duration("P2DT12H") * 2', timedelta(days=5)),
        ('duration("P1Y6M") + duration("P6M")', Months(24)),
        ('duration("P1Y6M").years', D(1)),
        ('years and months duration(date("2026-01-31"), date("2026-03-30"))', Months(1)),
        ('day of week(date("2026-11-22"))', "Sunday"),
        ('on > date("2026-11-21")', True),
        ("at.time offset", timedelta()),
        ('string(@"-P1DT2H3.5S")', "-P1DT2H3.5S"),
        ('date and time("2026-03-29T00:00:00@Europe/Paris") + @"PT3H" = date and time("2026-03-29T02:00:00Z")', True),
        ('date("9999-12-31") + @"P1D"', None),
    ],
)
def test_dates_times_and_durations(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('string length("abc")', D(3)),
        ('upper case("aß")', "ASS"),
        ('lower case("AB")', "ab"),
        ('substring("abcd", 2)', "bcd"),
        ('substring("abcd", -2, 1)', "c"),
        ('substring("abcd", 9)', None),
        ('substring(string: "abcd", start position: 3)', "cd"),
        ('substring before("a-b", "-")', "a"),
        ('substring after("a-b", "-")', "b"),
        ('contains("abc", "bc")', True),
        ('starts with("abc", "ab")', True),
        ('ends with("abc", "ab")', False),
        ('contains(null, "a")', None),
        ("count([1, null])", D(2)),
        ("sum([1, 2, 3])", D(6)),
        ("sum(1, 2)", D(3)),
        ("sum([])", None),
        ('sum([1, "a"])', None),
        ("min(3, 1, 2)", D(1)),
        ('max(["a", "b"])', "b"),
        ("mean([1, 2])", D("1.5")),
        ("median([3, 1, 2])", D(2)),
        ("list contains([1, null], null)", True),
        ("append([1], 2, 3)", [D(1), D(2), D(3)]),
        ("concatenate([1], [2])", [D(1), D(2)]),
        ('distinct values([1, 1.0, "a", true])', [D(1), "a", True]),
        ("union([1, 2], [2, 3])", [D(1), D(2), D(3)]),
        ("flatten([1, [2, [3]]])", [D(1), D(2), D(3)]),
        ("sort([3, 1, 2])", [D(1), D(2), D(3)]),
        ("index of([1, 2, 1], 1)", [D(1), D(3)]),
        ("floor(-1.5)", D(-2)),
        ("ceiling(1.2)", D(2)),
        ("round half up(2.345, 2)", D("2.35")),
        ("round half up(-2.5, 0)", D(-3)),
        ("round(2.5)", D(2)),
        ("decimal(1.115, 2)", D("1.12")),
        ("abs(-3)", D(3)),
        ("modulo(-12, 5)", D(3)),
        ("modulo(12, -5)", D(-3)),
        ("modulo(1, 0)", None),
        ('number("1,000.5", ",", ".")', D("1000.5")),
        ('number("x")', None),
        ("string(1.50)", "1.5"),
        ("string(null)", None),
        ('string([1, "a"])', '[1, "a"]'),
    ],
)
def test_built_in_functions(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("1 +", 3),
        ("1 + )", 4),
        ("foo(1)", 0),
        ("1 + floor()", 4),
        ("? > 1", 0),
        ("", 0),
        ('"open', 0),
        ("x in", 4),
        ('@"2026-13-01"', 0),
        ("import(1)", 0),
        ("1 2", 2),
    ],
)
def test_a_text_that_is_no_expression_says_where(text, position):
    with pytest.raises(FeelError) as refused:
        compile_expression(text)
    assert refused.value.position == position
    assert refused.value.message


def test_names_are_the_facts_that_are_read():
    text = "amount > limit and (some x in xs satisfies x > floor_of) and {a: 1, b: a}.b = 1"
    assert compile_expression(text).names == {"amount", "limit", "xs", "floor_of"}


def test_a_name_that_is_not_allowed_is_refused_at_its_place():
    with pytest.raises(FeelError, match="no fact named amonut") as refused:
        compile_expression("1 + amonut", names={"amount"})
    assert refused.value.position == 4


def test_a_filter_may_read_entries_of_its_items_though_they_are_no_facts():
    expression = compile_expression("orders[sum > floor_of]", names={"orders", "floor_of"})
    assert expression.names == {"orders", "floor_of"}
    assert expression.evaluate({**FACTS, "floor_of": 15}) == [{"no": D(2), "sum": D(30)}]


@pytest.mark.parametrize("bad", [1.5, float("nan"), D("NaN"), D("Infinity"), object(), {1.0: object()}, [0.1]])
def test_facts_that_are_not_exact_are_refused(bad):
    with pytest.raises(FeelError):
        compile_expression("x").evaluate({"x": bad})


def test_equal_texts_are_compiled_once():
    assert compile_expression("1 + 41") is compile_expression("1 + 41")
