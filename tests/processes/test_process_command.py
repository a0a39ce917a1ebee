"""`manage.py process`: answers, exit status, and one line for what is wrong."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x">
<process id="p" isExecutable="true"><startEvent id="start"/><userTask id="check" name="Check"/>
<exclusiveGateway id="size" default="small"/><endEvent id="end"/><userTask id="review" name="Review"/>
<sequenceFlow id="f1" sourceRef="start" targetRef="check"/><sequenceFlow id="f2" sourceRef="check" targetRef="size"/>
<sequenceFlow id="big" sourceRef="size" targetRef="review">
<conditionExpression>amount &gt;= 1000.5</conditionExpression></sequenceFlow>
<sequenceFlow id="small" sourceRef="size" targetRef="end"/><sequenceFlow id="f3" sourceRef="review" targetRef="end"/>
</process></definitions>
"""


@pytest.fixture
def process(tmp_path):
    """process("check", "a.bpmn", …) → (status, standard output, standard error); names are files of a folder."""

    def call(*words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        given = [str(tmp_path / word) if "." in word else word for word in words]
        try:
            call_command("process", *given, stdout=out, stderr=err)
        except SystemExit as leaving:
            return int(leaving.code or 0), out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    (tmp_path / "model.bpmn").write_text(MODEL, encoding="utf-8")
    return call


@pytest.fixture
def write(tmp_path):
    def write_file(name: str, content: object) -> None:
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name).write_text(text, encoding="utf-8")

    return write_file


def test_check_prints_one_line_for_each_file(process, write):
    write("odd.bpmn", MODEL.replace("userTask", "adHocSubProcess"))
    status, out, err = process("check", "model.bpmn", "odd.bpmn", "--json")
    first, second = map(json.loads, out.splitlines())
    assert (status, err) == (0, "")
    assert (first["ok"], first["executable"], first["errors"]) == (True, True, [])
    assert first["elements"]["userTask"] == 2
    assert (second["ok"], second["executable"]) == (True, False)
    assert {"check", "review"} <= {warning["element"] for warning in second["warnings"]}


def test_check_is_1_for_a_wrong_model(process, write):
    write("wrong.bpmn", MODEL.replace('targetRef="review"', 'targetRef="nobody"').replace("1000.5", "1000 +"))
    status, out, _ = process("check", "wrong.bpmn", "--json")
    answer = json.loads(out)
    assert status == 1
    assert not answer["ok"]
    assert [(error["element"], error["line"]) for error in answer["errors"]] == [("big", 6), ("big", 6)]


def test_check_is_2_for_what_is_not_bpmn_and_still_answers_for_every_file(process, write):
    write("bad.bpmn", "<!DOCTYPE x>\n<x/>")
    status, out, err = process("check", "bad.bpmn", "model.bpmn", "--json")
    assert status == 2
    assert [json.loads(line)["ok"] for line in out.splitlines()] == [False, True]
    assert len(err.splitlines()) == 1
    assert "bad.bpmn:1: " in err


def test_check_answers_for_the_files_that_are_there_beside_one_that_is_not(process):
    status, out, err = process("check", "none.bpmn", "model.bpmn", "--json")
    assert status == 2
    missing, there = map(json.loads, out.splitlines())
    assert (missing["ok"], there["ok"], len(err.splitlines())) == (False, True, 1)
    assert missing["errors"][0]["message"].startswith("Expected a file that can be read")


def test_a_missing_file_is_one_line(process):
    status, out, err = process("svg", "none.bpmn", "-o", "x.svg")
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert "No such file" in err


def test_run_plays_the_steps_with_feel_conditions(process, write):
    steps = [{"expect_active": ["check"]}, {"complete": "check", "variables": {"amount": 1000.5}}]
    write("steps.json", {"steps": [*steps, {"expect_active": ["review"]}, {"complete": "review"}]})
    status, out, _ = process("run", "model.bpmn", "--steps", "steps.json", "--json")
    results = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [result["active"] for result in results] == [["check"], ["review"], ["review"], []]
    assert results[-1]["status"] == "completed"
    assert set(results[0]) == {"step", "ok", "active", "waiting", "status", "variables", "message"}


def test_run_stops_with_1_at_the_first_step_that_does_not_hold(process, write):
    write("steps.json", {"steps": [{"expect_active": ["review"]}, {"complete": "check"}]})
    status, out, _ = process("run", "model.bpmn", "--steps", "steps.json", "--json")
    assert (status, len(out.splitlines())) == (1, 1)


@pytest.mark.parametrize(
    ("steps", "line", "words"),
    [
        ("{", 1, "JSON"),
        ("[]", 1, "object"),
        ('{"steps": [\n  {"cancel": true},\n  {"dance": 1}\n]}', 3, "step 2"),
        ('{"now": "never", "steps": []}', 1, "moment"),
        ('{"expect_active": []}', 1, '"steps"'),
        ('{"steps": [{"signal": ""}]}', 1, "signal"),
        ('{"steps": [], "variabels": {}}', 1, 'there is "variabels". What it may say: model, also_deploy'),
        ('{"steps": [], "hold": ["revew"]}', 1, "there is no 'revew'"),
        ('{"steps": [], "hold": ["check", "size"]}', 1, "'size' is of the kind exclusiveGateway"),
        ('{"steps": [\n{"message": "paid", "correlation": []}]}', 2, "correlation as a JSON object"),
        ('{"steps": [\n{"message": "paid", "payload": ""}]}', 2, "payload as a JSON object"),
        ('{"steps": [], "now": ""}', 1, "moment"),
        ('{"steps": null}', 1, '"steps" to be a JSON list'),
        ('{"steps": [], "steps": []}', 1, '"steps" stands there twice'),
        ('{"steps": [{"complete": "check", "variables": {"y": 1, "y": 2}}]}', 1, '"y" stands there twice'),
        (f'{{"steps": [], "variables": {{"y": {"9" * 5000}}}}}', 1, "at most 1,000 digits"),
    ],
)
def test_steps_that_cannot_be_followed_are_one_line_with_their_place(process, write, steps, line, words):
    write("steps.json", steps)
    status, out, err = process("run", "model.bpmn", "--steps", "steps.json", "--json")
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert f"steps.json:{line}: " in err
    assert words in err


def test_every_part_of_a_steps_file_is_known_and_a_note_may_stand_beside_them(process, write):
    parts = {"model": "model.bpmn", "also_deploy": [], "process": "p", "variables": {}, "now": "2026-11-23T09:00:00Z"}
    parts |= {"hold": ["check"], "decisions": {}, "calendars": {}, "instances": {"a": {}}, "steps": []}
    write("steps.json", {**parts, "comment": "Nothing happens.", "shows": "Nothing."})
    assert process("run", "model.bpmn", "--steps", "steps.json", "--json") == (0, "", "")


def test_a_model_that_does_not_run_is_one_line_with_its_place(process, write):
    write("odd.bpmn", MODEL.replace("userTask", "adHocSubProcess"))
    write("steps.json", {"steps": []})
    status, _, err = process("run", "odd.bpmn", "--steps", "steps.json", "--json")
    assert status == 2
    assert "odd.bpmn:3: " in err
    assert "1 more" in err


@pytest.mark.parametrize("wrong", ["1 + +", "hour() > 1"])
def test_a_model_whose_expressions_the_check_refuses_is_not_begun(process, write, wrong):
    write("odd.bpmn", MODEL.replace("amount &gt;= 1000.5", wrong.replace(">", "&gt;")))
    write("steps.json", {"steps": [{"expect_active": ["check"]}]})
    status, out, err = process("run", "odd.bpmn", "--steps", "steps.json", "--json")
    _status, checked, _err = process("check", "odd.bpmn", "--json")
    (error,) = json.loads(checked)["errors"]
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert f"odd.bpmn:{error['line']}: {error['message']}" in err


def test_a_call_without_its_file_is_one_line(process, capsys):
    assert process("run", "model.bpmn")[0] == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_svg_writes_a_picture(process, tmp_path):
    assert process("svg", "model.bpmn", "-o", "picture.svg")[0] == 0
    text = (tmp_path / "picture.svg").read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert "Review" in text


def test_a_dmn_file_that_is_no_decision_table_is_refused_with_its_line(process, write):
    model = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">\n<decision id="d"/></definitions>'
    write("risk.dmn", model)
    write("s.steps.json", {"decisions": {"risk": "risk.dmn"}, "steps": []})
    status, _, err = process("run", "model.bpmn", "--steps", "s.steps.json")
    assert status == 2
    assert err.endswith("risk.dmn:2: decision d: Expected an expression that decides, but it holds none.\n")
    write("s.steps.json", {"decisions": {"risk": "gone.dmn"}, "steps": []})
    assert process("run", "model.bpmn", "--steps", "s.steps.json")[2].startswith(
        "gone.dmn:1: Expected a file that can be read"
    )
