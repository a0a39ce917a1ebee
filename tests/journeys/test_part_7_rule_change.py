"""A matrix is changed by two people and takes effect on its date: the next order is decided otherwise."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_change_of_the_matrix_takes_effect_on_its_date(enter, house):
    page = f"/staff/tables/{house.scene.table}/{house.scene.version}/"
    maker = enter("alan")
    maker.goto(f"{page}edit/")
    maker.fill("[name='r0-when-amount']", "< 10000")
    maker.fill("[name='r1-when-amount']", "[10000..2000000]")
    maker.click("button[name=do][value=save]")
    maker.wait_for_url(f"**{page}")
    expect(maker.locator("#main")).to_contain_text("2 rules differ")
    maker.click("a[href$='/what-if/']")
    expect(maker.locator("#what-if-result")).to_contain_text("Decided again")
    maker.go_back()
    maker.fill("[name=justification]", "Smaller transfers get a second look.")
    maker.fill("[name=effective_at]", (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"))
    maker.click("form[action$='/propose/'] button")
    expect(maker.locator("#main")).to_contain_text("You proposed this version")
    expect(maker.locator("form[action$='/approve/']")).to_have_count(0)
    other = enter("nadia")
    other.goto(page)
    expect(other.locator("#main")).to_contain_text("somebody of compliance has to approve it")
    expect(other.locator("form[action$='/approve/']")).to_have_count(0)
    checker = enter("rob")
    checker.goto(page)
    expect(checker.locator("#main")).to_contain_text("Smaller transfers get a second look.")
    checker.click("form[action$='/approve/'] button")
    expect(checker.locator("#main")).to_contain_text("Approved, not yet in force")
    house.meanwhile("put_in_force")
    assert decided(house) == (["T1"], [])

    house.open(days_later=3)
    house.meanwhile("put_in_force")
    assert decided(house) == (["T2"], ["team_lead"])
    later = enter("judith")
    later.goto(page)
    expect(later.locator("#main .chip").filter(has_text="In force").first).to_be_visible()


def decided(house):
    made = house.meanwhile("another_transfer")
    return made["rules"], made["tiers"]
