"""An examiner finds every step of an order: who, what, when, why, before and after; nobody can change one by SQL."""

import sqlite3

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_every_step_of_an_order_stands_in_the_ledger(enter, house):
    page = enter("judith")
    page.goto("/staff/ledger/")
    page.fill("[name=order]", house.scene.held_order)
    page.click("main form[role=search] .btn.primary")
    written = steps(house)
    facts = [fact for fact, _seq in reversed(written)]
    expect(page.locator("#main tbody .under.ref")).to_have_text(facts)
    page.goto(f"/staff/orders/{house.scene.held_order}/ledger/")
    expect(page.locator("#main tbody .ref")).to_have_text(facts)
    assert [seq for _fact, seq in written] == list(range(1, len(written) + 1))
    page.goto("/staff/ledger/")
    page.fill("[name=order]", house.scene.held_order)
    page.select_option("[name=fact]", "work.item.claimed")
    page.click("main form[role=search] .btn.primary")
    expect(page.locator("#main tbody tr")).to_have_count(1)
    page.locator("#main tbody a[href^='/staff/ledger/']").click()
    main = page.locator("#main")
    for text in ("Dana Whitfield", "work.item.claimed", "Happened", "Why", "Before and after", "was queued"):
        expect(main).to_contain_text(text)


def test_a_reason_stands_beside_what_was_done(enter, house):
    lead = enter("eve")
    lead.goto(f"/staff/items/{house.scene.item}/priority/")
    lead.check("[name=priority][value='1']")
    lead.fill("[name=reason]", "The client moves on Monday.")
    lead.click("main form .btn.primary")
    page = enter("judith")
    page.goto(f"/staff/orders/{house.scene.order}/ledger/")
    row = page.locator("#main tbody tr").filter(has_text="work.item.prioritised")
    for text in ("Evelyn Carter", "The client moves on Monday.", "3", "1"):
        expect(row).to_contain_text(text)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET reason = 'better so'",
        "UPDATE audit_entry SET actor = 'user:1' WHERE id = 1",
        "DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)",
        "DELETE FROM audit_entry",
        "REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = 1",
        "UPDATE OR REPLACE audit_entry SET id = 2 WHERE id = 1",
    ],
)
def test_the_ledger_cannot_be_changed_by_sql(house, sql):
    before = house.rows("SELECT count(*), max(id), group_concat(digest) FROM audit_entry")
    with pytest.raises(sqlite3.DatabaseError):
        house.change(sql)
    assert house.rows("SELECT count(*), max(id), group_concat(digest) FROM audit_entry") == before


def steps(house):
    ref = house.rows("SELECT public_id FROM orders_order WHERE number = ?", house.scene.held_order)[0][0]
    return house.rows(
        "SELECT fact, order_seq FROM audit_entry WHERE replace(order_ref, '-', '') = ? ORDER BY id",
        ref.replace("-", ""),
    )
