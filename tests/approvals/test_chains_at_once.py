"""From rows to stages and numbers of signers: the union of roles, the largest number, what one row puts together."""

from itertools import permutations

import pytest

from approvals.rules import MatchedRow, chain_of


def row(rule, *roles, together=(), adds=None):
    return MatchedRow(rule, roles, (), adds, False, together=tuple(together))


def shape(*rows):
    return [(tier.role, tier.stage, tier.needs) for tier in chain_of(rows).tiers]


def test_without_more_words_tiers_are_asked_one_after_the_other():
    chain = chain_of([row("A", "team_lead", "compliance"), row("B", "operations_manager")])
    assert [(tier.tier, tier.role, tier.stage, tier.needs) for tier in chain.tiers] == [
        (1, "team_lead", 1, 1), (2, "operations_manager", 2, 1), (3, "compliance", 3, 1),
    ]  # fmt: skip
    assert all(tier.as_json().keys().isdisjoint({"stage", "needs"}) for tier in chain.tiers)


def test_roles_named_together_share_the_stage_of_the_first_of_them():
    assert shape(row("A", "team_lead", "operations_manager", "compliance", together=["team_lead", "compliance"])) == [
        ("team_lead", 1, 1), ("compliance", 1, 1), ("operations_manager", 2, 1),
    ]  # fmt: skip


def test_what_is_printed_names_the_stage_and_the_number_only_where_they_say_more():
    chain = chain_of([row("A", "team_lead", "team_lead", "compliance", together=["team_lead", "compliance"])])
    first, second = chain.as_json()["tiers"]
    assert (first["needs"], "stage" in first) == (2, False)
    assert ("needs" in second, second["stage"]) == (False, 1)


def test_of_several_rows_the_largest_number_of_a_role_counts():
    assert shape(row("A", "team_lead", "team_lead"), row("B", "team_lead"), row("C", *["team_lead"] * 3)) == [
        ("team_lead", 1, 3)
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_rows_that_put_pairs_together_make_one_stage_in_whatever_order_they_stand(order):
    rows = [
        row("A", "team_lead", "operations_manager", together=["team_lead", "operations_manager"]),
        row("B", "operations_manager", "compliance", together=["operations_manager", "compliance"]),
        row("C", "advisor"),
    ]
    assert shape(*(rows[place] for place in order)) == [
        ("team_lead", 1, 1), ("operations_manager", 1, 1), ("compliance", 1, 1), ("advisor", 2, 1),
    ]  # fmt: skip


def test_who_prepares_and_who_does_not_sign_put_nobody_together():
    both = row("A", "operations_analyst", "team_lead", together=["operations_analyst", "compliance"])
    assert shape(both) == [("team_lead", 1, 1)]


def test_each_tier_keeps_the_rows_that_ask_for_it():
    chain = chain_of([row("A", "team_lead", "team_lead"), row("B", "team_lead", "compliance"), row("", "compliance")])
    assert [tier.rules for tier in chain.tiers] == [("A", "B"), ("B",)]


def test_more_signatures_are_stricter():
    assert chain_of([row("A", "team_lead", "team_lead")]).signers == ("team_lead", "team_lead")
