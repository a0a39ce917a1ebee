"""The benchmark of decisions: its table is what it says, its translation too, and it stops where answers differ."""

import json
from decimal import Decimal

import pytest

from insights.bench import rules_decide
from insights.bench.fifty_rows import COLUMNS, OUTPUT, as_jdm, cases, table
from insights.bench.results import PeerFigure, Result
from rulebook.tables import decide, load_table


class Answers:
    """A peer that says the same to every case."""

    def __init__(self, answers):
        self.answers = answers

    def ask(self, **request):
        assert request["do"] == "table"
        return {"version": "1", "answers": self.answers}


def test_the_table_has_fifty_rows_and_six_columns_that_all_test_something():
    loaded = load_table(table())
    assert (len(loaded.rules), len(loaded.inputs), loaded.unknown_facts) == (50, 6, ())
    assert {name for rule in loaded.rules for name in rule.tests} == set(COLUMNS)


def test_the_cases_are_decided_by_many_rows():
    loaded, given = load_table(table()), cases(2_000)
    rules = [decide(loaded, rules_decide._typed(facts)).rules for facts in given]
    assert len(set(rules)) > 40
    assert 0.5 < sum(map(bool, rules)) / len(rules) < 0.9


def test_the_translation_keeps_every_row_and_writes_cells_in_jdm():
    body, jdm = table(), as_jdm(table())
    content = jdm["nodes"][1]["content"]
    assert [row["_id"] for row in content["rules"]] == [rule["id"] for rule in body["rules"]]
    first, sixth = content["rules"][0], content["rules"][5]
    assert (first["destination"], first["amount"], first["channel"]) == ('"own"', "< 25000", "")
    assert sixth["destination"] == 'not in ["own"]'
    assert content["hitPolicy"] == "first"


def test_a_case_that_is_decided_otherwise_stops_the_benchmark():
    given = cases(2)
    same = [{OUTPUT: 1}, {}]
    assert rules_decide._same_answers(Answers(same), given, [Decimal(1), None]) == "1"
    with pytest.raises(RuntimeError, match="Expected 2 for .*full_acat.*, but zen-engine says"):
        rules_decide._same_answers(Answers(same), given, [Decimal(2), None])


def test_without_its_peer_ours_is_measured_alone(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(rules_decide, "WARM", 0)
    result = rules_decide.run(20)
    assert (result.peer, result.ratio, result.size) == (None, None, 20)
    assert [run.what for run in result.runs] == ["decisions/s", "decisions/s, facts read from JSON first"]
    assert all(run.median > 0 for run in result.runs)


def test_a_rate_beside_a_peers_says_how_many_times_as_fast():
    result = Result("rules-decide", 10, "decisions/s", 300.0, [], peer=PeerFigure("zen-engine", "2", 100.0))
    assert json.loads(json.dumps(result.as_json()))["ratio"] == 3.0
