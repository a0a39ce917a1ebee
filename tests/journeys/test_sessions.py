"""When a session ends: nothing of it is shown any more, and who comes back finds the page they were on."""

from __future__ import annotations

from typing import Any

import pytest

from demo.load import PASSWORD

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("who", "first", "second"), [("ana", "/home/", "/orders/"), ("dee", "/staff/queues/", "/staff/")]
)
def test_the_button_back_after_signing_out_shows_the_log_in(look_in: Any, who: str, first: str, second: str) -> None:
    page = look_in(who)
    page.goto(first)
    page.goto(second)
    page.locator("details.menu > summary").last.click()
    page.get_by_role("button", name="Sign out").last.click()
    page.wait_for_url("**/account/login/**")
    for _step in range(2):
        page.go_back()
        page.wait_for_url("**/account/login/**")
        assert page.locator("[name=password]").is_visible()


def test_a_filter_after_the_sessions_end_leads_to_the_log_in_and_back_to_the_queue(look_in: Any) -> None:
    page = look_in("dee")
    page.goto("/staff/queues/maintenance/?view=open")
    page.context.clear_cookies(name="sessionid")
    page.select_option("[name=band]", "green")
    page.wait_for_url("**/account/login/**")
    page.fill("[name=login]", "dana")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/staff/queues/maintenance/?view=open")
