"""A draft of a matrix decides past orders again: what would be otherwise, who would sign, how much longer it takes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from approvals.what_if import Tally, added_wait, all_parts, next_part, replay, usual_waits
from tests.approvals.transfers import decide, fee_prepared, ordered, put_on_record, validated
from tests.commands.calling import called
from tests.firm import open_item


def rule(body, key):
    return next(each for each in body["rules"] if each["id"] == key)


def lower_threshold(body) -> None:
    rule(body, "T1")["when"]["amount"] = "< 400000"
    rule(body, "T2")["when"]["amount"] = "[400000..2000000]"


def answers(tally, changes):
    return [(each.amount, each.then.roles, each.draft.roles) for change in changes for each in change.decisions]


def test_a_lower_threshold_names_the_orders_between(firm, now, draft_with) -> None:
    for number, amount in enumerate(("399999.99", "400000.00", "499999.99", "500000.00")):
        validated(firm, now + timedelta(days=9 * number), amount=amount, key=f"key-{number}")
    tally = Tally()
    changes = next_part(draft_with(lower_threshold), now, tally)
    assert answers(tally, changes) == [("400000.00", (), ("team_lead",)), ("499999.99", (), ("team_lead",))]
    assert (tally.decided, tally.changed, tally.gaps) == (4, 2, 0)
    assert tally.load == {"team_lead": [1, 3]}


def test_other_names_of_rules_change_nothing(firm, now, draft_with) -> None:
    validated(firm, now)
    tally = Tally()
    assert next_part(draft_with(lambda body: rule(body, "T2").update(id="T2b")), now, tally) == []
    assert (tally.decided, tally.changed) == (1, 0)


def test_a_gap_of_the_draft_is_told_and_counted(firm, now, draft_with) -> None:
    validated(firm, now, amount="500000.00")

    def with_a_gap(body) -> None:
        rule(body, "T2")["when"]["amount"] = "(500000..2000000]"
        body["default"] = None

    tally = Tally()
    [change] = next_part(draft_with(with_a_gap), now, tally)
    assert tally.gaps == 1
    assert "no rule" in change.decisions[0].draft.gap


def test_a_fact_that_only_the_draft_asks_for_is_read_from_the_order(firm, now, draft_with) -> None:
    put_on_record(firm.ana_client, now=now, advisor_since=now.date() - timedelta(days=5))
    validated(firm, now, amount="1000.00")

    def after_a_change_of_advisor(body) -> None:
        body["inputs"].append({"name": "days_since_advisor_change", "type": "number", "optional": True})
        new = {"id": "T7", "when": {"days_since_advisor_change": "[0..30]"}, "then": {"roles": '["team_lead"]'}}
        body["rules"].append(new)

    tally = Tally()
    changes = next_part(draft_with(after_a_change_of_advisor), now, tally)
    assert answers(tally, changes) == [("1000.00", (), ("team_lead",))]


@pytest.mark.parametrize(("days", "changed"), [(0, 0), (1, 1)])
def test_an_age_that_only_the_draft_asks_for_is_that_of_the_day(firm, now, draft_with, days, changed) -> None:
    on = now + timedelta(days=days)
    born = (now + timedelta(days=1)).date().replace(year=now.year - 65)
    type(firm.ana_client).objects.filter(pk=firm.ana_client.pk).update(birth_date=born)
    fee_prepared(firm, on)

    def from_65_on(body) -> None:
        body["inputs"].append({"name": "client_age", "type": "number", "optional": True})
        body["rules"].append({"id": "NEW", "when": {"client_age": ">= 65"}, "then": {"roles": '["compliance"]'}})

    assert len(next_part(draft_with(from_65_on, "advisor"), now, Tally())) == changed


def test_only_what_was_asked_since_then_counts_and_parts_add_up(firm, now, draft_with) -> None:
    for number in range(3):
        validated(firm, now + timedelta(days=9 * number), key=f"key-{number}")
    draft, tally = draft_with(lower_threshold), Tally()
    assert sum(len(part) for part in all_parts(draft, now + timedelta(days=1), tally)) == 0
    assert tally.decided == 2
    parts = Tally()
    next_part(draft, now, parts, size=2)
    next_part(draft, now, parts, size=2)
    assert parts.decided == 3


def test_added_waiting_follows_the_usual_wait_of_each_role(firm, now, draft_with) -> None:
    order = validated(firm, now)
    decide(open_item(order), firm.eve, now + timedelta(hours=3))
    draft = draft_with(lower_threshold)
    assert usual_waits(draft, now) == {"team_lead": 3 * 3600.0}
    assert added_wait({"team_lead": [1, 3], "compliance": [0, 1]}, {"team_lead": 3600.0}) == 7200.0


def test_a_part_costs_three_statements_however_many_orders_and_requests(
    firm, now, draft_with, django_assert_num_queries
) -> None:
    for number in range(4):
        validated(firm, now + timedelta(days=9 * number), key=f"key-{number}")
    draft = draft_with(lower_threshold)
    replay(draft, now, lambda line: None)
    with django_assert_num_queries(3):
        next_part(draft, now, Tally())


def test_nothing_is_written(firm, now, draft_with, django_assert_num_queries) -> None:
    order = ordered(firm, now)
    before = order.ledger_seq
    replay(draft_with(lower_threshold), now, lambda line: None)
    order.refresh_from_db()
    assert order.ledger_seq == before


# --- the command ---


def test_the_command_prints_what_would_be_otherwise_and_its_progress_apart(firm, now, draft_with, capsys) -> None:
    order = validated(firm, now, amount="450000.00")
    draft = draft_with(lower_threshold)
    since = (now - timedelta(days=1)).date().isoformat()
    words = ("rules", "replay", "--table", "transfers", "--draft", str(draft.number), "--since", since)
    said = called(capsys, *words, "--json")
    found = json.loads(said.out)
    assert (found["decided"], found["changed"], found["gaps"]) == (1, 1, 0)
    assert found["load"] == {"team_lead": {"then": 0, "draft": 1}}
    assert [(each["order"], each["draft"]["roles"]) for each in found["changes"]] == [(order.number, ["team_lead"])]
    assert "1 of 1 decided" in said.err
    assert f"{order.number} 450000.00: nobody → team_lead" in called(capsys, *words).out


@pytest.mark.parametrize(
    ("table", "draft", "told"),
    [
        ("nope", "1", "no table nope"),
        ("transfers", "9", "the table transfers has: 1"),
        ("routing", "1", "approval matrix"),
        ("transfers", "0", "draft"),
    ],
)
def test_what_cannot_be_decided_again_is_refused_in_one_line(firm, capsys, table, draft, told) -> None:
    said = called(capsys, "rules", "replay", "--table", table, "--draft", draft, "--since", "2026-01-01", "--json")
    assert said.is_refused_in_one_line
    assert told in said.err
