"""A transfer above two million to somebody else: a team lead on leave lends her authority, nobody decides for days, and
still three people sign, each once, in the order of their tiers."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.people import decide

pytestmark = pytest.mark.browser


def test_three_tiers_decide_though_one_approver_is_away_and_another_lets_it_lie(enter, house):
    largest = house.meanwhile("largest_transfer")
    today = datetime.now(UTC).date()
    lead = enter("eve")
    lead.goto("/staff/delegations/new/")
    colleague = lead.locator("[name=delegate] option", has_text="Dana Whitfield").get_attribute("value")
    lead.select_option("[name=delegate]", colleague)
    lead.fill("[name=first_day]", (today - timedelta(days=1)).isoformat())
    lead.fill("[name=ends_at]", (today + timedelta(days=3)).isoformat())
    lead.fill("[name=reason]", "On leave until Thursday.")
    lead.click("form.form-page .btn.primary")
    lead.wait_for_url("**/staff/delegations/")

    stand_in = enter("dee")
    stand_in.goto(f"/staff/items/{largest['item']}/decide/")
    expect(stand_in.locator("#main")).to_contain_text("on behalf of Evelyn Carter")
    approve(stand_in, "The papers are complete.")
    house.meanwhile("the_manager_takes_it")

    house.open(days_later=7)
    house.meanwhile("sweep")
    assert told(house) == [(1, "holder", "helen"), (2, "manager", "ingrid"), (3, "alternate", None)]
    head = enter("hal")
    head.goto("/staff/approvals/")
    head.locator(f"tr:has-text('{largest['order']}') a").first.click()
    expect(head.locator("#main")).to_contain_text("on behalf of Evelyn Carter")
    approve(head, "Helen is not there; agreed.")
    review = enter("fay")
    review.goto("/staff/approvals/")
    review.locator(f"tr:has-text('{largest['order']}') a").first.click()
    approve(review, "The relationship is shown.")
    assert signed(house, largest["order"]) == [
        ("team_lead", "dana", "evelyn"),
        ("operations_manager", "ingrid", None),
        ("compliance", "fay", None),
    ]
    assert house.rows("SELECT state FROM orders_order WHERE number = ?", largest["order"]) == [("in_progress",)]


def approve(page, reason):
    """Approve what the page asks about; the next decision, or the list, opens at once."""
    page.wait_for_url("**/decide/")
    before = page.url
    decide(page, "approve", reason)
    page.wait_for_url(lambda url: url != before)


def told(house):
    """Who was told that the manager's decision waits, by tier."""
    return house.rows(
        "SELECT told.tier, told.role, person.username FROM sla_escalation told"
        " JOIN sla_clock clock ON clock.id = told.clock_id JOIN work_workitem item ON item.id = clock.work_item_id"
        " LEFT JOIN accounts_user person ON person.id = told.to_id"
        " WHERE clock.kind = 'decision' AND item.role = 'operations_manager' ORDER BY told.tier"
    )


def signed(house, number):
    """Who signed which tier, and for whom."""
    return house.rows(
        "SELECT tier.role, by.username, lender.username FROM approvals_decision decision"
        " JOIN approvals_tier tier ON tier.id = decision.tier_id JOIN accounts_user by ON by.id = decision.by_id"
        " LEFT JOIN accounts_user lender ON lender.id = decision.on_behalf_of_id"
        " JOIN approvals_request request ON request.id = decision.request_id"
        " JOIN orders_order o ON o.id = request.order_id WHERE o.number = ? ORDER BY tier.number",
        number,
    )
