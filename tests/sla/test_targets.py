"""Which target the table sets for a product."""

from __future__ import annotations

from datetime import datetime

from sla.targets import target_for
from tests.firm import Cast


def test_a_listed_product_has_the_target_of_its_row(firm: Cast, now: datetime) -> None:
    found = target_for("address_change", "order", "standard", now)
    assert found is not None
    assert found.target


def test_a_product_that_the_table_does_not_know_has_none(firm: Cast, now: datetime) -> None:
    assert target_for("gold_safe", "order", "standard", now) is None
