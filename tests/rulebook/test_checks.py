"""The checker proves a table whole, or shows facts that it fails on."""

import json
from datetime import date, timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.checks import as_json, check
from rulebook.tables import NoRule, TableError, decide, load_table
from tests.rulebook.tables import body, said

RULES = Path(__file__).parents[2] / "demo" / "rules"
TASK = {"name": "task", "type": "text", "values": ["a", "b"]}
AMOUNT = {"name": "amount", "type": "number", "unit": "USD"}
DAY = {"name": "day", "type": "date"}
FLAG = {"name": "flag", "type": "boolean"}
TEXT = {"name": "word", "type": "text"}


def report(cells, *, column=AMOUNT, **options):
    rules = {f"r{place}": ({column["name"]: cell}, said(str(place))) for place, cell in enumerate(cells, 1)}
    return check(load_table(body(rules, inputs=[column], **options)))


def demo(name):
    return load_table(json.loads((RULES / f"{name}.json").read_text()))


def test_the_sources_fee_waiver_has_a_gap_at_exactly_500():
    found = check(demo("firm_draft_with_gap"))
    assert [gap.example for gap in found.gaps] == [{"task": "fee_waiver_or_adjustment", "amount": D(500)}]
    assert not found.ok
    assert as_json(demo("firm_draft_with_gap"), found)["gaps"][0]["example"]["amount"] == "500.00"


def test_the_firms_matrix_in_force_is_whole():
    found = check(demo("firm"))
    assert found.ok
    assert found.proven
    assert not found.gaps


def test_the_transfer_matrix_shows_the_rows_that_the_source_misses():
    found = check(demo("transfers"))
    assert found.ok
    assert not found.gaps
    missed = {(gap.example["transfer"], gap.where["client_age"], gap.where["amount"]) for gap in found.defaulted}
    for kind in ("partial_acat", "non_acat_journal", "non_acat_dtc"):
        assert (kind, "< 65", "-") in missed
        assert (kind, ">= 65", "<= 100000") in missed
    assert ("non_acat_wire", "< 65", "<= 50000") in missed
    assert {gap.example["destination"] for gap in found.defaulted} == {"own"}
    assert all(gap["covered_by_default"] for gap in as_json(demo("transfers"), found)["gaps"])


@pytest.mark.parametrize(
    ("column", "cells", "wheres"),
    [
        (AMOUNT, ["< 500", "> 500"], ["500"]),
        (AMOUNT, ["< 500", ">= 500"], []),
        (AMOUNT, ["[0..10]", "(20..30)"], ["< 0,(10..20],>= 30"]),
        (AMOUNT, ["not([0..10])"], ["[0..10]"]),
        (AMOUNT, ["? > 5 and ? <= 9"], ["<= 5,> 9"]),
        (AMOUNT, ["< 1, > 1", "1"], []),
        (AMOUNT, ["not(null)"], ["null"]),
        (DAY, ['< date("2026-01-01")', '> @"2026-01-01"'], ['date("2026-01-01")']),
        (DAY, ['<= @"2026-01-01"', '> @"2026-01-01"'], []),
        (DAY, ['<= @"2026-01-01"', '>= @"2026-01-02"'], []),
        (FLAG, ["true"], ["false"]),
        (FLAG, ["true", "false"], []),
        (TASK, ['"a"'], ['"b"']),
        (TASK, ['"a"', 'not("a")'], []),
        (TEXT, ['"a"', '"b"'], ["any other"]),
        (TEXT, ['"a"', 'not("a")'], []),
    ],
)
def test_gaps_are_found_at_their_exact_edges(column, cells, wheres):
    found = report(cells, column=column)
    assert [gap.where[column["name"]] for gap in found.gaps] == wheres
    assert found.proven
    for gap in found.gaps:
        rules = {f"r{place}": ({column["name"]: cell}, said("x")) for place, cell in enumerate(cells, 1)}
        with pytest.raises(NoRule):
            decide(load_table(body(rules, inputs=[column], hit_policy="collect")), gap.example)


def test_overlaps_are_found_where_the_policy_forbids_them():
    found = report(["<= 500", ">= 500"])
    assert [(overlap.rules, overlap.example) for overlap in found.overlaps] == [(("r1", "r2"), {"amount": D(500)})]
    assert not found.ok
    assert report(["<= 500", ">= 500"], hit_policy="collect").overlaps == []


def test_any_allows_overlaps_that_say_the_same():
    rules = {"x": ({"amount": "<= 5"}, said("s")), "y": ({"amount": ">= 5"}, said("s"))}
    assert check(load_table(body(rules, hit_policy="any"))).ok
    rules["y"] = ({"amount": ">= 5"}, said("other"))
    assert [o.rules for o in check(load_table(body(rules, hit_policy="any"))).overlaps] == [("x", "y")]


OUT = [{"name": "out", "type": "number"}]


@pytest.mark.parametrize(
    ("cells", "outputs", "overlaps", "proven"),
    [
        (("<= 10", "<= 10"), ("x", "10"), 1, True),  # the same at 10, and nowhere else
        (("<= 10", "<= 10"), ("x", "9"), 1, True),
        (("< 10", "< 10"), ("x", "9"), 0, False),  # the same at the one value that is tried
        (("<= 10", "<= 10"), ("x", "x"), 0, True),
        (("<= 10", "<= 10"), ("x", "x + 0"), 0, False),
        (("10", "[10..10]"), ("x", "10"), 0, True),
        (("10, 20", "10, 20"), ("x", "if x = 10 then 10 else 20"), 0, True),
        (("10, 20", "10, 20"), ("x", "20"), 1, True),
        (("<= 10", "<= 10"), ("x + missing", "x + missing"), 0, True),
        (("<= 10", "<= 10"), ("missing", "null"), 0, False),
    ],
)
def test_any_compares_outputs_that_read_facts_wherever_both_rows_match(cells, outputs, overlaps, proven):
    rules = {f"r{place}": ({"x": cell}, {"out": out}) for place, (cell, out) in enumerate(zip(cells, outputs))}
    number = [{"name": "x", "type": "number"}]
    found = check(load_table(body(rules, hit_policy="any", inputs=number, outputs=OUT, default={"out": "1"})))
    assert (len(found.overlaps), found.proven) == (overlaps, proven)
    assert all(overlap.example["x"] is not None for overlap in found.overlaps)


def test_rows_that_can_never_match_are_found():
    assert [u.rule for u in report(["-", "[5..1]"], hit_policy="collect").unreachable] == ["r2"]
    shadowed = report(["< 100", "[0..50]", "-"], hit_policy="first").unreachable
    assert [(u.rule, u.taken_by) for u in shadowed] == [("r2", ("r1",))]
    together = report(["< 5", ">= 5", "[0..10]"], hit_policy="first").unreachable
    assert [u.rule for u in together] == ["r3"]


def test_rows_that_a_higher_priority_takes_are_found():
    outputs = [{"name": "out", "type": "text", "values": ["1", "2"]}]
    found = report(["-", "< 5"], hit_policy="priority", outputs=outputs)
    assert [u.rule for u in found.unreachable] == ["r2"]


def test_unknown_facts_are_named_with_their_row():
    found = check(load_table(body({"r": ({"amount": "< limit"}, said("x"))}, default=said("none"))))
    assert [(u.rule, u.column, u.name) for u in found.unknown_facts] == [("r", "amount", "limit")]
    assert not found.ok


@pytest.mark.parametrize("cell", ["modulo(?, 2) = 0", "< limit", "? * 2 > 5"])
def test_a_cell_that_can_not_be_proved_is_never_passed_silently(cell):
    inputs = [AMOUNT, {"name": "limit", "type": "number"}]
    found = check(load_table(body({"r": ({"amount": cell}, said("x")), "s": ({}, said("y"))}, inputs=inputs)))
    assert [(u.rule, u.column, u.cell) for u in found.unproven] == [("r", "amount", cell)]
    assert not found.proven


def test_ordered_texts_are_not_proved():
    assert not report(['< "m"', '>= "m"'], column=TEXT).proven


def test_a_large_table_is_checked_in_seconds():
    inputs = [{"name": f"c{n}", "type": "number"} for n in range(6)]
    rules = {f"r{row}": ({f"c{n}": f"[{row * n}..{row * n + 40})" for n in range(6)}, said("x")) for row in range(50)}
    found = check(load_table(body(rules, inputs=inputs, hit_policy="collect")))
    assert found.gaps


NUMBERS = st.integers(-3, 3)
CELLS = st.one_of(
    st.just("-"),
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", ""]), NUMBERS).map(lambda p: f"{p[0]} {p[1]}"),
    st.tuples(st.sampled_from("[("), NUMBERS, NUMBERS, st.sampled_from(")]")).map(
        lambda p: f"{p[0]}{p[1]}..{p[2]}{p[3]}"
    ),
    st.tuples(NUMBERS, NUMBERS).map(lambda p: f"not({p[0]}, > {p[1]})"),
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"n": CELLS, "flag": st.sampled_from(["-", "true", "false"]), "word": st.sampled_from(["-", '"a"', 'not("a")'])}
    ),
    min_size=1,
    max_size=6,
)
FACTS = st.fixed_dictionaries(
    {
        "n": st.integers(-8, 8).map(lambda n: D(n) / 2),
        "flag": st.booleans(),
        "word": st.sampled_from(["a", "b"]),
    }
)
COLUMNS = [{"name": "n", "type": "number"}, FLAG, TEXT]


@settings(max_examples=300, deadline=None)
@given(ROWS, st.lists(FACTS, min_size=1, max_size=20), st.sampled_from(["unique", "first", "collect"]))
def test_findings_hold_and_what_is_not_found_does_not_happen(rows, facts, policy):
    table = load_table(
        body({f"r{i}": (row, said(str(i))) for i, row in enumerate(rows)}, inputs=COLUMNS, hit_policy=policy)
    )
    found = check(table)

    def matched(example):
        return [rule.id for rule in table.matching(table.scope(example))]

    assert all(not matched(gap.example) for gap in found.gaps)
    assert all(set(overlap.rules) <= set(matched(overlap.example)) for overlap in found.overlaps)
    dead = {u.rule for u in found.unreachable}
    forbidden = {overlap.rules for overlap in found.overlaps}
    for example in facts:
        rules = matched(example)
        assert rules or found.gaps
        assert not rules or (rules[0] if policy == "first" else None) not in dead
        assert not dead & set(rules) or policy == "first"
        if policy == "unique":
            assert all((a, b) in forbidden for i, a in enumerate(rules) for b in rules[i + 1 :])


@given(
    st.lists(st.dates(date(2026, 1, 1), date(2026, 1, 9)), min_size=1, max_size=4),
    st.dates(date(2025, 12, 30), date(2026, 1, 12)),
)
def test_days_fall_into_gaps_exactly_where_no_row_has_them(days, asked):
    cells = [f'[@"{day}"..@"{day + timedelta(days=1)}"]' for day in days]
    found = report(cells, column=DAY, hit_policy="collect")
    covered = any(day <= asked <= day + timedelta(days=1) for day in days)
    if not covered:
        assert found.gaps
    assert all(not any(d <= g.example["day"] <= d + timedelta(days=1) for d in days) for g in found.gaps)


PIECES = st.sampled_from(
    [
        "-",
        "<",
        ">=",
        "5",
        "1e40",
        "1e-40",
        "0.5",
        '"a"',
        "null",
        "true",
        "not(",
        ")",
        "(",
        "[",
        "]",
        "..",
        ",",
        "?",
        "and",
    ]
    + ["in", "n", "flag", '@"2026-01-01"', "limit", 'matches(?, "(")', "count(", "for i in", "1..9999999", "return i"]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({"n": st.lists(PIECES, max_size=6).map(" ".join), "flag": CELLS | st.just("true")}),
        max_size=4,
    ),
    st.sampled_from(["unique", "first", "any"]),
)
def test_any_body_is_refused_or_checked_without_a_crash(rows, policy):
    rules = {f"r{i}": (row, {"out": "n"}) for i, row in enumerate(rows)}
    try:
        table = load_table(body(rules, inputs=COLUMNS, hit_policy=policy))
    except TableError:
        return
    json.dumps(as_json(table, check(table)))


@pytest.mark.parametrize(
    ("cells", "wheres"),
    [
        (["< 1e40", "> 1e40"], ["1" + "0" * 40]),
        (["<= 1e-40", "> 2e-40"], [f"(0.{'0' * 39}1..0.{'0' * 39}2]"]),
        (["< 0.005", "> 0.005"], ["0.005"]),
    ],
)
def test_gaps_between_extreme_numbers_are_found(cells, wheres):
    assert [gap.where["amount"] for gap in report(cells).gaps] == wheres


def test_a_cell_that_fails_is_reported_not_raised():
    found = report(['matches(?, "(")', "-"], column=TEXT)
    assert not found.proven
    assert any("fails" in reason.message for reason in found.unproven)
