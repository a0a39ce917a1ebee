"""Facts as JSON against the types of a model: item definitions, and the one line that says what is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import event
from hypothesis import given as all_of
from hypothesis import strategies as st

from rulebook.dmn import FactWrong, read_model
from rulebook.feel import Interval, Months
from rulebook.feel.json_text import read_json
from tests.rulebook.dmn_files import component, decided, decision, given, item, model, needs, refused, value

TYPES = [
    item("tLevel", "string", allowed='"low", "high"'),
    item("tAge", "number", allowed="[0..150]"),
    item("tAddress", "", component("Post Code", "string"), component("since", "date")),
    item(
        "tPerson",
        "",
        component("Full Name", "string"),
        component("age", "tAge"),
        component("homes", "tAddress", many=True),
        component("tax", "", component("id", "string"), component("rates", "number", many=True)),
    ),
    item("tLevels", "tLevel", many=True),
    item("tShort", "string", constraint="string length(?) < 4"),
    item("tPair", "number", many=True, constraint="count(?) = 2"),
    item("tRange", "range"),
    item("t Spaced", "tAddress", constraint='?.Post Code != "0"'),
]


def taken(kind, fact):
    """The fact as the model sees it."""
    return value(model(*TYPES, given("x", kind), decision("d", needs("x"), "x")), f'{{"x": {fact}}}')


@pytest.mark.parametrize(
    ("kind", "fact", "expected"),
    [
        ("number", "1.10", D("1.10")),
        ("feel:number", "1", D(1)),
        ("string", '"a"', "a"),
        ("boolean", "false", False),
        ("date", '"2026-11-22"', date(2026, 11, 22)),
        ("time", '"09:30:00"', time(9, 30)),
        ("dateTime", '"2026-11-22T09:30:00Z"', datetime(2026, 11, 22, 9, 30, tzinfo=UTC)),
        ("date and time", '"2026-11-22T09:30:00"', datetime(2026, 11, 22, 9, 30)),
        ("dayTimeDuration", '"P1DT2H"', timedelta(days=1, hours=2)),
        ("yearMonthDuration", '"P1Y6M"', Months(18)),
        ("Any", '{"a": [1, "x"]}', {"a": [D(1), "x"]}),
        ("", '"2026-11-22"', "2026-11-22"),
        ("tLevel", '"low"', "low"),
        ("tLevels", '["low", "high"]', ["low", "high"]),
        ("tShort", '"abc"', "abc"),
        ("tPair", "[1, 2]", [D(1), D(2)]),
        ("number", "null", None),
        ("tPerson", "{}", {"Full Name": None, "age": None, "homes": None, "tax": None}),
    ],
)
def test_a_fact_becomes_a_value_of_its_type(kind, fact, expected):
    """DMN 1.5, clauses 7.3.2 and 7.3.3: item definitions; allowed values and type constraints."""
    assert taken(kind, fact) == expected


def test_types_have_names_of_several_words_and_see_those_of_their_parts():
    parts = [given("x", "t Spaced"), decision("d", needs("x"), "x instance of t Spaced")]
    assert value(model(*TYPES, *parts), '{"x": {"Post Code": "4051"}}') is True
    with pytest.raises(FactWrong, match="Expected one of"):
        value(model(*TYPES, *parts), '{"x": {"Post Code": "0"}}')


def test_a_range_is_given_as_its_text():
    data = model(*TYPES, given("x", "tRange"), decision("d", needs("x"), "x.end - x.start"), decision("e", "x"))
    outcome = decided(data, '{"x": "[1..5)"}')
    assert outcome.results == {"d": D(4), "e": "[1..5)"}
    assert Interval(D(1), D(5), True, False).contains(D(5)) is False


def test_a_nested_type_goes_all_the_way_down():
    fact = (
        '{"Full Name": "Ana", "homes": [{"Post Code": "4051", "since": "2020-01-31"}], "tax": {"rates": [1]}, "x": 1}'
    )
    assert taken("tPerson", fact) == {
        "x": 1,
        "Full Name": "Ana",
        "age": None,
        "homes": [{"Post Code": "4051", "since": date(2020, 1, 31)}],
        "tax": {"id": None, "rates": [1]},
    }


@pytest.mark.parametrize(
    ("kind", "fact", "said"),
    [
        ("number", '"12"', 'x: Expected a number such as 42.5, but got "12".'),
        ("number", "true", "x: Expected a number such as 42.5, but got true."),
        ("string", "5", 'x: Expected a string such as "text", but got 5.'),
        ("boolean", '"yes"', 'x: Expected a boolean such as true, but got "yes".'),
        ("date", '"22.11.2026"', 'x: Expected a date such as "2026-11-22", but got "22.11.2026".'),
        ("date", '"2026-02-30"', 'x: Expected a date such as "2026-11-22", but got "2026-02-30".'),
        ("time", '"9:30"', 'x: Expected a time such as "09:30:00", but got "9:30".'),
        ("dateTime", "1", 'x: Expected a date and time such as "2026-11-22T09:30:00Z", but got 1.'),
        ("dayTimeDuration", '"P1Y"', 'x: Expected a days and time duration such as "P2DT12H", but got "P1Y".'),
        ("yearMonthDuration", '"P1D"', 'x: Expected a years and months duration such as "P1Y6M", but got "P1D".'),
        ("tLevel", '"middle"', 'x: Expected one of "low", "high", but got "middle".'),
        ("tLevels", '["low", "none"]', 'x[2]: Expected one of "low", "high", but got "none".'),
        ("tLevels", '"low"', 'x: Expected a list such as ["low", "low"], but got "low".'),
        ("tShort", '"abcd"', 'x: Expected one of string length(?) < 4, but got "abcd".'),
        ("tPair", "[1]", "x: Expected one of count(?) = 2, but got [1]."),
        ("tPerson", '{"age": 200}', "x.age: Expected one of [0..150], but got 200."),
        ("tPerson", '{"homes": [{"since": "x"}]}',
         'x.homes[1].since: Expected a date such as "2026-11-22", but got "x".'),
        ("tAddress", "5", 'x: Expected an object such as {"Post Code": "text", "since": "2026-11-22"}, but got 5.'),
        ("tRange", '"1..5"', 'x: Expected a range such as "[1..10]", but got "1..5".'),
        ("number", "1e9999", "x: A number is too large or is no number."),
    ],
)  # fmt: skip
def test_a_fact_of_another_type_is_refused_with_its_path_and_an_example(kind, fact, said):
    with pytest.raises(FactWrong) as refusal:
        taken(kind, fact)
    assert str(refusal.value) == said


def test_facts_that_nothing_reads_are_not_looked_at():
    assert value(model(given("x"), decision("d", needs("x"), "x")), '{"x": 1, "y": 1e9999}') == 1


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([item("tA", "tB"), item("tB", "tA")], "3 typeRef: Expected a type that does not hold itself, but tA does."),
        ([item("tA", "", component("a", "tA"))], "2 typeRef: Expected a type that does not hold itself, but tA does."),
        ([item("tA", "tNone")], '2 typeRef: Expected a type of FEEL or an item definition, but there is none "tNone".'),
        ([item("tA", "number"), item("tA", "string")], "3 itemDefinition tA: Expected a name of its own"),
        ([item("tA", "", component("a"), component("a"))], "2 itemComponent a: Expected a name of its own in tA"),
        ([item("tA", "string", allowed='"a" "b"')], "2 allowedValues: Expected allowed values in FEEL"),
    ],
)
def test_a_type_that_is_wrong_is_refused_with_its_line(parts, found):
    first = refused(model(*parts))[0]
    assert first.startswith(found.partition(" ")[0])
    assert found.partition(": ")[2] in first


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=5) | st.just("2026-11-22"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["age", "homes", "x"]), inner),
    max_leaves=6,
)
READ = {
    kind: read_model(model(*TYPES, given("x", kind), decision("d", needs("x"), "x")))
    for kind in ("number", "date", "tLevel", "tPerson", "tLevels", "tPair", "Any")
}


@all_of(st.sampled_from(sorted(READ)), JSONS)
def test_any_json_is_a_fact_or_is_refused_in_words(kind, fact):
    try:
        outcome = READ[kind].evaluate({"x": fact})
    except FactWrong as refusal:
        said = str(refusal)
        event(said.partition(":")[0])
        return
    assert outcome.errors == ()
    assert READ[kind].evaluate({"x": outcome.results["d"]}).results == outcome.results


def test_exact_numbers_stay_exact():
    facts = read_json('{"x": 12345678901234567890.123}')
    assert READ["number"].evaluate(facts).results["d"] == D("12345678901234567890.123")
