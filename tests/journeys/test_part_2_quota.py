"""Two clients want the last place: one has it, the other is told at the field and keeps what was typed."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import COMPANY, check_answers, fill_company, number_of, send

pytestmark = pytest.mark.browser
ENGLISH = {"name": "django_language", "value": "en"}


def test_the_last_place_is_given_once(enter, house):
    first, second = (at_the_check(enter(who), house) for who in ("xin", "c-0055"))
    send(first)
    number_of(first)
    send(second)
    field = second.locator(".field:has([name=appointment])")
    expect(field.locator(".err-msg, [id$=error]").first).to_be_visible()
    expect(second.locator("[name=company_name]")).to_have_value(COMPANY["company_name"])
    second.select_option("[name=appointment]", house.scene.other_place)
    check_answers(second)
    send(second)
    number_of(second)
    taken = house.rows("SELECT capacity, taken FROM catalog_slot WHERE taken > 0 ORDER BY starts_at")
    assert taken == [(1, 1), (1, 1)]


def at_the_check(page, house):
    page.context.add_cookies([{**ENGLISH, "url": house.url}])
    page.goto("/new/corporate_account_opening/")
    fill_company(page, house.scene.last_place)
    check_answers(page)
    return page
