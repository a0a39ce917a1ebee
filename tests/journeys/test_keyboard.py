"""The keyboard map, key by key, each pressing a control that can be seen; a queue that changes while somebody looks at
it; and two people at one item.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.people import cursor_to, say_why

pytestmark = pytest.mark.browser
QUEUE = "/staff/queues/maintenance/"
CHOSEN = ".pick input[name=item]:checked"


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def priority_of(house: Any, item: str) -> int:
    return house.rows("SELECT priority FROM work_workitem WHERE public_id = ?", item.replace("-", ""))[0][0]


def test_the_keys_of_a_queue(enter: Any, house: Any) -> None:
    page = enter("eve")
    page.goto(QUEUE)
    press(page, "j", "j", "k")
    expect(page.locator("[data-row].cur")).to_have_count(1)
    press(page, "x", "j", "j", "Shift+X")
    expect(page.locator(CHOSEN)).to_have_count(3)
    press(page, "Escape")
    expect(page.locator(CHOSEN)).to_have_count(0)
    press(page, "Space")
    expect(page.locator("#drawer h2")).to_be_visible()
    seen = page.locator("[data-row].cur .sub")
    assert seen.evaluate("name => name.getBoundingClientRect().right <= drawer.getBoundingClientRect().left")
    press(page, "Escape")
    expect(page.locator("#drawer")).to_be_empty()
    press(page, "/")
    expect(page.locator("#queue-text")).to_be_focused()
    page.keyboard.type("jcxn")
    expect(page.get_by_text("Nothing fits these filters")).to_be_visible()
    page.get_by_role("link", name="Clear filters").first.click()
    expect(page.locator("[data-row]").first).to_be_visible()
    press(page, "f")
    expect(page.locator("#queue-product")).to_be_focused()
    press(page, "Escape", "g", "3")
    page.wait_for_url("**view=unassigned")
    expect(page.locator(".views [aria-current]")).to_contain_text("Unassigned")


def test_one_row_or_many_by_key_and_the_deed_undone(enter: Any, house: Any) -> None:
    page, item = enter("eve"), house.scene.item
    page.goto(QUEUE)
    row = cursor_to(page, item)
    press(page, "p")
    expect(page.locator("#bulk-priority")).to_be_visible()
    press(page, "1")
    page.fill("#bulk-reason", "The client called.")
    press(page, "Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("1 item set to P1.")
    assert priority_of(house, item) == 1
    cursor_to(page, item)
    press(page, "a")
    page.keyboard.type("Mar")
    press(page, "Enter")
    expect(page.locator("#toasts")).to_contain_text("1 item assigned to Marcus Oyelaran.")
    expect(row).to_contain_text("Marcus Oyelaran")
    page.click("#toasts .link-btn")
    expect(page.locator("#toasts")).to_contain_text("1 item is as it was.")
    expect(row).to_contain_text("Claim")
    cursor_to(page, item)
    press(page, "c")
    expect(page.locator("#toasts")).to_contain_text("Claimed.")
    press(page, "?")
    expect(page.locator("dialog[open]")).to_be_visible()
    press(page, "Escape", "u")
    page.wait_for_url("**/release/**")
    page.fill("[name=reason]", "Only to try.")
    press(page, "Control+Enter")
    page.wait_for_url(f"**{QUEUE}**")
    expect(row).to_contain_text("Claim")


def test_no_key_acts_on_another_row_than_the_current_one(enter: Any, house: Any) -> None:
    page = enter("dov")
    page.goto(QUEUE)
    press(page, "c", "u")
    cursor_to(page, house.scene.held)
    press(page, "c", "u", "p", "a")
    page.locator("[data-row].cur").focus()
    page.wait_for_timeout(300)
    assert page.url.endswith(QUEUE)
    holder = house.rows(
        "SELECT u.username FROM work_workitem AS i JOIN accounts_user AS u ON u.id = i.holder_id WHERE i.public_id = ?",
        house.scene.held.replace("-", ""),
    )
    assert holder == [("dana",)]


def test_a_queue_says_what_changed_and_moves_no_row(enter: Any, house: Any) -> None:
    page = enter("dee")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/changes/" in request.url else None)
    page.clock.install()
    page.goto(QUEUE)
    before = page.locator("[data-row]").count()
    cursor_to(page, house.scene.spare)
    press(page, "c")
    expect(page.locator("#toasts")).to_contain_text("Claimed.")
    page.clock.fast_forward(31_000)
    expect(page.locator("#queue-changes a")).to_have_count(0)
    house.meanwhile("one_more_order")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    seen = len(asked)
    page.clock.fast_forward(61_000)
    assert len(asked) == seen, "a page that nobody looks at asked"
    page.evaluate("delete document.hidden")
    page.clock.fast_forward(31_000)
    expect(page.locator("#queue-changes a")).to_contain_text("1 change, refresh")
    expect(page.locator("#announcer")).to_have_text("1 change, refresh")
    expect(page.locator("[data-row]")).to_have_count(before)
    current = page.locator("[data-row].cur").get_attribute("id")
    press(page, "r")
    expect(page.locator("[data-row]")).to_have_count(before + 1)
    expect(page.locator(f"#{current}")).to_be_focused()
    expect(page.locator("#queue-changes a")).to_have_count(0)


def test_the_keys_of_an_item(enter: Any, house: Any) -> None:
    page = enter("dee")
    page.goto(f"{QUEUE}?view=unassigned")
    press(page, "j", "Enter")
    page.wait_for_url("**/items/**")
    first = page.url
    press(page, "j")
    page.wait_for_url(lambda url: url != first)
    assert "view=unassigned" in page.url
    press(page, "k")
    page.wait_for_url(first)
    press(page, "d")
    expect(page.locator("#step-title")).to_be_focused()
    press(page, "m")
    expect(page.locator("#note-body")).to_be_focused()
    page.keyboard.type("Half a note")
    press(page, "Escape", "Escape")
    assert page.url == first, "Escape left a page with typed text"
    page.fill("#note-body", "")
    page.locator("#note-body").blur()
    press(page, "Escape")
    page.wait_for_url(f"**{QUEUE}?view=unassigned")


def test_the_keys_of_a_decision(enter: Any, house: Any) -> None:
    page = enter("omar")
    page.goto(f"/staff/items/{house.scene.approval}/decide/")
    for key, choice, then in (
        ("2", "more_information", "reason"),
        ("3", "reject", "reason"),
        ("1", "approve", "attest-1"),
    ):
        press(page, key)
        expect(page.locator(f"[name=decision][value={choice}]")).to_be_checked()
        expect(page.locator(f"#{then}")).to_be_focused()
        press(page, "Escape")
    page.goto(f"/staff/items/{house.scene.approval}/decide/")
    press(page, "d")
    expect(page.locator("#decision-title")).to_be_focused()
    press(page, "1", "4")
    expect(page.locator("#attest-1")).to_be_checked()
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.type("Looks right to me.")
    press(page, "Control+Enter")
    page.wait_for_url("**/staff/approvals/")


def test_the_keys_that_work_everywhere_and_the_switch_that_rests_them(enter: Any, house: Any) -> None:
    page = enter("max")
    for keys, place in (("gq", "queues"), ("gm", "my-work"), ("ga", "approvals"), ("gs", "service-levels")):
        press(page, *keys)
        page.wait_for_url(f"**/staff/{place}/")
    press(page, "Control+k")
    expect(page.locator("#jump")).to_be_focused()
    press(page, "Escape", "?")
    expect(page.locator("#keys-dialog")).to_be_visible()
    press(page, "Escape")
    expect(page.locator("#keys-dialog")).not_to_be_visible()
    page.goto("/staff/preferences/")
    page.uncheck("#single-keys")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/staff/**")
    page.goto(QUEUE)
    press(page, "j", "x", "g", "m", "?")
    page.wait_for_timeout(200)
    assert page.url.endswith(QUEUE)
    expect(page.locator("[data-row].cur, dialog[open]")).to_have_count(0)
    press(page, "Control+k")
    expect(page.locator("#jump")).to_be_focused()


def test_of_two_at_one_step_the_second_sees_what_the_first_did_and_loses_no_word(enter: Any, house: Any) -> None:
    item = house.meanwhile("one_more_order")["item"]
    worker, lead = enter("dee"), enter("eve")
    for page in (worker, lead):
        page.goto(f"/staff/items/{item}/")
    press(worker, "c")
    expect(worker.locator("#step-form")).to_be_visible()
    lead.reload()
    press(lead, "p")
    lead.check("#priority-dialog [value='1']")
    say_why(lead, "priority-dialog", "The client called twice.")
    expect(lead.locator("#toasts")).to_contain_text("Priority changed.")
    worker.check("[name=address_check][value=confirmed]")
    with worker.expect_response("**/draft/**"):  # what saves itself meets the change as well, and must not do so later
        worker.check("[name=checked_against][value=login]")
    press(worker, "Control+Enter")
    conflict = worker.locator("#step-form #conflict")
    expect(conflict).to_contain_text("Evelyn Carter")
    expect(conflict).to_contain_text("The client called twice.")
    expect(conflict).to_be_focused()
    expect(worker.locator("[name=checked_against][value=login]")).to_be_checked()
    lead.keyboard.press("a")
    lead.select_option("#dialog-to", label="Marcus Oyelaran")
    lead.click("#assign-dialog .btn.primary")
    expect(lead.locator("#toasts")).to_contain_text("Assigned to Marcus Oyelaran.")
    conflict.locator("[name=on_top]").click()
    expect(conflict).to_contain_text("Marcus Oyelaran has it")
    expect(conflict.locator("[name=on_top]")).to_have_count(0)
    expect(worker.locator("[name=checked_against][value=login]")).to_be_checked()


def test_without_a_script_everything_is_there_but_quickness(enter: Any, house: Any) -> None:
    page = enter("eve", java_script_enabled=False)
    page.goto(QUEUE)
    assert page.locator("#queue-changes").inner_html() == ""
    item = page.locator("[data-row]").filter(has_text="Claim").first.get_attribute("id").removeprefix("item-")
    page.check(f"#item-{item} .pick input")
    page.get_by_role("button", name=re.compile("^Priority")).click()
    page.check("[name=priority][value='4']")
    page.fill("[name=reason]", "It can wait.")
    page.get_by_role("button", name="Set the priority").click()
    expect(page.locator("#toasts")).to_contain_text("1 item set to P4.")
    assert priority_of(house, item) == 4
    page.locator(f"#item-{item}").get_by_role("button", name=re.compile("^Claim")).click()
    expect(page.locator(f"#item-{item}")).to_contain_text("Evelyn Carter")
    page.locator("#toasts .link-btn").click()
    expect(page.locator(f"#item-{item}")).to_contain_text("Claim")
