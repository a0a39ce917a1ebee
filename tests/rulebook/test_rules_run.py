"""`manage.py rules run`: exit status, JSON on standard output, one line on standard error."""

from __future__ import annotations

import io
import json
import sys
import time
from decimal import Decimal as D

import pytest

from tests.rulebook.dmn_files import column, component, decision, given, item, model, needs, out, row, table, tag
from tests.rulebook.test_rules_command import run

FEES = model(
    item("tClient", "", component("Birth Date", "date"), component("Tier", "string", allowed='"gold", "plain"')),
    given("Client", "tClient"),
    given("Amount", "number"),
    decision(
        "Rate",
        needs("Client", "Amount"),
        table(
            column("Client.Tier", "string"),
            column("Amount", "number"),
            out("", "number"),
            row(['"gold"', "-"], ["0.001"]),
            row(['"plain"', "< 1000"], ["0.0200"]),
            row(['"plain"', ">= 1000"], ["0.01"]),
        ),
        kind="number",
    ),
    decision("Fee", needs("Amount"), needs("Rate", by="requiredDecision"), "Amount * Rate", kind="number"),
    decision("Grown Up", needs("Client"), 'Client.Birth Date + duration("P18Y")', kind="date"),
)
FACTS = '{"Client": {"Birth Date": "1959-03-02", "Tier": "plain"}, "Amount": 12345678901234567.89}'


@pytest.fixture
def fees(tmp_path):
    path = tmp_path / "fees.dmn"
    path.write_bytes(FEES)
    return path


def test_every_decision_of_a_model_is_printed_as_exact_json(fees):
    status, shown, err = run("run", fees, "--facts", FACTS, "--json")
    assert (status, err) == (0, "")
    assert shown == (
        '{"results": {"Rate": 0.01, "Fee": 123456789012345.6789, "Grown Up": "1977-03-02"}, '
        '"matched": {"Rate": [3]}, "errors": []}\n'
    )


def test_one_decision_is_the_only_result(fees):
    status, shown, _err = run("run", fees, "--decision", "Grown Up", "--facts", FACTS, "--json")
    assert (status, json.loads(shown)) == (0, {"results": {"Grown Up": "1977-03-02"}, "matched": {}, "errors": []})
    status, shown, err = run("run", fees, "--decision", "Gown Up", "--facts", FACTS, "--json")
    assert (status, shown) == (2, "")
    assert err == (
        '--decision: Expected a decision of the model, but there is no "Gown Up"; it has: Rate, Fee, Grown Up.\n'
    )


def test_facts_come_from_a_file_or_not_at_all(fees, tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(FACTS)
    assert run("run", fees, "--facts-file", path, "--json")[1] == run("run", fees, "--facts", FACTS, "--json")[1]
    status, shown, _err = run("run", fees, "--json")
    assert (status, json.loads(shown)["results"]) == (0, {"Rate": None, "Fee": None, "Grown Up": None})


def test_an_error_of_evaluation_is_data_and_status_1(tmp_path):
    path = tmp_path / "d.dmn"
    path.write_bytes(model(given("x", "number"), decision("d", needs("x"), "10 / x"), decision("e", "1")))
    status, shown, err = run("run", path, "--facts", '{"x": 0}', "--json")
    assert (status, err) == (1, "")
    assert json.loads(shown) == {
        "results": {"d": None, "e": 1},
        "matched": {},
        "errors": [{"decision": "d", "message": "10 / x: a number / a number has no answer."}],
    }


def test_without_json_the_answer_is_for_people(fees):
    status, shown, _err = run("run", fees, "--facts", '{"Client": {"Tier": "gold"}, "Amount": 5}')
    assert (status, shown) == (0, "Rate: 0.001 (rows 1)\nFee: 0.005\nGrown Up: null\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--facts", "{"], "--facts:1: Expected JSON, but"),
        (["--facts", "[]"], "--facts:1: Expected a JSON object"),
        (["--facts", '{"Amount": "5"}'], '--facts:1: Amount: Expected a number such as 42.5, but got "5".'),
        (["--facts", '{"Client": {"Birth Date": "2.3.1959"}}'],
         '--facts:1: Client.Birth Date: Expected a date such as "2026-11-22", but got "2.3.1959".'),
        (["--facts", '{"Client": {"Tier": "silver"}}'],
         '--facts:1: Client.Tier: Expected one of "gold", "plain", but got "silver".'),
        (["--facts-file", "none.json"], "none.json:1: Expected a file that can be read"),
        (["--cases", "none.jsonl"], "none.jsonl:1: Expected a file that can be read"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_one_line_and_status_2(fees, words, said):
    status, shown, err = run("run", fees, *words, "--json")
    assert (status, shown, err.count("\n")) == (2, "", 1)
    assert err.startswith(said)


def test_a_wrong_model_is_one_line_that_names_every_problem(tmp_path):
    path = tmp_path / "wrong.dmn"
    path.write_bytes(model(decision("d", "1 +"), decision("e", tag("functionDefinition", kind="Java"))))
    status, shown, err = run("run", path, "--json")
    assert (status, shown, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"{path}:2: literalExpression: Expected an expression in FEEL")
    assert " (1 more: line 3: functionDefinition: Expected a function in FEEL, but its kind is Java" in err
    assert run("run", tmp_path / "none.dmn")[2].startswith(f"{tmp_path}/none.dmn:1: Expected a file that can be read")


def test_cases_are_a_line_for_each_line_in_their_order(fees, tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_text('{"Amount": 1}\n\n{"Amount": 2, "Client": {"Tier": "gold"}}\n')
    status, shown, err = run("run", fees, "--decision", "Fee", "--cases", path, "--json")
    assert (status, err) == (0, "")
    assert [json.loads(line, parse_float=D)["results"] for line in shown.splitlines()] == [
        {"Fee": None},
        {"Fee": D("0.002")},
    ]


@pytest.mark.parametrize(
    ("bad", "said"), [("{", "Expected JSON"), ("5", "Expected a JSON object"), ('{"Amount": "x"}', "Amount: Expected")]
)
def test_cases_stop_at_the_line_that_is_wrong(fees, tmp_path, bad, said):
    path = tmp_path / "cases.jsonl"
    path.write_text(f'{{"Amount": 1}}\n{bad}\n{{"Amount": 3}}\n')
    status, shown, err = run("run", fees, "--cases", path, "--json")
    assert (status, shown.count("\n"), err.count("\n")) == (2, 1, 1)
    assert err.startswith(f"{path}:2: {said}")


def test_a_case_with_an_error_makes_status_1_and_the_next_is_still_decided(tmp_path):
    model_file, cases = tmp_path / "d.dmn", tmp_path / "cases.jsonl"
    model_file.write_bytes(model(given("x", "number"), decision("d", needs("x"), "10 / x")))
    cases.write_text('{"x": 0}\n{"x": 5}\n')
    status, shown, _err = run("run", model_file, "--cases", cases, "--json")
    assert (status, [json.loads(line)["results"]["d"] for line in shown.splitlines()]) == (1, [None, 2])


def test_cases_are_read_from_standard_input(fees, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"Amount": 1}\n')))
    assert run("run", fees, "--cases", "-", "--json")[1].count("\n") == 1


def test_thousands_of_cases_over_a_table_of_fifty_rows_take_little_time(tmp_path):
    """Ten thousand in a few seconds; the bound here is wide, as machines are busy."""
    rows = [row([f"[{place * 10}..{place * 10 + 10})", f'"k{place % 5}"', "-"], [str(place)]) for place in range(50)]
    tested = table(
        column("amount", "number"), column("kind", "string"), column("day", "date"), out("", "number"), *rows
    )
    names = {"amount": "number", "kind": "string", "day": "date"}
    model_file, cases = tmp_path / "d.dmn", tmp_path / "cases.jsonl"
    model_file.write_bytes(model(*(given(*one) for one in names.items()), decision("d", needs(*names), tested)))
    cases.write_text(
        "".join(
            f'{{"amount": {place % 500}, "kind": "k{place % 500 // 10 % 5}", "day": "2026-11-22"}}\n'
            for place in range(2_000)
        )
    )
    started = time.process_time()
    status, shown, _err = run("run", model_file, "--cases", cases, "--json")
    assert (status, shown.count("\n")) == (0, 2_000)
    assert [json.loads(line)["results"]["d"] for line in shown.splitlines()[:20:10]] == [0, 1]
    assert time.process_time() - started < 4
