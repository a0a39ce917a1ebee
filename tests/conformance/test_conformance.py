"""Every case of this folder holds, played by the same code as `manage.py process run`.

A case is NAME.bpmn and NAME.steps.json; "shows" names the clause of BPMN 2.0.2 and what it says.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from processes.commands import check, run
from tests.conformance.clauses import CLAUSES

SHOWS = re.compile(r"BPMN 2\.0\.2 §(?P<clauses>[\d.]+( and [\d.]+)*): .{10,}")
CASES = sorted(Path(__file__).parent.rglob("*.steps.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name.removesuffix('.steps.json')}")
def test_case(case: Path) -> None:
    model = case.with_name(case.name.replace(".steps.json", ".bpmn"))
    out = io.StringIO()
    status = run.run({"model": str(model), "steps": str(case), "json": True}, out)
    results = [json.loads(line) for line in out.getvalue().splitlines()]
    plan = json.loads(case.read_text(encoding="utf-8"))
    failed = [
        f"step {one['step']} {plan['steps'][one['step'] - 1]}: {one['message']}" for one in results if not one["ok"]
    ]
    assert (status, failed) == (0, [])
    assert len(results) == len(plan["steps"]) > 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name.removesuffix('.steps.json')}")
def test_case_names_its_clause_and_its_model_has_no_errors(case: Path) -> None:
    plan = json.loads(case.read_text(encoding="utf-8"))
    model = case.with_name(case.name.replace(".steps.json", ".bpmn"))
    out = io.StringIO()
    assert check.run({"files": [str(model)], "json": True}, out) == 0
    assert json.loads(out.getvalue())["executable"]
    said = SHOWS.fullmatch(plan["shows"])
    assert said
    assert set(said["clauses"].split(" and ")) <= CLAUSES.keys()
