"""Boxed expressions: contexts, lists, relations, functions, invocations, and the control boxes of DMN 1.4 and later."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from tests.rulebook.dmn_files import (
    V13,
    V14,
    V15,
    decision,
    entry,
    failed,
    given,
    item,
    literal,
    model,
    needs,
    refused,
    tag,
    value,
    variable,
)


def one(logic, *before, version=V15):
    return model(*before, decision("d", logic), version=version)


def binding(name, words=""):
    return tag("binding", tag("parameter", name=name), literal(words) if words else "")


def function(logic, **formals):
    parameters = "".join(
        tag("formalParameter", name=name.replace("_", " "), typeRef=of) for name, of in formals.items()
    )
    return tag("functionDefinition", parameters, literal(logic))


def part(element, words):
    return tag(element, literal(words))


def test_a_context_is_its_entries_each_seeing_those_before():
    """DMN 1.5, clause 10.2.1.4."""
    data = one(tag("context", entry("Base Fee", "10"), entry("Tax", "Base Fee * 0.2"), entry("Sum", "Base Fee + Tax")))
    assert value(data) == {"Base Fee": 10, "Tax": D("2.0"), "Sum": D("12.0")}


def test_a_context_with_a_result_is_that_result():
    assert value(one(tag("context", entry("a", "10"), entry("b", "a * 2"), entry("", "a + b")))) == 30


def test_entries_are_boxes_themselves_and_have_types():
    inner = tag("context", entry("x", "1"), entry("", "x + 1"))
    assert value(one(tag("context", entry("a", inner), entry("", "a * 10")))) == 20
    data = one(tag("context", entry("a", '"text"', "number")))
    assert failed(data) == ["d: Expected number of a, but it is a text."]


def test_a_list_box_is_the_list_of_its_expressions():
    """DMN 1.5, clause 10.2.1.5."""
    assert value(one(tag("list", literal("1"), literal("1 + 1"), tag("list", literal('"a"'))))) == [1, 2, ["a"]]


def test_a_relation_is_a_list_of_contexts():
    """DMN 1.5, clause 10.2.1.6."""
    columns = tag("column", name="First Name", typeRef="string") + tag("column", name="age", typeRef="number")
    rows = [tag("row", literal(f'"{name}"'), literal(age)) for name, age in (("Ana", "40"), ("Bo", "30"))]
    people = decision("people", tag("relation", columns, *rows))
    data = model(people, decision("d", needs("people", by="requiredDecision"), "people[age > 35].First Name"))
    assert value(data) == ["Ana"]


def test_a_function_box_is_a_value_that_later_entries_call():
    """DMN 1.5, clause 10.2.1.7."""
    data = one(
        tag(
            "context",
            entry("rate", "2"),
            entry("Monthly Fee", function("amount * rate + Extra Fee", amount="number", Extra_Fee="number")),
            entry("by place", "Monthly Fee(10, 1)"),
            entry("by name", "Monthly Fee(Extra Fee: 1, amount: 20)"),
            entry("", "[by place, by name]"),
        )
    )
    assert value(data) == [21, 41]


def test_a_function_box_may_call_itself():
    logic = "if n <= 1 then 1 else n * factorial(n - 1)"
    data = one(tag("context", entry("factorial", function(logic, n="number")), entry("", "factorial(5)")))
    assert value(data) == 120


def test_an_invocation_gives_values_to_parameters_by_name():
    """DMN 1.5, clause 7.3.6."""
    made = entry("f", function("a - b", a="number", b="number"))
    call = tag("invocation", literal("f"), binding("b", "1"), binding("a", "10"))
    assert value(one(tag("context", made, entry("", call)))) == 9
    missing = tag("invocation", literal("f"), binding("a", "10"))
    assert value(one(tag("context", made, entry("", missing)))) is None


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (tag("invocation", literal("f"), binding("c", "1")), "d: Expected values named a for the function, but got c."),
        (
            tag("invocation", literal("f"), binding("a", '"x"')),
            "d: Expected number as a of the function, but got a text.",
        ),
        (tag("invocation", literal("x"), binding("a", "1")), "d: Expected a function to call, but it is a number."),
        ("f(1, 2)", "d: f(1, 2): Expected 1 values for the function, but got 2."),
        ("x(1)", "d: x(1): Expected a function as x, but it is a number."),
    ],
)
def test_a_call_that_does_not_fit_is_null_with_its_error(call, said):
    data = one(tag("context", entry("f", function("a", a="number")), entry("x", "1"), entry("", call)))
    assert failed(data) == [said]


@pytest.mark.parametrize("version", [V14, V15])
@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (tag("conditional", part("if", "x > 1"), part("then", '"big"'), part("else", '"small"')), "big"),
        (tag("conditional", part("if", "null"), part("then", "1"), part("else", "2")), 2),
        (tag("filter", part("in", "[1, 2, 3]"), part("match", "item > x - 1")), [2, 3]),
        (tag("filter", part("in", "[{a b: 1}, {a b: 5}]"), part("match", "a b > x")), [{"a b": 5}]),
        (tag("for", part("in", "[1, 2]"), part("return", "n * x"), iteratorVariable="n"), [2, 4]),
        (tag("for", part("in", "1..3"), part("return", "n + count(partial)"), iteratorVariable="n"), [1, 3, 5]),
        (tag("for", part("in", "[1..3]"), part("return", "big n"), iteratorVariable="big n"), [1, 2, 3]),
        (tag("some", part("in", "[1, 5]"), part("satisfies", "n > x"), iteratorVariable="n"), True),
        (tag("every", part("in", "[1, 5]"), part("satisfies", "n > x"), iteratorVariable="n"), False),
        (tag("every", part("in", "[]"), part("satisfies", "n > x"), iteratorVariable="n"), True),
    ],
)
def test_control_boxes(box, expected, version):
    """DMN 1.4 and 1.5, clause 10.2.2: boxed conditional, filter and iterators."""
    data = model(given("x", "number"), decision("d", needs("x"), box), version=version)
    assert value(data, '{"x": 2}') == expected


def test_control_boxes_are_no_part_of_an_earlier_version():
    box = tag("conditional", part("if", "true"), part("then", "1"), part("else", "2"))
    assert refused(one(box, version=V13)) == [
        "2 conditional: Expected an expression of DMN 1.3, but conditional is one of DMN 1.4 and later."
    ]


@pytest.mark.parametrize(
    ("logic", "found"),
    [
        (tag("functionDefinition", tag("context"), kind="Java"), "2 functionDefinition: Expected a function in FEEL"),
        (tag("functionDefinition", tag("context"), kind="PMML"), "2 functionDefinition: Expected a function in FEEL"),
        (tag("context", entry("", "1"), entry("a", "1")), "2 contextEntry: Expected no entry after the result"),
        (tag("context", entry("a", "1"), entry("a", "1")), "2 contextEntry: Expected an entry with a name of its own"),
        (tag("context", tag("contextEntry", variable("a"))), "2 contextEntry: Expected an expression for a"),
        (
            tag("relation", tag("column", name="a"), tag("row")),
            "2 row: Expected 1 expressions in the row, but",
        ),
        (tag("relation", tag("column", name="")), "2 column: Expected a column with a name of its own"),
        (tag("invocation", binding("a", "1")), "2 invocation: Expected an expression that says which function"),
        (tag("invocation", literal("f"), binding("", "1")), "2 binding: Expected a parameter with a name of its own"),
        (tag("conditional", part("if", "true"), part("then", "1")), "2 conditional: Expected a part <else>"),
        (tag("for", part("in", "[1]"), part("return", "1")), "2 for: Expected an iteratorVariable, but there is none."),
        (tag("filter", part("in", "[1]"), tag("match")), "2 match: Expected an expression, but it holds none."),
    ],
)
def test_a_box_that_is_wrong_is_refused_with_its_line(logic, found):
    assert refused(one(logic))[0].startswith(found)


def test_a_type_may_be_that_of_a_function():
    kind = item("tF", "", tag("functionItem", tag("parameters", name="a", typeRef="number"), outputTypeRef="number"))
    data = model(kind, decision("f", function("a + 1", a="number"), kind="tF"),
                 decision("d", needs("f", by="requiredDecision"), "f(2)"))  # fmt: skip
    assert value(data) == 3
    assert value(data, name="f") == "function(a)"
