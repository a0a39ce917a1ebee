"""`manage.py rules`: exit status, JSON on standard output, one line on standard error."""

import io
import json
from decimal import Decimal as D
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.rulebook.tables import body, said

RULES = Path(__file__).parents[2] / "demo" / "rules"


def run(*words):
    """(exit status, standard output, standard error) of the command."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("rules", *map(str, words), stdout=out, stderr=err, no_color=True)
    except SystemExit as ended:
        status = ended.code
    return status, out.getvalue(), err.getvalue()


def test_check_answers_1_and_the_gap_for_the_flawed_draft():
    status, out, err = run("check", RULES / "firm_draft_with_gap.json", "--json")
    found = json.loads(out)
    assert (status, err, found["ok"]) == (1, "", False)
    assert found["gaps"][0]["example"] == {"task": "fee_waiver_or_adjustment", "amount": "500.00"}


@pytest.mark.parametrize("name", ["firm", "transfers"])
def test_check_answers_0_for_whole_tables(name):
    status, out, _ = run("check", RULES / f"{name}.json", "--json")
    assert status == 0
    assert json.loads(out)["ok"] is True


def test_check_without_json_is_for_people():
    status, out, _ = run("check", RULES / "firm_draft_with_gap.json")
    assert (status, out) == (1, "gap: task fee_waiver_or_adjustment, amount 500\n")


def test_check_says_file_and_line_of_each_bad_cell(tmp_path):
    path = tmp_path / "bad.json"
    table = body({"r1": ({"amount": "< 5"}, said("a")), "r2": ({"amount": "< <"}, said("b"))})
    path.write_text(json.dumps(table, indent=1))
    line = 1 + next(n for n, text in enumerate(path.read_text().splitlines()) if '"< <"' in text)
    status, out, err = run("check", path, "--json")
    assert status == 2
    assert err.startswith(f"{path}:{line}: rule r2 amount: '< <'")
    assert [(error["line"], error["rule"], error["column"]) for error in json.loads(out)["errors"]] == [
        (line, "r2", "amount")
    ]


def test_check_tells_every_problem_of_a_table_and_one_of_them_on_standard_error(tmp_path):
    path = tmp_path / "bad.json"
    table = body({"r1": ({"amount": "< <"}, said("a")), "r2": ({"amount": "> >"}, said("b"))})
    path.write_text(json.dumps(table, indent=1))
    status, out, err = run("check", path)
    assert (status, out.count("\n"), err.count("\n")) == (2, 2, 1)
    assert "rule r2 amount: '> >'" in out
    assert err.endswith("(1 more)\n")


def test_check_answers_for_each_file_in_one_line(tmp_path):
    path = tmp_path / "bad.json"
    path.write_text("{}")
    flawed, whole = RULES / "firm_draft_with_gap.json", RULES / "firm.json"
    assert run("check", whole, flawed, "--json")[0] == 1
    status, out, err = run("check", flawed, path, whole, "--json")
    answers = [json.loads(line) for line in out.splitlines()]
    assert (status, err.count("\n")) == (2, 1)
    assert [answer["file"] for answer in answers] == [str(flawed), str(path), str(whole)]
    assert [answer["ok"] for answer in answers] == [False, False, True]
    assert run("check", flawed, whole)[1].startswith(f"{flawed}: gap: task ")


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"a": }', b"\xff\xfe", b"[" * 100_000, b'{"key": NaN}'])
def test_check_refuses_files_that_are_no_table(tmp_path, content):
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    status, out, err = run("check", path, "--json")
    assert (status, out) == (2, "")
    assert err.startswith(f"{path}:1: ")
    assert "Traceback" not in err


def test_check_refuses_a_file_that_is_not_there(tmp_path):
    status, _, err = run("check", tmp_path / "none.json")
    assert (status, err) == (
        2,
        f"{tmp_path}/none.json:1: Expected a file that can be read, but: No such file or directory.\n",
    )


@pytest.mark.parametrize(
    ("expression", "facts", "shown"),
    [
        ("amount * 1.07", '{"amount": 100.10}', '{"value": 107.107}'),
        ("0.1 + 0.2", "{}", '{"value": 0.3}'),
        ("missing", "{}", '{"value": null}'),
        ('date("2026-01-31") + duration("P1M")', "{}", '{"value": "2026-02-28"}'),
        ('{a: [1, true, "中"], b: duration("P1D")}', "{}", '{"value": {"a": [1, true, "中"], "b": "P1D"}}'),
        ("Applicant Age + 1", '{"Applicant Age": 41}', '{"value": 42}'),
        ("client.Post Code", '{"client": {"Post Code": "4051"}}', '{"value": "4051"}'),
        ("12345678901234567890.12 + 0", "{}", '{"value": 12345678901234567890.12}'),
    ],
)
def test_eval_prints_exact_json(expression, facts, shown):
    assert run("eval", expression, "--facts", facts, "--json") == (0, shown + "\n", "")
    json.loads(shown, parse_float=D)


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("1 +\n + )",), "EXPRESSION:2: "),
        (("9 ** 9999",), "EXPRESSION:1: "),
        (("1..2",), "EXPRESSION:1: "),
        (("[1..2]",), "EXPRESSION:1: "),
        (("1", "--facts", "[]"), "--facts:1: "),
        (("1", "--facts", '{"a":\n}'), "--facts:2: "),
        (("1", "--facts", '{"a": Infinity}'), "--facts:1: "),
    ],
)
def test_eval_says_what_is_wrong_and_where(words, where):
    status, out, err = run("eval", *words, "--json")
    assert (status, out) == (2, "")
    assert err.startswith(where)
    assert err.count("\n") == 1


def test_check_reads_decision_models_too(tmp_path):
    status, out, _err = run("check", RULES / "kyc_risk.dmn", "--json")
    assert (status, json.loads(out)["decisions"][-1]) == (0, "Risk score")
    flawed = tmp_path / "flawed.dmn"
    flawed.write_bytes((RULES / "kyc_risk.dmn").read_bytes().replace(b'href="#product_points"', b'href="#nothing"'))
    status, out, _err = run("check", flawed, "--json")
    assert (status, [error["element"] for error in json.loads(out)["errors"]]) == (1, ["requiredDecision"])
    assert run("check", flawed)[1].startswith(f"{flawed}:")


def test_check_proves_the_tables_of_a_model(tmp_path):
    assert run("check", RULES / "kyc_risk.dmn")[1].count("(the default answers)") == 3
    gap = tmp_path / "kyc_risk.dmn"
    default = b"<defaultOutputEntry><text>0</text></defaultOutputEntry>"
    gap.write_bytes((RULES / "kyc_risk.dmn").read_bytes().replace(default, b"", 1))
    status, out, _err = run("check", gap, "--json")
    said = json.loads(out)
    assert (status, said["ok"], said["errors"]) == (1, False, [])
    assert [(each["decision"], each["checked"], each["ok"]) for each in said["tables"]][0] == (
        "Points of identity",
        True,
        False,
    )
    assert said["tables"][0]["gaps"][0]["example"] == {"tax_residence": "any other", "politically_exposed": False}
    status, out, _err = run("check", gap)
    assert (status, f"{gap}: Points of identity: gap: " in out) == (1, True)


@pytest.mark.parametrize(
    ("when", "then", "policy", "said"),
    [
        ("< 500,000", "1", "unique", "Write 500000"),
        ("25000 - 100000", "1", "unique", "Write [25000..100000]"),
        ("< EUR 5", "1", "unique", "EUR"),
        ("< 5", '"a"', "unique", "a number column takes"),
        ("< 5", '"a"', "collect_sum", "a number column takes"),
    ],
)
def test_check_tells_what_a_cell_seems_to_mean_and_does_not(tmp_path, when, then, policy, said):
    path = tmp_path / "doubt.json"
    table = body(
        {"r1": ({"amount": when}, {"out": then})}, outputs=[{"name": "out", "type": "number"}], hit_policy=policy
    )
    path.write_text(json.dumps(table))
    status, out, err = run("check", path, "--json")
    (error,) = json.loads(out)["errors"]
    assert (status, error["rule"]) == (2, "r1")
    assert said in error["message"]
    assert said in err


def test_check_leaves_words_that_nobody_declares_to_the_facts(tmp_path):
    path = tmp_path / "words.json"
    path.write_text(json.dumps(body({"r1": ({"amount": "limit"}, said("a"))}, default=said("b"))))
    status, out, _err = run("check", path, "--json")
    assert (status, [each["name"] for each in json.loads(out)["unknown_facts"]]) == (1, ["limit"])


def test_check_warns_of_columns_that_no_table_here_may_have(tmp_path):
    path = tmp_path / "odd.json"
    table = body({"r1": ({}, said("a"))})
    table["inputs"][0]["name"] = table["outputs"][0]["name"]
    path.write_text(json.dumps(table))
    status, out, _ = run("check", path, "--json")
    found = [each for each in json.loads(out)["findings"] if each["code"] == "columns"]
    assert (status, {each["level"] for each in found}) == (0, {"warning"})
    assert "a name of its own" in found[0]["message"]


def test_check_knows_what_the_code_reads_of_a_table_of_the_firm(firm, tmp_path):
    path = tmp_path / "transfers.json"
    table = json.loads((RULES / "transfers.json").read_text())
    table["outputs"] = [
        {**column, "type": "text"} if column["name"] == "log" else column for column in table["outputs"]
    ]
    table["hit_policy"] = "collect_count"
    path.write_text(json.dumps(table))
    status, out, _ = run("check", path, "--with-people", "--json")
    told = [(each["level"], each["column"]) for each in json.loads(out)["findings"] if each["code"] == "columns"]
    assert status == 1
    assert ("error", "hit_policy") in told
