"""A matrix's rows against the risk: more money and fewer signatures, and chains deeper than they need to be."""

import json
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approvals.asked_chains import Asking
from approvals.chain_checks import MOST_FINDINGS, of_rows
from demo import files
from rulebook.tables import load_table
from tests.approvals.matrices import AMOUNT, COMPLIANCE, LEAD, MANAGER, matrix

RULES = Path(__file__).parents[2] / "demo" / "rules"
TASK = {"name": "task", "type": "text", "values": ["a", "b"]}
AGE = {"name": "client_age", "type": "number", "optional": True}
DESTINATION = {"name": "destination", "type": "text", "values": ["third_party", "own"]}
DAYS = {"name": "days_since_advisor_change", "type": "number"}


def codes(table):
    return [finding.code for finding in of_rows(table)]


def test_more_money_and_fewer_signatures_is_shown_with_both_amounts():
    rows = {"r1": ({"amount": "<= 500"}, [LEAD, MANAGER]), "r2": ({"amount": "> 500"}, [LEAD])}
    (finding,) = of_rows(matrix(rows))
    assert (finding.code, finding.level, finding.rules, finding.column) == (
        "not_monotone",
        "error",
        ("r1", "r2"),
        "amount",
    )
    smaller, larger = (example["amount"] for example in finding.examples)
    assert smaller <= 500 < larger
    said = "More money, fewer signatures: 2 for the smaller amount, 1 for the larger, all else equal."
    assert finding.message == said


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [("< 500", ">= 500", ["not_monotone"]), ("<= 500", "> 500", ["not_monotone"]), (">= 500", "< 500", [])],
)
def test_on_which_side_of_the_edge_it_lies_is_exact(low, high, found):
    table = matrix({"r1": ({"amount": low}, [LEAD]), "r2": ({"amount": high}, [])})
    assert codes(table) == found
    for finding in of_rows(table):
        smaller, larger = (example["amount"] for example in finding.examples)
        assert smaller < larger
        assert (smaller < 500 <= larger) if low == "< 500" else (smaller <= 500 < larger)


def test_a_dip_at_one_amount_alone_is_found():
    rows = {
        "r1": ({"amount": "< 500"}, [LEAD]),
        "r2": ({"amount": "500"}, []),
        "r3": ({"amount": "> 500"}, [LEAD]),
    }
    (finding,) = of_rows(matrix(rows))
    assert finding.rules == ("r1", "r2")
    assert finding.examples[1] == {"amount": D(500)}


def test_another_task_may_ask_for_fewer():
    rows = {
        "r1": ({"task": '"a"', "amount": "< 500"}, [LEAD, MANAGER]),
        "r2": ({"task": '"a"', "amount": ">= 500"}, [LEAD, MANAGER, COMPLIANCE]),
        "r3": ({"task": '"b"'}, [LEAD]),
    }
    assert codes(matrix(rows, inputs=[TASK, AMOUNT])) == []


def test_in_a_matrix_that_collects_the_union_counts():
    rows = {"r1": ({"amount": "< 500"}, [LEAD]), "r2": ({"amount": "> 100"}, [LEAD])}
    assert codes(matrix(rows, hit_policy="collect")) == []
    rows["r2"] = ({"amount": "(100..300)"}, [MANAGER])
    found = of_rows(matrix(rows, hit_policy="collect", default=[]))  # r1 and r2, then r1, then nobody
    assert [(finding.code, finding.rules) for finding in found] == [
        ("not_monotone", ("r1", "r2")),
        ("not_monotone", ("r1",)),
    ]


def test_the_same_rows_leaving_and_entering_are_told_once_where_the_fewest_others_match():
    rows = {
        "r1": ({"amount": "< 500"}, [LEAD, MANAGER]),
        "r2": ({"amount": ">= 500"}, [LEAD]),
        "r3": ({"task": '"a"'}, [COMPLIANCE]),
    }
    found = of_rows(matrix(rows, inputs=[TASK, AMOUNT], hit_policy="collect"))
    assert [finding.rules for finding in found] == [("r1", "r2")]


def test_an_amount_below_zero_does_not_happen():
    assert codes(matrix({"r1": ({"amount": "< 0"}, [LEAD]), "r2": ({"amount": ">= 0"}, [])})) == []


def test_what_the_default_answers_counts_as_well():
    (finding,) = of_rows(matrix({"r1": ({"amount": "< 500"}, [LEAD])}, default=[]))
    assert (finding.code, finding.rules) == ("not_monotone", ("r1",))


def test_a_gap_in_between_hides_nothing():
    rows = {"r1": ({"amount": "< 500"}, [LEAD]), "r2": ({"amount": "> 500"}, [])}
    assert codes(matrix(rows)) == ["not_monotone"]


@pytest.mark.parametrize(
    ("column", "low", "high"),
    [
        (AGE, "< 65", ">= 65"),
        (DESTINATION, '"own"', '"third_party"'),
        (DAYS, "> 30", "[0..30]"),
    ],
)
def test_less_risk_and_a_longer_chain_is_a_warning(column, low, high):
    name = column["name"]
    rows = {"low": ({name: low}, [LEAD, MANAGER]), "high": ({name: high}, [LEAD])}
    found = of_rows(matrix(rows, inputs=[column], default=[]))
    assert {(finding.code, finding.level, finding.column) for finding in found} == {
        ("deeper_than_risk", "warning", name)
    }
    rows = {"low": ({name: low}, [LEAD]), "high": ({name: high}, [LEAD, MANAGER])}
    assert codes(matrix(rows, inputs=[column], default=[])) == []


def test_what_says_nothing_of_risk_has_no_order():
    when = {"name": "copies", "type": "number"}
    rows = {"r1": ({"copies": "< 5"}, [LEAD]), "r2": ({"copies": ">= 5"}, [])}
    assert codes(matrix(rows, inputs=[when])) == []


@pytest.mark.parametrize(("more", "found"), [([], []), (["advisor"], ["chain_too_deep"])])
def test_three_levels_are_enough(more, found):
    assert codes(matrix({"r1": ({}, [LEAD, MANAGER, COMPLIANCE, *more])})) == found


def test_a_table_that_asks_for_nobody_is_not_judged():
    body = json.loads((RULES / "break_severity.json").read_text())
    assert of_rows(load_table(body)) == []


@pytest.mark.parametrize("body", files.tables(), ids=lambda body: body["key"])
def test_the_demos_tables_in_force_show_nothing(body):
    assert of_rows(load_table(body)) == []


BANDS = st.lists(st.integers(0, 3), min_size=1, max_size=5)


@settings(max_examples=150)
@given(BANDS)
def test_found_exactly_where_some_band_asks_for_fewer_than_the_one_below(signatures):
    roles = [LEAD, MANAGER, COMPLIANCE]
    ends = [place * 100 for place in range(1, len(signatures))]
    cells = [f"< {ends[0]}", *[f"[{a}..{b})" for a, b in zip(ends, ends[1:])], f">= {ends[-1]}"] if ends else []
    whens = [{"amount": cell} for cell in cells] or [{}]
    rows = {f"r{place}": (when, roles[:n]) for place, (when, n) in enumerate(zip(whens, signatures))}
    drops = [(f"r{at}", f"r{at + 1}") for at, (a, b) in enumerate(zip(signatures, signatures[1:])) if a > b]
    assert [finding.rules for finding in of_rows(matrix(rows))] == drops


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from(["-", '"a"', '"b"']), st.integers(0, 3)),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["unique", "first", "collect"]),
    st.booleans(),
)
def test_rows_added_up_are_what_the_matrix_itself_answers(drawn, policy, has_default):
    roles = [LEAD, MANAGER, COMPLIANCE]
    rows = {}
    for number, (low, high, task, signatures) in enumerate(drawn):
        when = {"amount": f"[{low * 100}..{high * 100}]", "task": task}
        rows[f"r{number}"] = ({name: cell for name, cell in when.items() if cell != "-"}, roles[:signatures])
    table = matrix(rows, inputs=[TASK, AMOUNT], hit_policy=policy, default=[LEAD] if has_default else None)
    asking = Asking(table)
    assert asking.rows is not None
    for active, facts in asking.grid.regions():
        asked, itself = asking.of(active, facts), asking._explained(facts)
        assert (asked is None) == (itself is None)
        assert asked is None or (asked.posts, asked.rules) == (itself.posts, itself.rules)


def test_an_answer_that_hangs_on_the_facts_is_asked_of_the_matrix_itself():
    body = {
        "key": "sample",
        "name": {"en": "Sample", "zh-Hans": "示例"},
        "hit_policy": "unique",
        "inputs": [AMOUNT],
        "outputs": [{"name": "roles", "type": "list"}],
        "rules": [
            {"id": "r1", "when": {"amount": "< 500"}, "then": {"roles": '["team_lead"]'}},
            {
                "id": "r2",
                "when": {"amount": ">= 500"},
                "then": {"roles": 'if amount > 500 then [] else ["team_lead"]'},
            },
        ],
        "default": None,
    }
    (finding,) = of_rows(load_table(body))
    assert (finding.code, finding.rules) == ("not_monotone", ("r2",))


def test_a_table_with_too_many_combinations_is_said_to_be_unproven(monkeypatch):
    rows = {"r1": ({"amount": "< 500"}, [LEAD]), "r2": ({"amount": ">= 500"}, [LEAD])}
    assert codes(matrix(rows)) == []
    monkeypatch.setattr("approvals.asked_chains.MOST_CELLS", 2)
    assert codes(matrix(rows)) == ["chains_not_proven"]


def test_no_more_are_told_than_anybody_reads():
    rows = {f"r{n}": ({"amount": f"[{n}..{n + 1})"}, [LEAD] * (n % 2)) for n in range(2 * MOST_FINDINGS + 10)}
    assert len(codes(matrix(rows, default=[]))) == MOST_FINDINGS


@pytest.mark.parametrize(
    ("column", "text"),
    [("roles", "[1]"), ("roles", "1"), ("evidence", "[1]"), ("adds_at_most", '"5 days"'), ("in_bulk", '"yes"')],
)
def test_an_answer_that_no_chain_can_be_made_of_is_told_with_its_row_by_the_rows_alone(column, text):
    body = json.loads((RULES / "firm.json").read_text(encoding="utf-8"))
    body["rules"][0]["then"][column] = text
    [finding] = of_rows(load_table(body))
    assert (finding.code, finding.level, finding.rules) == ("unworkable", "error", (body["rules"][0]["id"],))
    assert finding.column == column
