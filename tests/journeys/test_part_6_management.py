"""The manager sees depth by product and band, compliance and breaches, and names the cause of one."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_manager_reads_the_board_and_explains_a_breach(enter, house):
    page = enter("max")
    page.goto("/staff/service-levels/")
    main = page.locator("#main")
    for text in ("Change of address", "Transfer of a whole account", "Breached", "Kept in time", house.scene.late):
        expect(main).to_contain_text(text)
    open_orders = house.rows("SELECT count(*) FROM orders_order WHERE ended_at IS NULL AND number IS NOT NULL")[0][0]
    expect(page.get_by_role("img", name=f"{open_orders} orders are open")).to_be_visible()
    page.goto("/staff/breaches/")
    page.click(f"a[href='/staff/breaches/{house.scene.breach}/']")
    page.click("main form .btn.primary")
    expect(page.locator("#cause-error, #cause:invalid")).to_have_count(1)
    page.select_option("#cause", "volume")
    page.fill("#explanation", "Twice as many orders as usual; two people were lent to the team.")
    page.click("main form .btn.primary")
    page.wait_for_url("**/staff/breaches/")
    expect(page.locator("#main")).to_contain_text("More work than people")
    [(actor, after)] = house.rows("SELECT actor, after FROM audit_entry WHERE fact = 'sla.breach.explained'")
    assert actor.startswith("user:")
    assert "volume" in after
