"""An advisor who places an order has agreed to it by placing it; the firm's own approval still follows."""

from tests.approvals.transfers import fee_prepared, request_of
from tests.firm import open_item


def test_the_advisor_is_asked_about_what_the_client_placed(firm, now):
    order = fee_prepared(firm, now)
    assert open_item(order).role == "advisor"


def test_the_advisor_is_not_asked_about_what_they_placed_themselves(firm, now):
    order = fee_prepared(firm, now, by=firm.adam)
    assert open_item(order).role == "operations_manager"
    assert [tier.role for tier in request_of(order).tiers.all()] == ["operations_manager"]
