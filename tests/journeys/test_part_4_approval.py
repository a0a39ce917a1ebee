"""A transfer above two million: the team lead, then the operations manager; never who prepared it, always with why."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import decide

pytestmark = pytest.mark.browser


def test_two_tiers_decide_with_reasons_and_the_maker_cannot(enter, house):
    house.meanwhile("promote_the_maker")
    maker = enter("tia")
    maker.goto(f"/staff/items/{house.scene.approval}/decide/")
    expect(maker.locator("#decision")).to_contain_text("Four eyes")
    expect(maker.locator("form.decision")).to_have_count(0)
    assert posted(maker, house) == 403
    lead = enter("eve")
    lead.goto("/staff/approvals/")
    lead.locator(f"tr:has-text('{house.scene.transfer}') a").first.click()
    expect(lead.locator("#main")).to_contain_text("T3")
    decide(lead, "approve", "")
    expect(lead.locator("#reason-error")).to_be_visible()
    decide(lead, "approve", "Amount and account agree with the statement.")
    lead.wait_for_url("**/staff/approvals/")
    manager = enter("max")
    manager.goto("/staff/approvals/")
    manager.locator(f"tr:has-text('{house.scene.transfer}') a").first.click()
    expect(manager.locator("#main")).to_contain_text("Evelyn Carter")
    decide(manager, "approve", "Agreed.")
    manager.wait_for_url("**/staff/approvals/")
    assert decisions(house) == [
        ("team_lead", "approve", "Amount and account agree with the statement."),
        ("operations_manager", "approve", "Agreed."),
    ]
    manager.goto(f"/staff/orders/{house.scene.transfer}/")
    expect(manager.locator("#main")).to_contain_text("Instruct")


def test_compliance_reads_the_package_and_rejects_with_the_keyboard(enter, house):
    wire = house.meanwhile("wire_to_somebody_else")
    lead = enter("eve")
    lead.goto(f"/staff/items/{wire['item']}/decide/")
    expect(lead.locator("#main")).to_contain_text("destination is Somebody else's account")
    expect(lead.locator("[name=evidence_verbal_callback_number]")).to_have_value("+1 212 555 0101")
    lead.fill("[name=evidence_verbal_callback_number]", "555")
    decide(lead, "approve", "Called back, papers complete.")
    expect(lead.locator("#field-evidence_verbal_callback_number-error")).to_be_visible()
    expect(lead.locator("[name=evidence_verbal_callback_who]")).to_have_value("Ana Whitfield")
    lead.fill("[name=evidence_verbal_callback_number]", "+1 212 555 0101")
    decide(lead, "approve", "Called back, papers complete.")
    lead.wait_for_url(re.compile(r"/staff/(approvals/|items/.*/decide/)$"))
    compliance = enter("fay")
    compliance.goto("/staff/approvals/")
    compliance.locator(f"tr:has-text('{wire['order']}') a").first.click()
    package = compliance.locator("#review")
    for part in ("1. Identity", "Call to the number on file", "2. Relationship", "Jo Doe", "A gift.", "3. Source"):
        expect(package).to_contain_text(part)
    expect(package).to_contain_text("It is the first payment to this recipient.")
    expect(compliance.locator("#main")).to_contain_text("•••• 0101")
    expect(compliance.locator("#main")).not_to_contain_text("555 0101")
    compliance.keyboard.press("3")
    expect(compliance.locator("[name=decision][value=reject]")).to_be_checked()
    expect(compliance.locator("#reason")).to_be_focused()
    compliance.keyboard.type("The relationship is not shown.")
    compliance.keyboard.press("Control+Enter")
    compliance.wait_for_url("**/staff/approvals/")
    state = house.rows("SELECT state FROM orders_order WHERE number = ?", wire["order"])
    assert state == [("rejected",)]


def posted(page, house):
    """What a decision sent past the page is answered with."""
    address = f"{house.url}/staff/items/{house.scene.approval}/decide/"
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    form = {"decision": "approve", "reason": "My own.", "attested": "T3", "csrfmiddlewaretoken": token}
    return page.request.post(address, form=form, headers={"Referer": address}).status


def decisions(house):
    return house.rows(
        "SELECT tier.role, decision.choice, decision.reason FROM approvals_decision decision"
        " JOIN approvals_tier tier ON tier.id = decision.tier_id JOIN approvals_request request"
        " ON request.id = tier.request_id JOIN orders_order o ON o.id = request.order_id"
        " WHERE o.number = ? ORDER BY tier.number",
        house.scene.transfer,
    )
