"""Files that mean harm: every one is refused in words or decided within bounds, in little time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given as all_of
from hypothesis import settings
from hypothesis import strategies as st

from rulebook.dmn import DmnRefused, read_model
from tests.rulebook.dmn_files import V15, decided, decision, entry, knowledge, literal, model, needs, refused, tag
from tests.rulebook.test_dmn_models import LOAN

PLAIN = model(decision("d", "1"))


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (PLAIN.replace(b"<definitions", b"<!DOCTYPE a [<!ENTITY e 'x'>]><definitions"), "1 Expected plain DMN"),
        (PLAIN.replace(b"</definitions>", b""), "3 Expected well-formed XML"),
        (PLAIN.replace(V15.encode(), b"http://www.omg.org/spec/DMN/20151101/dmn.xsd"), "1 definitions m: Expected DMN"),
        (b" " * (5 * 1024 * 1024 + 1), "1 Expected at most 5,242,880 bytes"),
        (b"", "1 Expected well-formed XML"),
        (b"<html/>", "1 html: Expected DMN <definitions> of version 1.3, 1.4, 1.5"),
        (model(decision("d", "<list>" * 101 + "</list>" * 101)), "2 Expected at most 100 levels"),
        (model(decision("d", "[" * 200 + "]" * 200)), "2 literalExpression: Expected an expression in FEEL"),
        (model(decision("d", "x" * 10_001)), "2 literalExpression: Expected an expression in FEEL"),
    ],
    ids=range(9),
)
def test_a_file_beyond_the_bounds_is_refused(data, found):
    assert refused(data)[0].startswith(found)


def test_a_chain_of_many_decisions_is_made():
    chain = [decision(f"d{i}", needs(f"d{i - 1}", by="requiredDecision"), f"d{i - 1} + 1") for i in range(3000, 0, -1)]
    assert decided(model(*chain, decision("d0", "0"))).results["d3000"] == 3000


def test_a_long_circle_is_refused():
    chain = [decision(f"d{i}", needs(f"d{(i + 1) % 3000}", by="requiredDecision"), "1") for i in range(3000)]
    assert len(refused(model(*chain))) == 1


@pytest.mark.parametrize(
    "logic",
    [
        "count(for i in 1..1000, j in 1..1000 return i * j)",
        tag("for", tag("in", literal("1..1000000000")), tag("return", literal("i")), iteratorVariable="i"),
        tag("some", tag("in", literal("1..1000000000")), tag("satisfies", literal("false")), iteratorVariable="i"),
        tag(
            "filter",
            tag("in", literal("for i in 1..90000 return i")),
            tag("match", literal("sum(for i in 1..item return i) < 0")),
        ),
        tag(
            "context",
            entry("a0", "[1, 1]"),
            *(entry(f"a{place}", f"[a{place - 1}, a{place - 1}]") for place in range(1, 80)),
        ),
        tag("list", *(literal("for i in 1..90000 return i") for _place in range(60))),
        'for i in 1..900 return replace("' + "a" * 5000 + '", "(a*)*b", "x")',
    ],
)
def test_what_would_grow_without_end_is_an_error_within_seconds(logic):
    started = time.process_time()
    outcome = decided(model(decision("d", logic)))
    assert outcome.results == {"d": None}
    assert "more than 1" in outcome.errors[0][1]
    assert time.process_time() - started < 10


def test_the_work_of_one_evaluation_is_bounded_for_all_decisions_together():
    many = [decision(f"d{i}", "count(for i in 1..90000 return i)") for i in range(100)]
    started = time.process_time()
    outcome = decided(model(*many))
    assert len(outcome.errors) > 50
    assert time.process_time() - started < 10


def test_names_can_not_make_the_reading_of_texts_slow():
    names = [tag("inputData", id=f"i{i}", name="a " * (i % 50) + f"n{i}") for i in range(1000)]
    started = time.process_time()
    read_model(model(*names, *(decision(f"d{i}", "a " * 40 + f"n{40 + i * 50} + 1") for i in range(9))))
    assert time.process_time() - started < 10


def test_a_model_of_more_expressions_than_can_be_read_in_time_is_refused(monkeypatch):
    monkeypatch.setattr("rulebook.dmn.making.MOST_CHARACTERS", 10_000)
    whole = [decision(f"d{place}", f"x + {place}") for place in range(400)]
    assert decided(model(*whole), '{"x": 1}').results["d399"] == 400
    more = [decision(f"e{place}", f"x * {place}") for place in range(400)]
    lines = refused(model(*whole, *more))
    assert "The model holds more than 10,000 characters of expressions." in lines[0]


def test_code_of_python_is_out_of_reach():
    for words in ('"".__class__', "x.__init__.__globals__", '__import__("os")', "format.__self__"):
        try:
            found = decided(model(decision("d", words)), '{"x": {}}').results["d"]
        except DmnRefused:
            continue
        assert found is None


def test_values_nested_without_end_are_refused():
    outcome = decided(model(decision("d", "for i in 1..300 return [partial[-1]]")))
    assert outcome.results == {"d": None}
    assert outcome.errors == (("d", "A value is nested too deeply."),)


def test_a_recursive_function_box_ends():
    body = tag("functionDefinition", tag("formalParameter", name="n"), literal("f(n + 1)"))
    outcome = decided(model(decision("d", tag("context", entry("f", body), entry("", "f(1)")))))
    assert "deep" in outcome.errors[0][1]
    mutual = [knowledge("g", {"h": ""}, "h(h)"), decision("d", needs("g", by="requiredKnowledge"), "g(g)")]
    assert "deep" in decided(model(*mutual)).errors[0][1]


@settings(max_examples=150, deadline=2000)
@all_of(st.data())
def test_a_file_cut_and_mixed_at_any_place_is_refused_or_decides(data):
    text = LOAN.decode()
    start = data.draw(st.integers(0, len(text)))
    size = data.draw(st.integers(0, 40))
    put = data.draw(
        st.sampled_from(["", "<", ">", '"', "<text>1 +</text>", "href", "number", "&amp;", "]]>", "decision"])
    )
    mixed = (text[:start] + put + text[start + size :]).encode()
    try:
        outcome = read_model(mixed).evaluate({"Requested Amount": 5})
    except DmnRefused as refusal:
        problems = refusal.problems
    else:
        problems = ()
        assert isinstance(outcome.results, dict)
    assert all(problem.line >= 1 and problem.message for problem in problems)
