"""What a table of targets is told before it is kept: times that are none, calendars, and what a regulation allows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from calendars.queries import last_year_of
from rulebook.findings import findings_here
from rulebook.tables import load_table
from sla.target_checks import findings, unworkable_cells
from tests.conftest import MONDAY

pytestmark = pytest.mark.django_db
DEMO = Path(settings.BASE_DIR) / "demo" / "rules" / "sla_targets.json"
GOOD = {"target": "3bd", "calendar": "US-OFFICE", "cutoff": None, "regulatory": False, "limit": None}


def table(**cells: Any):
    """One row of targets, typed as people type cells."""
    written = {name: json.dumps(value) for name, value in (GOOD | cells).items()}
    outputs = [{"name": name, "type": "boolean" if name == "regulatory" else "text"} for name in written]
    return load_table(
        {
            "key": "sla_targets",
            "hit_policy": "unique",
            "inputs": [{"name": "product", "type": "text"}],
            "outputs": outputs,
            "rules": [{"id": "R1", "when": {"product": '"x"'}, "then": written}],
        }
    )


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ({"target": "3 days"}, "target", "3bd, PT8H or same_day"),
        ({"limit": "soon", "regulatory": True}, "limit", "3bd, PT8H or same_day"),
        ({"calendar": "MOON"}, "calendar", "no calendar “MOON”"),
        ({"calendar": "NYSE+MOON"}, "calendar", "no calendar “NYSE+MOON”"),
        ({"calendar": None}, "calendar", "Expected the calendar"),
        ({"cutoff": "2 pm"}, "cutoff", "14:00"),
        ({"limit": "2bd"}, "regulatory", "expected the row to be regulatory"),
    ],
)
def test_a_cell_that_no_clock_can_start_with_is_told_at_the_cell(cells, column, says):
    [problem] = unworkable_cells(table(**cells))
    assert (problem.rule, problem.column) == ("R1", column)
    assert says in problem.message
    assert findings(table(**cells), MONDAY) == []  # what cannot be reckoned is told once, at the cell


def test_calendars_together_are_good_for_a_target():
    assert unworkable_cells(table(calendar="US-OFFICE+NYSE")) == []


def test_a_target_looser_than_the_regulation_is_told_with_its_source(now):
    loose = table(target="6bd", limit="4bd", regulatory=True)
    [finding] = findings(loose, now)
    assert (finding.code, finding.level, finding.rules) == ("looser_than_regulation", "warning", ("R1",))
    assert "6bd is looser than the regulation allows (4bd)" in finding.message
    assert findings(table(target="4bd", limit="4bd", regulatory=True), now) == []
    assert findings(table(target="PT30H", limit="2bd", regulatory=True), now)[0].code == "looser_than_regulation"


def test_the_demo_says_that_its_transfers_are_looser_than_the_rule_in_force(now):
    found = findings_here("sla_targets", load_table(json.loads(DEMO.read_text(encoding="utf-8"))), now)
    assert {finding.rules for finding in found if finding.code == "looser_than_regulation"} == {("T1",), ("T2",)}
    assert all("FINRA Rule 11870" in finding.message for finding in found)


def test_a_target_that_ends_beyond_what_its_calendar_knows_is_told(now):
    last = last_year_of("US-OFFICE")
    [finding] = findings(table(target="900bd"), now)
    assert finding.code == "beyond_calendar"
    assert f"beyond {last}" in finding.message
    assert findings(table(target="5bd"), now) == []
    assert last_year_of("US-OFFICE+NYSE") == min(last, last_year_of("NYSE"))
