"""A client orders: a draft on the way, a number, milestones, a promised time, a thread; with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import ADDRESS, check_answers, fill_address, number_of, send

pytestmark = pytest.mark.browser


def test_a_client_saves_comes_back_sends_and_follows_the_order(enter, house):
    page = enter("ana")
    page.click("a[href^='/new/address_change/']")
    page.fill("[name=street]", ADDRESS["street"])
    page.click("button[name=then][value=later]")
    page.wait_for_url("**/home/")
    draft = page.locator(f"a[href^='/drafts/']:not([href*='{house.scene.draft}'])").first
    draft.click()
    expect(page.locator("[name=street]")).to_have_value(ADDRESS["street"])
    fill_address(page)
    check_answers(page)
    expect(page.locator("#main")).to_contain_text("18 Orchard Lane")
    expect(page.locator("#main")).to_contain_text("Albany")
    send(page)
    number = number_of(page)
    expect(page.locator("#progress")).to_contain_text("Received")
    expect(page.locator("#progress .promise")).to_have_text(re.compile(r"day \d+ "))
    expect(page.locator("#main")).to_contain_text(number)
    page.fill("[name=body]", "When will the letters be sent?")
    page.locator("form[action$='/messages/'] button").click()
    expect(page.locator("#messages")).to_contain_text("When will the letters be sent?")
    page.click("#urge button")
    expect(page.locator("#urge")).to_contain_text("We still expect it by")
    expect(page.locator("#urge")).to_contain_text("You can ask again from")
    page.goto("/orders/")
    expect(page.locator("#main")).to_contain_text(number)


def test_what_is_missing_is_said_at_the_field_and_what_was_typed_stays(enter):
    page = enter("bo")
    page.goto("/new/address_change/")
    fill_address(page)
    page.fill("[name=postal_code]", "?")
    page.click("button[name=then][value=check]")
    field = page.locator("#id_postal_code-field, .field:has([name=postal_code])").first
    expect(field.locator(".err-msg, .errorlist, [id$=error]").first).to_be_visible()
    expect(page.locator("[name=street]")).to_have_value(ADDRESS["street"])


def test_the_whole_way_works_without_scripts(enter):
    page = enter("bo", java_script_enabled=False)
    page.goto("/new/address_change/")
    fill_address(page)
    page.click("button[name=then][value=check]")
    expect(page.locator("h1")).to_have_text("Check your answers")
    send(page)
    number = number_of(page)
    expect(page.locator("#main")).to_contain_text(number)
    page.fill("[name=body]", "Thank you.")
    page.locator("form[action$='/messages/'] button").click()
    expect(page.locator("#messages")).to_contain_text("Thank you.")


def test_the_client_sends_what_is_asked_and_the_work_goes_on(enter, house, tmp_path):
    paper = tmp_path / "bill.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    page = enter("ana")
    page.goto(f"/orders/{house.scene.asked}/")
    page.set_input_files(".todo input[type=file]", paper)
    page.locator(".todo form .btn.primary").click()
    expect(page.locator(".todo")).to_have_count(0)
    [(state,)] = house.rows("SELECT state FROM orders_order WHERE number = ?", house.scene.asked)
    assert state == "in_progress"
