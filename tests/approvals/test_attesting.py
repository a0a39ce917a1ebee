"""Each matched row of a tier is attested by itself: seed decision 6."""

import pytest

from approvals import actions as approvals
from approvals.invariants import approvers_are_distinct
from approvals.models import Decision
from approvals.refusals import AttestationMissing
from audit.actors import Actor
from audit.models import Entry
from tests.approvals.transfers import THIRD, decide, fee_prepared, items_of, request_of, rows_of, validated
from tests.firm import open_item


def approve(item, who, now, attested, choice="approve"):
    about = {"choice": choice, "reason": "Seen.", "attested": attested}
    return approvals.decide(item.public_id, **about, actor=Actor.of(who), now=now)


def test_a_tier_attests_the_rows_that_ask_for_its_role_and_no_others(firm, now):
    order = validated(firm, now, amount="2000000.01", **THIRD)
    assert {tier.role: tier.rules for tier in request_of(order).tiers.all()} == {
        "team_lead": ["T3", "T4"], "operations_manager": ["T3"], "compliance": ["T4"],
    }  # fmt: skip


@pytest.mark.parametrize("attested", [[], ["T3"], ["T4", "T9"]])
def test_an_approval_that_leaves_a_row_out_is_refused_at_the_field(firm, now, attested):
    item = open_item(validated(firm, now, amount="2000000.01", **THIRD))
    with pytest.raises(AttestationMissing) as refused:
        approve(item, firm.eve, now, attested)
    assert list(refused.value.fields) == ["attested"]
    missing = {"T3", "T4"} - set(attested)
    assert all(rule in refused.value.fields["attested"] for rule in missing)
    assert not Decision.objects.exists()


def test_what_was_attested_stands_with_the_decision_and_in_the_ledger(firm, now):
    order = validated(firm, now, amount="2000000.01", **THIRD)
    made = approve(open_item(order), firm.eve, now, ["T4", "T3", "T1"])
    assert made.attested == ["T3", "T4"]
    assert Entry.objects.get(fact="approvals.tier.approved").data["attested"] == ["T3", "T4"]


@pytest.mark.parametrize("choice", ["reject", "more_information"])
def test_a_no_and_a_question_attest_nothing(firm, now, choice):
    item = open_item(validated(firm, now, amount="2000000.01", **THIRD))
    assert approve(item, firm.eve, now, [], choice=choice).attested == []


def test_an_advisor_who_sees_no_rule_attests_none(firm, now):
    item = open_item(fee_prepared(firm, now))
    assert (item.role, rows_of(item)) == ("advisor", [])
    assert decide(item, firm.adam, now).attested == []


def test_an_approval_without_its_attestation_is_found(firm, now):
    order = validated(firm, now, amount="600000.00")
    decide(items_of(order)[0], firm.eve, now)
    Decision.objects.update(attested=[])
    assert any("without attesting" in found.what for found in approvers_are_distinct().violations)
