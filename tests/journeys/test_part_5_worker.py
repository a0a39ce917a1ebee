"""The real worker under its watchdog turns a band, escalates, and delivers the notice, while the site runs."""

import time

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PATIENCE_SECONDS = 150


def test_the_worker_finds_a_late_order_turns_it_and_tells_the_team(enter, house):
    late = house.meanwhile("late_order")
    assert late["band"] == "green"
    worker = house.start_worker()
    wait_for(house, "SELECT band FROM orders_order WHERE number = ?", late["order"], wanted="breached")
    ref = house.rows("SELECT public_id FROM orders_order WHERE number = ?", late["order"])[0][0]
    told = "SELECT count(*) > 0 FROM notifications_notice WHERE url LIKE ?"
    wait_for(house, told, f"%{late['order']}%", wanted=1)
    facts = {fact for (fact,) in house.rows("SELECT fact FROM audit_entry WHERE order_ref LIKE ?", dashed(ref))}
    assert {"sla.clock.breached", "sla.escalation.raised"} <= facts
    lead = enter("eve")
    lead.goto("/staff/notices/")
    expect(lead.locator("#main")).to_contain_text(late["order"])
    lead.goto("/staff/queues/maintenance/?view=breached")
    expect(lead.locator("#queue")).to_contain_text(late["order"])
    assert worker.poll() is None


def wait_for(house, sql, value, *, wanted):
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if house.rows(sql, value)[0][0] == wanted:
            return
        time.sleep(0.5)
    raise AssertionError(f"{wanted} did not come: {house.said()}")


def dashed(text):
    text = text.replace("-", "")
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
