"""Business knowledge and decision services: called from FEEL and by invocation, with typed parameters, bounded."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from tests.rulebook.dmn_files import (
    column,
    decided,
    decision,
    entry,
    failed,
    given,
    knowledge,
    literal,
    model,
    needs,
    out,
    refused,
    row,
    service,
    table,
    tag,
    value,
)

FEE = knowledge("Monthly Fee", {"Loan Amount": "number", "rate": "number"}, "Loan Amount * rate / 12", kind="number")
ASKS_FEE = needs("Monthly Fee", by="requiredKnowledge")


@pytest.mark.parametrize(
    "logic",
    [
        "Monthly Fee(1200, 0.5)",
        "Monthly Fee(rate: 0.5, Loan Amount: 1200)",
        tag(
            "invocation",
            literal("Monthly Fee"),
            *(
                tag("binding", tag("parameter", name=name), literal(words))
                for name, words in (("rate", "0.5"), ("Loan Amount", "x"))
            ),
        ),
    ],
)
def test_business_knowledge_is_called_by_place_by_name_and_by_invocation(logic):
    """DMN 1.5, clauses 6.3.8 and 7.3.6."""
    data = model(FEE, given("x", "number"), decision("d", needs("x"), ASKS_FEE, logic))
    assert value(data, '{"x": 1200}') == 50


def test_business_knowledge_may_be_a_table_or_a_context_and_require_other_knowledge():
    points = table(column("age", "number"), out("", "number"), row(["< 30"], ["10"]), row([">= 30"], ["20"]))
    parts = [
        knowledge("points", {"age": "number"}, points),
        knowledge(
            "score",
            {"age": "number", "bonus": "number"},
            tag("context", entry("p", "points(age)"), entry("", "p + bonus")),
            needs("points", by="requiredKnowledge"),
        ),
        decision("d", needs("score", by="requiredKnowledge"), "[score(29, 1), score(40, 2)]"),
    ]
    assert value(model(*parts)) == value(model(*reversed(parts))) == [11, 22]


def test_business_knowledge_sees_its_parameters_and_what_it_requires_only():
    data = model(given("x", "number"), knowledge("f", {}, "x"), decision("d", needs("x"),
                 needs("f", by="requiredKnowledge"), "f()"))  # fmt: skip
    assert failed(data, '{"x": 1}') == ["d: x: There is nothing named x here."]


def test_a_value_of_the_wrong_type_for_a_parameter_is_null_with_an_error():
    data = model(FEE, decision("d", ASKS_FEE, 'Monthly Fee("a", 1)'))
    assert failed(data) == ['d: Monthly Fee("a", 1): Expected number as Loan Amount of Monthly Fee, but got a text.']
    assert value(model(FEE, decision("d", ASKS_FEE, "Monthly Fee([1200], 0.5)"))) == 50


def test_a_result_of_the_wrong_type_is_null_with_an_error():
    data = model(knowledge("f", {}, '"a"', kind="number"), decision("d", needs("f", by="requiredKnowledge"), "f()"))
    assert failed(data) == ["d: Expected number of f, but it is a text."]


def test_business_knowledge_may_call_itself_but_not_without_end():
    asks = needs("f", by="requiredKnowledge")
    sums = knowledge("f", {"n": "number"}, "if n <= 0 then 0 else n + f(n - 1)")
    assert value(model(sums, decision("d", asks, "f(30)"))) == 465
    endless = model(knowledge("f", {"n": "number"}, "1 + f(n)"), decision("d", asks, "f(1)"))
    (said,) = failed(endless)
    assert "deep" in said


def test_calls_that_multiply_are_bounded():
    asks = needs("f", by="requiredKnowledge")
    data = model(
        knowledge("f", {"n": "number"}, "if n = 0 then 1 else f(n - 1) + f(n - 1)"), decision("d", asks, "f(50)")
    )
    outcome = decided(data)
    assert outcome.results == {"d": None}
    assert "more than 1,000,000 steps" in outcome.errors[0][1]


def test_functions_are_values_that_knowledge_takes_and_gives():
    parts = [
        knowledge("twice", {"f": "", "x": "number"}, "f(f(x))"),
        decision("d", needs("twice", by="requiredKnowledge"), "twice(function(n) n * 3, 2)"),
    ]
    assert value(model(*parts)) == 18


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([tag("businessKnowledgeModel", id="f", name="f")], "2 businessKnowledgeModel f: Expected business knowledge"),
        ([tag("businessKnowledgeModel", tag("encapsulatedLogic", literal("1"), kind="Java"), id="f", name="f")],
         "2 encapsulatedLogic: Expected a function in FEEL, but its kind is Java, which is not read."),
        ([knowledge("f", {"": "number"}, "1")], "2 formalParameter: Expected a parameter with a name of its own"),
        ([knowledge("f", {"a": "tNone"}, "1")], "2 formalParameter a: Expected a type of FEEL"),
        ([decision("a", "1"), decision("d", needs("a", by="requiredKnowledge"), "1")],
         "3 requiredKnowledge: Expected business knowledge or a decision service, but a is a decision."),
        ([service("s")], "2 decisionService i_s: Expected a service with an output decision"),
        ([decision("d", "f(1)")], "2 literalExpression: Expected an expression in FEEL, but 'f(1)': There is no"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(parts, found):
    assert refused(model(*parts))[0].startswith(found)


# services

PARTS = [
    given("x", "number"),
    given("y", "number"),
    decision("base", needs("x"), "x * 10", kind="number"),
    decision("middle", needs("base", by="requiredDecision"), "base + 1", kind="number"),
    decision("top", needs("y"), needs("middle", by="requiredDecision"), "middle + y", kind="number"),
]
WHOLE = service(
    "whole", "number", outputDecision=["top"], encapsulatedDecision=["middle", "base"], inputData=["x", "y"]
)
UPPER = service("upper", outputDecision=["top", "middle"], inputDecision=["base"], inputData=["y"])


def test_a_service_is_asked_for_like_a_decision():
    """DMN 1.5, clause 6.3.9."""
    outcome = decided(model(*PARTS, WHOLE, UPPER), '{"x": 1, "y": 5}', "whole")
    assert (outcome.results, outcome.errors) == ({"whole": D(16)}, ())


def test_a_service_asked_for_sees_facts_that_it_does_not_list():
    bare = service("bare", outputDecision=["top"])
    assert decided(model(*PARTS, bare), '{"x": 1, "y": 5}', "bare").results == {"bare": D(16)}


def test_several_outputs_are_a_context_and_input_decisions_are_given_as_facts():
    outcome = decided(model(*PARTS, WHOLE, UPPER), '{"base": 7, "y": 5, "x": 1000}', "upper")
    assert outcome.results == {"upper": {"top": D(13), "middle": D(8)}}


def test_a_service_is_called_with_its_input_data_then_its_input_decisions():
    """DMN 1.5, clause 10.4: a decision service as a function."""
    asks = needs("upper", "whole", by="requiredKnowledge")
    calls = "[whole(1, 5), whole(y: 5, x: 2), upper(5, 7).top, upper(base: 1, y: 1).middle]"
    data = model(*PARTS, WHOLE, UPPER, decision("d", asks, calls))
    assert value(data, '{"x": 100, "y": 100}') == [16, 26, 13, 2]
    wrong = model(*PARTS, WHOLE, decision("d", needs("whole", by="requiredKnowledge"), 'whole("a", 1)'))
    assert failed(wrong) == ['d: whole("a", 1): Expected number as x of whole, but got a text.']


def test_the_rows_of_a_called_service_are_not_those_of_the_decision():
    rows = table(column("x", "number"), out("", "number"), row(["> 0"], ["1"]), row(["<= 0"], ["2"]))
    parts = [given("x", "number"), decision("t", needs("x"), rows), service("s", outputDecision=["t"], inputData=["x"])]
    data = model(*parts, decision("d", needs("s", by="requiredKnowledge"), "s(-1)"))
    outcome = decided(data, '{"x": 1}')
    assert (outcome.results, outcome.matched) == ({"t": D(1), "d": D(2)}, {"t": [1]})


def test_a_service_that_calls_itself_through_a_decision_is_a_circle():
    parts = [
        decision("d", needs("s", by="requiredKnowledge"), "s()"),
        service("s", outputDecision=["d"]),
    ]
    assert "circle" in refused(model(*parts))[0]
