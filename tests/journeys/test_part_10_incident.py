"""A step fails: the order stands still until a person finds it and lets it run again, or two people skip the step."""

from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.journeys.house import NotReady
from tests.journeys.people import decide
from tests.journeys.test_pages import DESK, PHONE, flaws, keep, speak, violations

pytestmark = pytest.mark.browser
TAKE_AWAY = "UPDATE integrations_connector SET code = 'meridian-away' WHERE code = 'meridian'"
BRING_BACK = "UPDATE integrations_connector SET code = 'meridian' WHERE code = 'meridian-away'"
LOOKS = ((DESK, "light", "en"), (DESK, "dark", "zh-hans"), (PHONE, "light", "zh-hans"), (PHONE, "dark", "en"))


def test_the_lead_finds_what_failed_and_lets_it_run_again(enter, house):
    house.change(TAKE_AWAY)
    with pytest.raises(NotReady, match="StepFailed"):  # grace's work on it fails
        house.meanwhile("another_transfer")
    number = stuck(house)
    lead = enter("omar")
    open_from_the_list(lead, number)
    expect(lead.locator("#main")).to_contain_text("there is none with the code")
    expect(lead.locator("#main")).to_contain_text("Instruct the full transfer")
    lead.get_by_text("Try it again", exact=True).first.click()
    lead.fill("#retry-reason", "The custodian is connected again.")
    house.change(BRING_BACK)
    lead.get_by_role("button", name="Try it again").click()
    expect(lead.locator("#main")).to_contain_text("Running")
    analyst = enter("tia")
    analyst.goto(f"/staff/items/{open_item(house, number)}/")
    analyst.check("[name=transfer_check][value=valid]")
    analyst.click("button[name=then][value=order]")
    analyst.wait_for_url(f"**/staff/orders/{number}/")
    expect_to_stand_at(lead, number, "Instruct the full transfer")


def test_two_people_skip_what_failed_and_the_order_goes_on(enter, house):
    number = house.scene.transfer
    house.change(TAKE_AWAY)
    for who in ("eve", "max"):
        approver = enter(who)
        approver.goto(f"/staff/items/{open_item(house, number)}/decide/")
        decide(approver, "approve", "Amount and account agree.")
        if who == "eve":
            approver.wait_for_url("**/staff/approvals/")
    expect(approver.locator("#main")).to_contain_text("it failed")
    lead = enter("omar")
    open_from_the_list(lead, number)
    lead.get_by_text("Propose to skip it").click()
    lead.fill("#skip-variables", "custodian_outcome = acknowledged")
    lead.fill("#skip-reason", "Instructed by telephone; the custodian confirmed.")
    lead.get_by_role("button", name="Propose", exact=True).click()
    expect(lead.locator("#main")).to_contain_text("You proposed it")
    expect(lead.get_by_role("button", name="Agree, skip it")).to_have_count(0)
    see_everywhere(enter, house, lead, stuck="waiting/", failure=f"instances/{number}/")
    manager = enter("hal")  # who signed could agree as well, but then signs nothing of this order any more
    open_from_the_list(manager, number)
    expect(manager.locator("#main")).to_contain_text("Instructed by telephone")
    expect(manager.locator("#main")).to_contain_text("acknowledged")
    manager.get_by_role("button", name="Agree, skip it").click()
    expect(manager.locator("#main")).to_contain_text("Running")
    approver.goto(f"/staff/items/{open_item(house, number)}/decide/")
    decide(approver, "approve", "Agreed.")
    approver.wait_for_url("**/staff/approvals/")
    expect_to_stand_at(lead, number, "2 days to settle")
    house.change(BRING_BACK)


def test_running_orders_move_to_another_version(enter, house):
    house.meanwhile("another_version")
    keeper = enter("alan")
    see_everywhere(enter, house, keeper, migration="address_change/migrate/1/2/?look=1")
    keeper.goto("/staff/processes/address_change/migrate/1/2/")
    keeper.get_by_role("button", name="See what would move").click()
    expect(keeper.locator("#main")).to_contain_text("1 of 5 would move.")
    keeper.select_option("[name='to.verify_address']", "check_address")
    keeper.get_by_role("button", name="See what would move").click()
    expect(keeper.locator("#main")).to_contain_text("5 of 5 would move.")
    keeper.fill("#reason", "The check has another name.")
    keeper.get_by_role("button", name="Move them").click()
    expect(keeper.locator("#main")).to_contain_text("Moved 5 of 5.")
    keep(keeper, "moved")
    expect_to_stand_at(enter("dee"), house.scene.order, "Verify the new address")


def open_from_the_list(page, number):
    """From what waits to the instance of an order."""
    page.goto("/staff/processes/waiting/")
    row = page.locator(f"tr:has-text('{number}')").first
    expect(row).to_contain_text("Stands still")
    row.locator("th a").click()
    page.wait_for_url("**/instances/**")


def expect_to_stand_at(page, number, step):
    """Where the page of an order's process says that it is now."""
    page.goto(f"/staff/processes/instances/{number}/")
    expect(page.locator(".kv dt:has-text('Now') + dd")).to_have_text(step)


def stuck(house):
    """The number of the order that failed last."""
    return house.rows("SELECT number FROM orders_order WHERE state = 'exception' ORDER BY id DESC")[0][0]


def open_item(house, number):
    """What somebody has to do for an order now."""
    open_items = (
        "SELECT item.public_id FROM work_workitem item JOIN orders_order o ON o.id = item.order_id"
        " WHERE o.number = ? AND item.state NOT IN ('completed', 'cancelled')"
    )
    return UUID(house.rows(open_items, number)[0][0])


def see_everywhere(enter, house, reader, **pages):
    """Pages are whole on a desk and a phone, light and dark, in both languages."""
    wrong = []
    for (width, height), theme, language in LOOKS:
        window = {"viewport": {"width": width, "height": height}, "color_scheme": theme, "bypass_csp": True}
        page = enter("", **window, storage_state=reader.context.storage_state())
        speak(page, house, language)
        for name, address in pages.items():
            page.goto(f"/staff/processes/{address}")
            wrong += [f"{name}: {what}" for what in [*flaws(page, language), *violations(page)]]
            keep(page, f"{name}-{width}-{theme}-{language}")
    assert not wrong, "\n".join(wrong)
