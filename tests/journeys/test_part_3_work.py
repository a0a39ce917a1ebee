"""An analyst's day: the queue by what is due, one key to claim, the item's page, and two people at one item."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import cursor_to, say_why

pytestmark = pytest.mark.browser
QUEUE = "/staff/queues/maintenance/"


def test_an_analyst_claims_by_key_pends_resumes_releases_and_completes(enter, house):
    item, page = house.scene.item, enter("dee")
    page.goto(QUEUE)
    shown = page.locator("[data-row]").evaluate_all("rows => rows.map(row => row.id.replace('item-', ''))")
    assert len(shown) > 2
    assert shown == by_due_time(house, shown)
    row = cursor_to(page, item)
    page.keyboard.press("c")
    expect(row).to_contain_text("Dana Whitfield")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/staff/items/{item}/**")
    expect(page.locator("#main")).to_contain_text("Ana Whitmore")
    expect(page.locator(".diagram-box svg .now").first).to_be_attached()
    page.click("[data-dialog=pend-dialog]")
    say_why(page, "pend-dialog", "Waiting for the post.")
    expect(page.locator("#main")).to_contain_text("Waiting for the post.")
    page.click("form[action$='/resume/'] button")
    expect(page.locator("#step-form")).to_be_visible()
    page.keyboard.press("u")
    say_why(page, "release-dialog", "Going home.")
    expect(page.locator("form[action$='/claim/']")).to_be_visible()
    page.keyboard.press("c")
    page.check("[name=address_check][value=confirmed]")
    page.check("[name=checked_against][value=login]")
    page.click("button[name=then][value=order]")
    page.wait_for_url(f"**/staff/orders/{house.scene.order}/")
    expect(page.locator("#main")).to_contain_text("Enter the new address")
    facts = house.rows("SELECT fact FROM audit_entry WHERE subject = ? ORDER BY id", f"work.item:{item}")
    verbs = [fact.removeprefix("work.item.") for (fact,) in facts]
    assert verbs == ["opened", "claimed", "pended", "resumed", "released", "claimed", "completed"]


def test_of_two_who_claim_one_item_the_second_is_told_by_whom(enter, house):
    item = house.scene.spare
    first, second = enter("dee"), enter("dov")
    for page in (first, second):
        page.goto(QUEUE)
        cursor_to(page, item)
    first.keyboard.press("c")
    expect(first.locator(f"#item-{item}")).to_contain_text("Dana Whitfield")
    second.keyboard.press("c")
    expect(
        second.locator("#toasts, [role=status], [role=alert]").filter(has_text="Dana Whitfield").first
    ).to_be_visible()
    expect(second.locator(f"#item-{item}")).to_contain_text("Dana Whitfield")
    claims = house.rows(
        "SELECT count(*) FROM audit_entry WHERE subject = ? AND fact = 'work.item.claimed'", f"work.item:{item}"
    )
    assert claims == [(1,)]


def test_from_the_queue_to_done_by_keyboard_alone(enter, house):
    page, item = enter("dov"), house.meanwhile("one_more_order")["item"]
    page.goto(QUEUE)
    cursor_to(page, item)
    page.keyboard.press("c")
    expect(page.locator(f"#item-{item}")).to_contain_text("Marcus Oyelaran")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/staff/items/{item}/**")
    answer_by_keyboard(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: item not in url)
    assert house.rows("SELECT state FROM work_workitem WHERE public_id = ?", item.replace("-", "")) == [("completed",)]


def answer_by_keyboard(page):
    """Tab to each question, the arrow or the space bar to answer, text by typing."""
    for _ in range(120):
        page.keyboard.press("Tab")
        kind = page.evaluate(
            "() => { const at = document.activeElement; return at.form?.id === 'step-form' ? at.type : '' }"
        )
        if kind == "radio":
            page.keyboard.press("Space")
        elif kind == "text":
            page.keyboard.type("REC-1001")
        elif kind == "submit":
            return
    raise AssertionError("the form's buttons were not reached by Tab")


def by_due_time(house, items):
    """The same items by the time they are due."""
    due = dict(house.rows("SELECT public_id, due_at FROM work_workitem"))
    return sorted(items, key=lambda item: due[item.replace("-", "")])
