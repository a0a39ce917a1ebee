"""An administrator steps a version by hand, saves the run as an acceptance case, and sees where the time goes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PROCESS = "/staff/processes/name_change/"


def test_a_run_played_by_hand_becomes_a_case_that_every_version_must_hold(enter: Any, house: Any) -> None:
    page = enter("alan")
    page.goto(PROCESS)
    page.get_by_role("link", name="Dry run").click()
    page.get_by_role("button", name="Begin the dry run").click()
    first = page.get_by_role("button", name="Complete", exact=False).first
    expect(first).to_be_visible()
    expect(page.locator(".diagram .now").first).to_be_attached()
    page.locator("textarea").first.fill("decision = yes")
    first.click()
    expect(page.get_by_role("alert")).to_contain_text("Line 1")
    expect(page.locator("textarea").first).to_have_value("decision = yes")
    page.locator("textarea").first.fill("")
    page.get_by_role("button", name="Complete", exact=False).first.click()
    expect(page.locator("#steps-title")).to_be_visible()
    expect(page.locator("ol li", has_text="1. ")).to_have_count(1)
    page.fill("#case-name", "The first step passes")
    page.get_by_role("button", name="Save the case").click()
    expect(page.locator("#cases-title")).to_be_visible()
    expect(page.get_by_role("row", name="The first step passes")).to_contain_text("Holds")
    assert house.rows("SELECT count(*) FROM orders_order WHERE state = 'draft' AND number IS NOT NULL") == [(0,)]
    page.get_by_text("Retire", exact=False).first.click()
    page.get_by_label("Reason").fill("Only to try.")
    page.get_by_role("button", name="Retire the case").click()
    expect(page.get_by_text("No acceptance case yet")).to_be_visible()
    assert house.violations() == []


def test_heat_leads_from_a_number_to_its_orders(enter: Any, house: Any) -> None:
    page = enter("max")
    page.goto("/staff/processes/address_change/")
    page.get_by_role("link", name="Heat").click()
    expect(page.locator("#heat-title")).to_be_visible()
    page.get_by_role("link", name="Quarter").click()
    page.wait_for_url("**period=quarter")
