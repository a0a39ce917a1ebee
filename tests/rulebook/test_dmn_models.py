"""Requirement graphs: what is decided in which order, what each decision sees, and which files are no graph."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal as D

import pytest
from hypothesis import given as all_of
from hypothesis import strategies as st

from rulebook.dmn import UnknownDecision, read_model
from rulebook.dmn.document import VERSIONS
from tests.rulebook.dmn_files import (
    V13,
    column,
    component,
    decided,
    decision,
    entry,
    failed,
    given,
    item,
    knowledge,
    literal,
    model,
    needs,
    out,
    refused,
    row,
    table,
    tag,
    value,
    variable,
)

LOAN = model(
    item("tApplicant", "", component("Age", "number"), component("Monthly Income", "number")),
    given("Applicant Data", "tApplicant"),
    given("Requested Amount", "number"),
    decision("Routing", needs("Risk Score", by="requiredDecision"), 'if Risk Score > 50 then "refer" else "accept"'),
    decision(
        "Risk Score",
        needs("Applicant Data", "Requested Amount"),
        needs("Yearly Income", by="requiredDecision"),
        "if Applicant Data.Age < 25 then 60 else Requested Amount / Yearly Income * 100",
        kind="number",
    ),
    decision("Yearly Income", needs("Applicant Data"), "Applicant Data.Monthly Income * 12", kind="number"),
)
FACTS = '{"Applicant Data": {"Age": 40, "Monthly Income": 5000}, "Requested Amount": 12000}'


@pytest.mark.parametrize("version", VERSIONS)
def test_a_model_of_each_version_decides(version):
    assert value(model(given("x", "number"), decision("d", needs("x"), "x + 1"), version=version), '{"x": 1}') == 2


def test_decisions_are_made_after_those_that_they_require_whatever_the_order_of_the_file():
    """DMN 1.5, clause 6.3.2: information requirements."""
    outcome = decided(LOAN, FACTS)
    assert outcome.results == {"Routing": "accept", "Risk Score": D(20), "Yearly Income": D(60000)}
    assert (outcome.errors, outcome.matched) == ((), {})


def test_names_of_several_words_stand_in_facts_requirements_paths_and_expressions():
    """DMN 1.5, clauses 10.3.1.2 and 10.3.1.4: names may hold spaces and signs."""
    data = model(
        given("Client's age - today", "number"),
        given("Pre-bureau risk  category"),
        decision("A+B", needs("Client's age - today"), "Client's age - today + 1"),
        decision(
            "d",
            needs("Pre-bureau risk  category"),
            needs("A+B", by="requiredDecision"),
            'if Pre-bureau risk\n category = "low" then A+B else null',
        ),
    )
    assert value(data, '{"Client\'s age - today": 4, "Pre-bureau risk category": "low"}') == 5


def test_the_longest_name_that_is_known_wins():
    data = model(given("a", "number"), given("b", "number"), given("a-b", "number"), decision("d", "[a-b, a - b]"))
    assert value(data, '{"a": 5, "b": 3, "a-b": 9}') == [D(9), D(2)]


def test_a_key_of_one_text_makes_no_name_of_a_difference_in_another():
    data = model(given("a", "number"), given("b", "number"), decision("c", "{a-b: 1}.a-b"), decision("d", "a-b"))
    assert decided(data, '{"a": 5, "b": 3}').results == {"c": D(1), "d": D(2)}


def test_a_name_is_known_where_it_stands_after_a_dot_though_no_type_declares_it():
    data = model(
        decision("c", tag("context", entry("Monthly Fee", "12"))),
        decision("d", needs("c", by="requiredDecision"), "c.Monthly Fee * 2"),
        decision("e", needs("c", by="requiredDecision"), '{"inner key": 1, x: inner key + 1}.x'),
    )
    assert decided(data).results == {"c": {"Monthly Fee": D(12)}, "d": D(24), "e": D(2)}


def test_a_decision_asked_for_alone_is_the_only_result():
    outcome = decided(LOAN, FACTS, "Yearly Income")
    assert outcome.results == {"Yearly Income": D(60000)}
    assert decided(LOAN, FACTS, "Routing").results == {"Routing": "accept"}
    with pytest.raises(UnknownDecision, match="it has: Routing, Risk Score, Yearly Income"):
        decided(LOAN, FACTS, "Nothing")


def test_a_decision_required_twice_is_made_once():
    steps = "count(for i in 1..2000 return i)"
    parts = [decision(f"d{i}", needs(f"d{i - 1}", by="requiredDecision"), f"d{i - 1} + d{i - 1}") for i in range(1, 60)]
    assert decided(model(*parts, decision("d0", steps))).results["d59"] == 2000 * D(2) ** 59


def test_missing_facts_are_null_and_null_is_no_error():
    outcome = decided(LOAN, "{}")
    assert outcome.results == {"Routing": "accept", "Risk Score": None, "Yearly Income": None}
    assert outcome.errors == ()


def test_a_failing_expression_is_null_with_its_error_and_the_others_are_made():
    """DMN 1.5, clause 10.3.2.13: an error of evaluation gives null."""
    data = model(
        given("x", "number"),
        decision("a", needs("x"), '"a" * x'),
        decision("b", needs("a", by="requiredDecision"), "a = null"),
        decision("c", 'date("2026-02-30")'),
        decision("e", "1 / 0"),
        decision("f", "9 ** 9999"),
        decision("g", '1 < "a"'),
    )
    outcome = decided(data, '{"x": 2}')
    assert outcome.results == {"a": None, "b": True, "c": None, "e": None, "f": None, "g": None}
    assert [name for name, _message in outcome.errors] == ["a", "c", "e", "f", "g"]
    assert outcome.errors[0][1] == '"a" * x: a text * a number has no answer.'


def test_a_null_that_was_looked_at_is_no_error():
    assert value(model(decision("d", 'if number("x") = null then "none" else "some"'))) == "none"


def test_a_result_of_another_type_than_the_variable_is_null_with_an_error():
    assert failed(model(decision("d", '"a"', kind="number"))) == ["d: Expected number of d, but it is a text."]


def test_a_result_outside_the_allowed_values_of_its_type_is_null_with_an_error():
    kinds = [item("tLevel", "string", allowed='"low", "high"'), item("tSet", "", allowed="1, 2")]
    data = model(*kinds, decision("d", '"middle"', kind="tLevel"), decision("e", "3", kind="tSet"))
    assert failed(data) == [
        'd: Expected one of "low", "high" of d, but it is a text.',
        "e: Expected one of 1, 2 of e, but it is a number.",
    ]


@pytest.mark.parametrize(
    ("words", "kind", "expected"),
    [
        ("[5]", "number", D(5)),
        ("5", "tMany", [D(5)]),
        ('date("2026-01-31")', "dateTime", datetime(2026, 1, 31, tzinfo=UTC)),
        ("null", "number", None),
    ],
)
def test_the_few_values_that_become_another_by_themselves(words, kind, expected):
    """DMN 1.5, clause 10.3.2.9.4: implicit conversions."""
    assert value(model(item("tMany", "number", many=True), decision("d", words, kind=kind))) == expected


def test_a_name_that_nothing_gives_is_an_error_where_the_model_declares_its_inputs():
    data = model(given("amount", "number"), decision("d", needs("amount"), "amonut + 1"))
    assert failed(data, '{"amount": 1}') == ["d: amonut + 1: There is nothing named amonut here."]
    assert value(model(decision("d", "amount + 1")), '{"amount": 1}') == 2


def test_a_required_decision_is_known_by_its_id_too():
    data = model(decision("Base Fee", "5"), decision("d", needs("Base Fee", by="requiredDecision"), "i_Base_Fee * 2"))
    assert value(data) == 10
    other = given("i_Base_Fee", "number")
    data = model(
        other, decision("Base Fee", "5"), decision("d", needs("Base Fee", by="requiredDecision"), "i_Base_Fee * 2")
    )
    assert value(data, '{"i_Base_Fee": 1}') == 2


def test_a_decision_sees_no_decision_that_it_does_not_require():
    data = model(given("x"), decision("a", "1"), decision("d", needs("x"), "a"))
    assert failed(data) == ["d: a: There is nothing named a here."]


def test_now_and_today_are_the_moment_for_which_somebody_asks():
    moment = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    data = model(decision("d", "today()"), decision("e", 'now() = date and time(today(), @"09:00:00Z")'))
    assert read_model(data).evaluate({}, None, moment).results == {"d": moment.date(), "e": True}


@all_of(st.integers(2, 9), st.randoms(use_true_random=False))
def test_values_do_not_depend_on_the_order_of_the_file(size, chance):
    edges = {place: [other for other in range(place) if chance.random() < 0.5] for place in range(size)}
    parts = [
        decision(
            f"n {place}",
            needs(*(f"n {other}" for other in asked), by="requiredDecision"),
            " + ".join([str(place + 1), *(f"n {other}" for other in asked)]),
        )
        for place, asked in edges.items()
    ]
    mixed = parts[:]
    random.Random(chance.random()).shuffle(mixed)
    assert decided(model(*parts)).results == decided(model(*mixed)).results


# what is no model


def test_a_circle_is_refused_at_the_decision_that_closes_it():
    """DMN 1.5, clause 6.3.2: requirement graphs have no circles."""
    parts = [decision(one, needs(other, by="requiredDecision"), other) for one, other in ("ab", "bc", "ca")]
    (found,) = refused(model(*parts))
    assert found == "4 decision i_c: Expected requirements without a circle, but c requires itself."
    assert "a requires itself" in refused(model(decision("a", needs("a", by="requiredDecision"), "1")))[0]


def test_knowledge_that_requires_what_requires_it_is_refused():
    f = knowledge("f", {}, "g()", needs("g", by="requiredKnowledge"))
    g = knowledge("g", {}, "f()", needs("f", by="requiredKnowledge"))
    assert "circle" in refused(model(f, g))[0]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([decision("d", needs("x"), "1")], '2 requiredInput: Expected the href of an element of this model'),
        ([given("x"), given("x")], "3 inputData i_x: Expected a name of its own, but there is another"),
        ([given("x"), decision("x", "1")], "3 decision i_x: Expected a name of its own"),
        ([tag("decision", literal("1"), id="d", name="a"), tag("decision", literal("1"), id="d", name="b")],
         "3 decision d: Expected an id of its own"),
        ([given("x"), decision("d", needs("x", by="requiredDecision"), "1")],
         "3 requiredDecision: Expected a decision, but x is input data."),
        ([decision("d", "1 +")], "2 literalExpression: Expected an expression in FEEL, but '1 +': The text"),
        ([tag("decision", id="i_d", name="d")], "2 decision i_d: Expected an expression"),
        ([decision("d", "1", kind="tNone")], '2 decision i_d: Expected a type of FEEL or an item definition'),
        ([decision("d", "1 instance of tNone")], "2 literalExpression: Expected an expression in FEEL, but"),
        ([tag("import", namespace="urn:x", importType=V13)], "2 import: Expected a model that stands by itself"),
        ([decision("d", tag("literalExpression", tag("text", "1"), expressionLanguage="urn:js"))],
         "2 literalExpression: Expected FEEL, but its language is urn:js."),
        ([decision("d", tag("someBox"), literal("1"))], "2 someBox: Expected an expression of DMN, but this element"),
        ([decision("d", literal("1"), literal("2"))], "2 literalExpression: Expected one expression"),
        ([decision("d", table(column("1"), out(), row(["-"], ["1"])), literal("2"))],
         "2 literalExpression: Expected one expression, but it is another."),
        ([tag("decision", variable("x"), literal("1"))], "2 decision: Expected a name, but it has none."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(parts, found):
    assert refused(model(*parts))[0].startswith(found)


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_lines():
    lines = refused(model(decision("a", "1 +"), decision("b", needs("x"), "("), given("c", "tNone")))
    assert [line.split()[0] for line in lines] == ["2", "3", "3", "4"]
