"""Several decisions at once: only where each rule allows it, each with its own action and entry."""

import pytest

from approvals import actions as approvals
from approvals.models import Decision
from approvals.refusals import AlreadyDecided, FourEyes, NotInBulk, ReasonMissing
from approvals.rules import MatchedRow, chain_of
from audit.actors import Actor
from audit.models import Entry
from tests.approvals.transfers import decide, fee_prepared, request_of, validated
from tests.firm import open_item


def together(item, who, now, reason="All small."):
    return approvals.decide_in_bulk(item.public_id, choice="approve", reason=reason, actor=Actor.of(who), now=now)


def small_fee(firm, now, key="key-1", amount="45.00"):
    """A fee adjustment to which the client's advisor agreed."""
    order = fee_prepared(firm, now, key=key, amount=amount)
    decide(open_item(order), firm.adam, now)
    return order


@pytest.mark.parametrize(
    ("rows", "allowed"), [([True], True), ([True, True], True), ([True, False], False), ([False], False), ([], False)]
)
def test_every_matched_row_must_allow_it(rows, allowed):
    matched = [MatchedRow(str(number), ("team_lead",), (), None, False, each) for number, each in enumerate(rows)]
    assert chain_of(matched).in_bulk is allowed


@pytest.mark.parametrize(("amount", "allowed"), [("499.99", True), ("500.00", False)])
def test_the_firm_lets_small_fees_be_decided_together(firm, now, amount, allowed):
    order = small_fee(firm, now, amount=amount)
    assert request_of(order).in_bulk is allowed


def test_each_has_an_entry_of_its_own(firm, now):
    orders = [small_fee(firm, now, f"k{number}") for number in range(3)]
    before = set(Entry.objects.values_list("pk", flat=True))
    for order in orders:
        together(open_item(order), firm.eve, now)
    signed = Entry.objects.filter(fact="approvals.tier.approved", actor=f"user:{firm.eve.pk}").exclude(pk__in=before)
    assert {entry.order_ref for entry in signed} == {order.ledger_ref for order in orders}
    assert len({entry.action_id for entry in signed}) == len(signed) == 3


def test_a_transfer_is_decided_by_itself(firm, now):
    item = open_item(validated(firm, now))
    with pytest.raises(NotInBulk):
        together(item, firm.eve, now)
    assert not Decision.objects.exists()


def test_the_other_checks_hold_as_they_do_alone(firm, now):
    item = open_item(small_fee(firm, now))
    with pytest.raises(ReasonMissing):
        together(item, firm.eve, now, reason=" ")
    together(item, firm.eve, now)
    with pytest.raises(AlreadyDecided):
        together(item, firm.omar, now)


def test_who_had_a_part_does_not_sign_in_bulk_either(firm, now):
    order = small_fee(firm, now)
    order.placed_by = firm.eve
    order.save()
    with pytest.raises(FourEyes):
        together(open_item(order), firm.eve, now)
