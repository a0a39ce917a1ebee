"""The demo's drafts show what the checker says, and nothing in force has an error."""

import pytest

from demo import files
from demo.load import load_drafts
from rulebook.checks import check
from rulebook.findings import findings_here
from rulebook.models import TableVersion
from rulebook.queries import table_of
from rulebook.tables import load_table


def body_of_chains():
    return next(body for body in files.table_drafts() if any(rule["id"] == "T9" for rule in body["rules"]))


@pytest.mark.parametrize(
    ("code", "level", "rules"),
    [
        ("not_monotone", "error", ("T2", "T3")),
        ("role_unheld", "error", ("T8",)),
        ("tier_without_relief", "error", ("T9",)),
        ("not_staffable", "error", ("T9",)),
        ("chain_too_deep", "warning", ("T8",)),
        ("deeper_than_risk", "warning", ("T7", "T4")),
        ("not_staffable_without", "warning", None),
    ],
)
def test_the_draft_of_chains_shows_each_finding_at_its_rows(firm, now, code, level, rules):
    found = findings_here("approval_matrix", load_table(body_of_chains()), now)
    shown = [finding for finding in found if finding.code == code]
    assert shown
    assert {finding.level for finding in shown} == {level}
    assert all(finding.examples for finding in shown)
    assert rules is None or any(set(rules) <= set(finding.rules) for finding in shown)


def test_only_what_has_no_error_is_proposed(firm, now):
    class Loaded:
        people = {"alan": firm.alan}

    load_drafts(Loaded, now=now)
    states = {}
    for version in TableVersion.objects.filter(state__in=["draft", "proposed"]).select_related("table"):
        table = table_of(version)
        errors = [each for each in findings_here(version.table.kind, table, now) if each.is_error]
        states[bool(errors) or not check(table).ok] = version.state
    assert states == {True: "draft", False: "proposed"}


@pytest.mark.parametrize("body", files.tables(), ids=lambda body: body["key"])
def test_no_table_in_force_has_an_error(firm, now, body):
    version = TableVersion.objects.get(table__key=body["key"], state="in_force")
    assert not [each for each in findings_here(version.table.kind, table_of(version), now) if each.is_error]
