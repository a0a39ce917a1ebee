"""Tables decide as DMN's hit policies say, and a bad body is refused cell by cell."""

from datetime import date
from decimal import Decimal as D

import pytest

from rulebook.tables import FactError, NoRule, TableError, TooManyRules, decide, load_table, read_facts
from tests.rulebook.tables import body, said

LOW_MID_ALL = {
    "low": ({"amount": "< 10"}, said("l")),
    "mid": ({"amount": "[5..20]"}, said("m")),
    "all": ({}, said("a")),
}
RANKED = [{"name": "out", "type": "text", "values": ["a", "m", "l"]}]


@pytest.mark.parametrize(
    ("policy", "amount", "rules"),
    [
        ("first", 7, ["low"]),
        ("first", 15, ["mid"]),
        ("collect", 7, ["low", "mid", "all"]),
        ("rule_order", 15, ["mid", "all"]),
        ("output_order", 7, ["all", "mid", "low"]),
        ("priority", 7, ["all"]),
        ("unique", 25, ["all"]),
        ("any", 25, ["all"]),
    ],
)
def test_hit_policies_choose_and_order_rows(policy, amount, rules):
    decision = decide(load_table(body(LOW_MID_ALL, hit_policy=policy, outputs=RANKED)), {"amount": amount})
    assert list(decision.rules) == rules
    assert [output["out"] for output in decision.outputs] == [rule[0] for rule in rules]


@pytest.mark.parametrize("policy", ["unique", "any"])
def test_rows_that_do_not_go_together_are_named(policy):
    with pytest.raises(TooManyRules) as refused:
        decide(load_table(body(LOW_MID_ALL, hit_policy=policy)), {"amount": 7})
    assert refused.value.rules == ("low", "mid", "all")


def test_unique_refuses_already_two_rows():
    table = load_table(body({"x": ({}, said("s")), "y": ({"amount": "> 1"}, said("s"))}))
    with pytest.raises(TooManyRules, match="x, y: only one may match"):
        decide(table, {"amount": 2})


def test_any_takes_rows_that_say_the_same():
    table = load_table(body({"x": ({}, said("s")), "y": ({"amount": "> 1"}, said("s"))}, hit_policy="any"))
    decision = decide(table, {"amount": 2})
    assert decision.rules == ("x", "y")
    assert decision.outputs == ({"out": "s"},)


@pytest.mark.parametrize(
    ("policy", "expected"), [("collect_sum", 6), ("collect_min", 1), ("collect_max", 3), ("collect_count", 3)]
)
def test_aggregates_combine_numbers(policy, expected):
    rules = {str(n): ({}, {"fee": str(n)}) for n in (1, 2, 3)}
    table = load_table(body(rules, hit_policy=policy, outputs=[{"name": "fee", "type": "number"}]))
    assert decide(table, {"amount": 1}).outputs == ({"fee": D(expected)},)


def test_outputs_compute_with_the_facts():
    table = load_table(body({"r": ({}, {"out": "amount * 0.01"})}, outputs=[{"name": "out", "type": "number"}]))
    assert decide(table, {"amount": D("250.00")}).outputs == ({"out": D("2.5")},)


def test_a_gap_is_named_unless_a_default_answers():
    rules = {"low": ({"amount": "< 10"}, said("l"))}
    with pytest.raises(NoRule, match="amount 10"):
        decide(load_table(body(rules)), {"amount": 10})
    decision = decide(load_table(body(rules, default=said("none"))), {"amount": 10})
    assert decision.is_default
    assert decision.rules == ()
    assert decision.outputs == ({"out": "none"},)


def test_missing_and_null_facts_match_only_cells_that_say_so():
    rules = {"none": ({"amount": "null"}, said("n")), "some": ({"amount": "not(null)"}, said("s"))}
    table = load_table(body(rules))
    assert decide(table, {}).rules == ("none",)
    assert decide(table, {"amount": 0}).rules == ("some",)


@pytest.mark.parametrize("bad", ["12", 1.5, True, date(2026, 1, 1), [1]])
def test_a_fact_of_another_type_is_refused_by_name(bad):
    with pytest.raises(FactError) as refused:
        decide(load_table(body(LOW_MID_ALL, hit_policy="collect")), {"amount": bad})
    assert refused.value.fact == "amount"


def test_a_text_that_is_not_allowed_is_refused():
    inputs = [{"name": "kind", "type": "text", "values": ["wire", "journal"]}]
    table = load_table(body({"w": ({"kind": '"wire"'}, said("w"))}, inputs=inputs))
    with pytest.raises(FactError, match="Expected one of wire, journal, but got acat"):
        decide(table, {"kind": "acat"})


def test_facts_are_read_from_json_by_the_columns_types():
    inputs = [
        {"name": "amount", "type": "number"},
        {"name": "on", "type": "date"},
        {"name": "flag", "type": "boolean"},
        {"name": "tags", "type": "list"},
    ]
    table = load_table(body({"r": ({}, said("x"))}, inputs=inputs))
    raw = {"amount": "1200000.00", "on": "2026-11-22", "flag": True, "tags": ["a"], "else": 1}
    typed = {"amount": D("1200000.00"), "on": date(2026, 11, 22), "flag": True, "tags": ["a"]}
    assert read_facts(table, raw) == typed
    for name, bad in (("amount", "12 USD"), ("on", "22.11.2026"), ("flag", "yes")):
        with pytest.raises(FactError) as refused:
            read_facts(table, {name: bad})
        assert refused.value.fact == name


def test_every_bad_cell_is_listed_with_its_place():
    rules = {
        "r1": ({"amount": "< "}, said("a")),
        "r2": ({"amount": '"ten"'}, {"out": "1 +"}),
        "r3": ({"amount": "> 1"}, {"other": "1"}),
        "r4": ({"amount": 5}, said("a")),
    }
    with pytest.raises(TableError) as refused:
        load_table(body(rules))
    places = {(problem.rule, problem.column) for problem in refused.value.problems}
    assert places == {("r1", "amount"), ("r2", "amount"), ("r2", "out"), ("r3", "other"), ("r4", "")}
    assert "for example < 500000" in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        {"hit_policy": "best"},
        {"key": ""},
        {"inputs": []},
        {"inputs": [{"name": "a b", "type": "number"}]},
        {"inputs": [{"name": "a", "type": "money"}]},
        {"rules": "none"},
        {"rules": [{"id": "x"}, {"id": "x"}]},
        {"default": {"nothing": "1"}},
        {"hit_policy": "priority"},
        {"hit_policy": "collect_sum"},
        {
            "inputs": [{"name": "amount", "type": "text", "values": ["a"]}],
            "rules": [{"id": "r", "when": {"amount": '"b"'}}],
        },
    ],
)
def test_a_body_that_is_no_table_is_refused(change):
    with pytest.raises(TableError):
        load_table({**body({"r": ({}, said("x"))}), **change})


@pytest.mark.parametrize("junk", [None, [], "x", {}, {"rules": [None]}, {"inputs": [1], "outputs": {}, "rules": [{}]}])
def test_junk_is_refused_without_a_crash(junk):
    with pytest.raises(TableError):
        load_table(junk)


def test_facts_that_no_column_declares_are_kept_for_the_checker():
    rules = {"r": ({"age": "> 5", "amount": "< limit"}, {"out": "reason"})}
    unknown = load_table(body(rules)).unknown_facts
    assert set(unknown) == {("r", "age", "age"), ("r", "amount", "limit"), ("r", "out", "reason")}


def test_deciding_a_table_of_fifty_rows_takes_microseconds():
    from timeit import timeit

    rules = {f"r{n}": ({"amount": f"[{n * 100}..{n * 100 + 99.99}]"}, said("x")) for n in range(50)}
    table = load_table(body(rules))
    facts = {"amount": D("4950.00")}
    assert timeit(lambda: decide(table, facts), number=200) / 200 < 0.002
