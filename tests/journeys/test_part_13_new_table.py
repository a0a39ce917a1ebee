"""A table is made in the browser by two people, its columns are changed while it is a draft, and a process asks it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
TABLE = "/staff/tables/address_risk/"
FIELDS = {
    "key": "address_risk",
    "name_en": "Risk of an address",
    "name_zh": "地址风险",
    "about-en": "How carefully a new address is looked at",
    "about-zh-Hans": "新地址需多仔细核对",
    "inputs-0-name": "country",
    "inputs-0-label-en": "Country",
    "inputs-0-label-zh-Hans": "国家",
    "outputs-0-name": "risk",
    "outputs-0-label-en": "Risk",
    "outputs-0-label-zh-Hans": "风险",
    "outputs-0-values": "high | High | 高\nlow | Low | 低",
}


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without scripts"])
def test_the_form_of_a_new_table_keeps_what_was_typed(enter: Any, scripted: bool) -> None:
    maker = enter("alan", java_script_enabled=scripted)
    maker.goto("/staff/tables/")
    maker.click("#main a[href='/staff/new-table/'], a[href='/staff/new-table/']")
    maker.fill("[name=key]", "half_done")
    maker.click("button[value=add-inputs]")
    expect(maker.locator("#inputs-1-name")).to_be_visible()
    expect(maker.locator("[name=key]")).to_have_value("half_done")
    maker.click("button[value=save].primary")
    expect(maker.locator(".error-summary")).to_contain_text("Give it a name")
    maker.click(".error-summary a[href='#inputs-1-name']")
    maker.click("button[value=remove-inputs-1]")
    expect(maker.locator("#inputs-1-name")).to_have_count(0)
    expect(maker.locator("[name=key]")).to_have_value("half_done")


def test_a_table_is_made_and_a_process_asks_it(enter: Any, house: Any) -> None:
    maker = enter("alan")
    maker.goto("/staff/new-table/")
    for name, text in FIELDS.items():
        maker.fill(f"[name='{name}']", text)
    maker.check("[name=hit_policy][value=first]")
    maker.check("[name=default]")
    maker.click("button[value=save].primary")
    maker.wait_for_url(f"**{TABLE}1/edit/")
    maker.click("button[value=add]")
    maker.fill("[name='r0-when-country']", '"US"')
    maker.fill("[name='r0-then-risk']", '"low"')
    maker.fill("[name='default-then-risk']", '"high"')
    maker.click("button[name=do][value=save]")
    maker.wait_for_url(f"**{TABLE}1/")
    expect(maker.locator("#main")).to_contain_text("No gaps and no overlaps")

    maker.click("a[href$='/columns/']")
    maker.select_option("#inputs-0-type", "boolean")
    maker.click("button.primary[value=save]")
    expect(maker.locator("#notice-title")).to_be_visible()
    expect(maker.locator("#main")).to_contain_text("1 cell goes")
    maker.click("text=Leave everything as it is")
    maker.wait_for_url(f"**{TABLE}1/")

    maker.fill("[name=justification]", "Addresses abroad get a second look.")
    maker.click("form[action$='/propose/'] button")
    expect(maker.locator("form[action$='/approve/']")).to_have_count(0)
    checker = enter("nadia")
    checker.goto(f"{TABLE}1/")
    expect(checker.locator("#main")).to_contain_text("How carefully a new address is looked at")
    checker.click("form[action$='/approve/'] button")
    expect(checker.locator("#main")).to_contain_text("Approved, not yet in force")
    house.open(days_later=2)  # it was proposed for tomorrow
    house.meanwhile("put_in_force")
    assert house.meanwhile("ask_the_new_table") == {"risk": "low"}
    assert house.violations() == []
