"""The built-in functions of DMN 1.5, functions as values, and types. Expected values are written as Python values."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.feel import FeelError, Interval, compile_expression
from rulebook.feel.functions import BUILTINS

STANDARD = """
    date; date and time; time; number; string; duration; years and months duration; substring; string length;
    upper case; lower case; substring before; substring after; replace; contains; starts with; ends with; matches;
    split; string join; list contains; list replace; count; min; max; sum; mean; all; any; sublist; append;
    concatenate; insert before; remove; reverse; index of; union; distinct values; flatten; product; median;
    stddev; mode; decimal; floor; ceiling; round up; round down; round half up; round half down; abs; modulo;
    sqrt; log; exp; odd; even; is; before; after; meets; met by; overlaps; overlaps before; overlaps after;
    finishes; finished by; includes; during; starts; started by; coincides; day of year; day of week;
    month of year; week of year; sort; get value; get entries; context; context put; context merge; now; today;
    range
"""


def value(text):
    return compile_expression(text).evaluate({})


def test_every_function_of_the_standard_is_there():
    """DMN 1.5, clause 10.3.4."""
    assert {name.strip() for name in STANDARD.split(";")} - {" ".join(name.split()) for name in BUILTINS} == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('replace("abcd", "b(.)", "[$1]")', "a[c]d"),
        ('replace("aab", "a+?", "x")', "xxb"),
        ('replace("aab", "a*?", "x")', None),  # finds nothing at all, everywhere: XPath's error FORX0003
        ('replace("abc", "", "-")', None),
        ('replace("abc", "^", "-")', None),
        ('replace("abc", " ", "-", "x")', None),
        ('replace("a b", "[ ]", "-", "x")', "a-b"),
        ('replace("a.b.c", "\\\\.", "-")', "a-b-c"),
        ('replace("ABA", "a", "x", "i")', "xBx"),
        ('replace("2026-11-22", "(\\\\d+)-(\\\\d+)-(\\\\d+)", "$3.$2.$1")', "22.11.2026"),
        ('replace("foobar", "^[fb]", "")', "oobar"),
        ('replace("abab", "(a|ab)(b|)", "<$1,$2>")', "<a,b><a,b>"),
        ('replace("a", "(", "x")', FeelError),
        ('split("John Doe", "\\\\s")', ["John", "Doe"]),
        ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
        ('split("abc", "x")', ["abc"]),
        ('string join(["a", "b", null], "-")', "a-b"),
        ('string join(["a", "b"])', "ab"),
        ('string join(["a", 1])', None),
        ('matches("foobar", "^fo*b")', True),
    ],
)
def test_texts(text, expected):
    """DMN 1.5, clause 10.3.4.3."""
    if expected is FeelError:
        with pytest.raises(FeelError):
            value(text)
    else:
        assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("product(2, 3, 4)", D(24)),
        ("product([])", None),
        ("stddev(2, 4, 7, 5)", D("2.081665999466132735282297706979931")),
        ("stddev([47])", None),
        ("mode(6, 3, 9, 6, 6)", [D(6)]),
        ("mode([6, 1, 9, 6, 1])", [D(1), D(6)]),
        ("mode([])", []),
        ('mode([1, "a"])', None),
        ("list replace([2, 4, 7, 8], 3, 6)", [D(2), D(4), D(6), D(8)]),
        ("list replace([2, 4, 7], -1, 6)", [D(2), D(4), D(6)]),
        ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", [D(5), D(5), D(7), D(8)]),
        ("list replace([1], 2, 6)", None),
        ("sort([3, 1, 2], function(x, y) x > y)", [D(3), D(2), D(1)]),
        ("sort(list: [3, 1, 2], precedes: function(x, y) x < y)", [D(1), D(2), D(3)]),
        ("sort([{n: 2}, {n: 1}], function(x, y) x.n < y.n).n", [D(1), D(2)]),
        ("sort([1, 2], function(x, y) null)", None),
        ("sort([1, 2], function(x) x)", None),
        ("sum(list: [1, 2])", D(3)),
    ],
)
def test_lists(text, expected):
    """DMN 1.5, clauses 10.3.4.4 and 10.3.4.11."""
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("log(1)", D(0)),
        ("log(0)", None),
        ("log(-1)", None),
        ("decimal(exp(1), 10)", D("2.7182818285")),
        ("abs(number: -1)", D(1)),
        ("round up(5.1, 0)", D(6)),
        ("round down(-5.9, 0)", D(-5)),
        ("round half down(5.5, 0)", D(5)),
        ("ceiling(n: 1.56, scale: 1)", D("1.6")),
    ],
)
def test_numbers(text, expected):
    """DMN 1.5, clause 10.3.4.5."""
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("date(year: 2026, month: 2, day: 3)", date(2026, 2, 3)),
        ('date(from: "2026-02-03")', date(2026, 2, 3)),
        ("time(hour: 10, minute: 5, second: 3)", time(10, 5, 3)),
        ('time(10, 5, 3.5, duration("PT1H"))', time(10, 5, 3, 500_000, tzinfo=timezone(timedelta(hours=1)))),
        ('time(10, 5, 3, duration("PT15H"))', None),
        ("time(25, 0, 0)", None),
        ("date and time(2026, 1, 2, 3, 4, 5)", datetime(2026, 1, 2, 3, 4, 5)),
        ('date and time(2026, 1, 2, 3, 4, 5, "Z")', datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ('date and time(date: @"2026-01-02", time: @"03:04:05")', datetime(2026, 1, 2, 3, 4, 5)),
        ("date and time(2026, 13, 2, 3, 4, 5)", None),
        ('is(@"10:00:00Z", @"10:00:00+00:00")', True),
        ('is(@"10:00:00Z", @"11:00:00+01:00")', False),
        ('is(1, "1")', False),
        ("is(null, null)", True),
        ('years and months duration(from: @"2025-01-15", to: @"2026-03-14") = @"P1Y1M"', True),
        ('for d in @"2026-01-31"..@"2026-02-01" return d.day', [D(31), D(1)]),
    ],
)
def test_dates_and_times(text, expected):
    """DMN 1.5, clauses 10.3.4.1, 10.3.4.7 and 10.3.4.10."""
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('context([{key: "a", value: 1}, {key: "b", value: 2}])', {"a": D(1), "b": D(2)}),
        ('context([{key: "a", value: 1}, {key: "a", value: 2}])', None),
        ('context put({a: 1}, "b", 2)', {"a": D(1), "b": D(2)}),
        ('context put(context: {x: {y: 1}}, keys: ["x", "y"], value: 2)', {"x": {"y": D(2)}}),
        ('context put({x: 1}, ["x", "y"], 2)', None),
        ("context merge([{a: 1, b: 1}, {b: 2}])", {"a": D(1), "b": D(2)}),
        ('get value(context: {a: 1}, key: "a")', D(1)),
        ("get entries({a: 1}).key", ["a"]),
    ],
)
def test_contexts(text, expected):
    """DMN 1.5, clause 10.3.4.12."""
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("before(1, 10)", True),
        ("before([1..5), 5)", True),
        ("before([1..5], 5)", False),
        ("after([5..10], [1..5))", True),
        ("meets([1..5], [5..10])", True),
        ("meets([1..5), [5..10])", False),
        ("met by([5..10], [1..5])", True),
        ("overlaps([1..5], [3..8])", True),
        ("overlaps([1..5], (5..8])", False),
        ("overlaps before([1..5], [3..8])", True),
        ("overlaps after([3..8], [1..5])", True),
        ("finishes(10, [1..10])", True),
        ("finishes(10, [1..10))", False),
        ("finishes([5..10], [1..10])", True),
        ("finished by([1..10], 10)", True),
        ("includes([1..10], 10)", True),
        ("includes([1..10), 10)", False),
        ("includes([1..10], [4..6])", True),
        ("during(5, [1..10])", True),
        ("starts(1, [1..10])", True),
        ("starts([1..5], [1..10])", True),
        ("started by([1..10], [1..5])", True),
        ("coincides([1..5], [1..5])", True),
        ("coincides([1..5), [1..5])", False),
        ("coincides(point1: 5, point2: 5)", True),
        ('before(1, "a")', None),
        ("before(null, 1)", None),
        ('range("[18..21)")', Interval(D(18), D(21), True, False)),
        ('range("[2026-01-01..2026-02-01]").end', date(2026, 2, 1)),
        ('range("18..21")', None),
        ('range("[5..1]")', None),
        ("[1..3).end included", False),
    ],
)
def test_ranges(text, expected):
    """DMN 1.5, clause 10.3.4.9."""
    assert value(text) == expected


@given(*(st.tuples(st.integers(0, 6), st.integers(0, 6), st.booleans(), st.booleans()) for _side in "ab"))
def test_the_relations_of_ranges_are_each_others_mirror(a, b):
    def written(low, high, left, right):
        return f"{'[' if left else '('}{min(low, high)}..{max(low, high) + 1}{']' if right else ')'}"

    one, other = written(*a), written(*b)
    for name, turned in (
        ("before", "after"), ("meets", "met by"), ("overlaps", "overlaps"), ("overlaps before", "overlaps after"),
        ("finishes", "finished by"), ("during", "includes"), ("starts", "started by"), ("coincides", "coincides"),
    ):  # fmt: skip
        assert value(f"{name}({one}, {other})") is value(f"{turned}({other}, {one})")
    inside = [place for place in range(-2, 40) if value(f"{place} / 4 in {one} and {place} / 4 in {other}")]
    assert value(f"overlaps({one}, {other})") is bool(inside)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", True),
        ('"a" instance of number', False),
        ("null instance of number", False),
        ("null instance of Any", False),
        ("null instance of Null", True),
        ("1 instance of Any", True),
        ("[1, 2] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("[[1]] instance of list<list<number>>", True),
        ('{a: 1, b: "x"} instance of context<a: number>', True),
        ("{b: 1} instance of context<a: number, b: string>", False),
        ("[1..2] instance of range<number>", True),
        ('[1..2] instance of range<string>', False),
        ("(function(x) x) instance of function<number> -> number", True),
        ('@"2026-01-01" instance of date', True),
        ('@"2026-01-01T00:00:00" instance of date and time', True),
        ('@"P1D" instance of days and time duration', True),
        ('@"P1Y" instance of years and months duration', True),
        ('if 1 instance of number then "n" else "o"', "n"),
    ],
)  # fmt: skip
def test_types(text, expected):
    """DMN 1.5, clause 10.3.2.9 and table 57."""
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(function(a, b) a + b)(1, 2)", D(3)),
        ("(function(a: number, b: number) a - b)(b: 1, a: 3)", D(2)),
        ('(function(a: number) a)("x")', None),
        ("(function(a) a)()", None),
        ("{f: function(n) if n = 0 then 0 else n + f(n - 1), x: f(10)}.x", D(55)),
        ("{f: function(x) x * 2, g: function(x) f(x) + 1, y: g(4)}.y", D(9)),
        ("{a: {f: function(x) x + 1}}.a.f(1)", D(2)),
        ("(for x in [1, 2] return function(y) y + x)[2](10)", D(12)),
        ("(function(x) function(y) x * y)(3)(4)", D(12)),
        ("{count: function(x) 99, y: count([1])}.y", D(99)),
        ("{count: 5, y: count([1])}.y", D(1)),
        ("{x: 5, y: x(1)}.y", None),
        ("for i in 1..4 return if i = 1 then 1 else i * partial[-1]", [D(1), D(2), D(6), D(24)]),
        ("for i in [1..4) return i", [D(1), D(2), D(3)]),
        ("string(function(a, b) a)", "function(a, b)"),
    ],
)
def test_functions_are_values(text, expected):
    """DMN 1.5, clause 10.3.2.13 and table 62."""
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("f(1)", "There is no function f."),
        (
            'function(x) external {java: {class: "a", "method signature": "b"}}',
            "Functions in another language (external) are not read.",
        ),
        ("today()", "There is no function today."),
        ("1 instance of tNothing", "There is no type named tNothing."),
        ("{f: function(x) f(x), y: f(1)}.y", "Functions call each other more than 60 deep."),
        ('substring(string: "a", foo: 1)', "substring has no value named foo, or it is given twice."),
    ],
)
def test_what_there_is_not_is_named(text, said):
    with pytest.raises(FeelError) as refused:
        value(text)
    assert refused.value.message == said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('cycle(3, duration("PT1H"))', "R3/PT1H"),
        ('cycle(duration("P1D"))', "R/P1D"),
        ('cycle(null, duration("P1M"))', "R/P1M"),
        ('cycle(repetitions: 2, interval: duration("PT15M"))', "R2/PT15M"),
        ('cycle(2.5, duration("PT1H"))', None),
        ('cycle(-1, duration("PT1H"))', None),
        ('cycle(3, "PT1H")', None),
        ("cycle(3)", None),
        ("{ cycle: function(a) a + 1, b: cycle(3) }.b", D(4)),
    ],
)
def test_a_cycle_as_camunda_8_writes_it_is_the_text_of_a_repeated_interval(text, expected):
    assert value(text) == expected
