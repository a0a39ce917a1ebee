"""The first page: what needs the client, what runs, what can be ordered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orders.models import Order, Rating
from tests.portal_customer import rows
from tests.portal_customer.rows import both

HOME = "/home/"


def test_what_needs_the_client_stands_first(as_user, shop) -> None:
    asked = rows.ask(shop.order, "Proof of address")
    page = as_user(shop.ana).get(HOME).text
    assert "One thing needs you" in page
    assert page.index("Proof of address") < page.index("My orders") < page.index("Start something new")
    assert f"/orders/{shop.order.number}/#r{asked.public_id.hex}" in page


def test_nothing_to_do_shows_no_card(as_user, shop) -> None:
    assert "needs you" not in as_user(shop.ana).get(HOME).text


def test_without_open_orders_a_draft_leaves_one_line_of_it(as_user, shop) -> None:
    Order.objects.filter(pk=shop.order.pk).update(state="cancelled", ended_at=rows.NOW)
    browser = as_user(shop.ana)
    assert 'class="empty"' in browser.get(HOME).text
    rows.make_order(shop.ana_client, shop.product, shop.ana, state="draft")
    page = browser.get(HOME).text
    assert 'class="empty"' not in page
    assert "No open orders. What you began is kept below." in page


def test_open_orders_show_steps_and_the_promised_day(as_user, shop) -> None:
    page = as_user(shop.ana).get(HOME).text
    assert shop.order.number in page
    assert "1 of 3 steps done" in page
    assert "Wed 25 Nov" in page


def test_ended_and_foreign_orders_are_not_among_them(as_user, shop) -> None:
    ended = rows.make_order(shop.ana_client, shop.product, shop.ana, state="rejected", ended_at=rows.NOW)
    page = as_user(shop.ana).get(HOME).text
    assert ended.number not in page
    assert shop.foreign.number not in page


def test_what_is_late_leads_with_its_new_date(as_user, shop) -> None:
    late = rows.make_order(shop.ana_client, shop.product, shop.ana, promised_at=rows.NOW - timedelta(days=1))
    page = as_user(shop.ana).get(HOME).text
    assert page.index(late.number) < page.index(shop.order.number)
    assert "Late, we are on it" in page
    assert "Mon 23 Nov" in page  # two business days after the promise


def test_what_was_done_lately_asks_its_client_for_stars(as_user, shop) -> None:
    def done(days: int) -> Order:
        ended_at = rows.NOW - timedelta(days=days)
        return rows.make_order(shop.ana_client, shop.product, shop.ana, state="completed", ended_at=ended_at)

    new, newest, third, old = done(3), done(1), done(5), done(20)
    page = as_user(shop.ana).get(HOME).text
    assert page.index(shop.order.number) < page.index(newest.number) < page.index(new.number)
    assert page.count("Rate it") == 2
    assert third.number not in page
    assert old.number not in page
    for each in (new, newest, third):
        Rating.objects.create(order=each, by=shop.ana, stars=4, rated_at=rows.NOW)
    assert "Rate it" not in as_user(shop.ana).get(HOME).text
    Rating.objects.all().delete()
    assert "Rate it" not in as_user(shop.gus).get(HOME).text  # an advisor


def test_a_service_says_how_long_it_takes(as_user, shop) -> None:
    promise = {"text": both("Done in three business days.", "三个工作日内办结。")}
    rows.make_product("quick", parameters={"promise": promise})
    assert "Done in three business days." in as_user(shop.ana).get(HOME).text


def test_services_are_those_of_the_shelf(as_user, shop) -> None:
    rows.make_product("hidden", name=both("Hidden service"), is_listed=False)
    rows.make_product("firms_only", name=both("For companies"), audience="company")
    page = as_user(shop.ana).get(HOME).text
    assert "Change of address" in page
    assert "Hidden service" not in page
    assert "For companies" not in page


@pytest.mark.parametrize(
    ("query", "found"), [("address", True), ("ADDRESS change", True), ("地址", True), ("loan", False), ("", True)]
)
def test_services_are_found_by_words_of_either_language(as_user, shop, query: str, found: bool) -> None:
    page = as_user(shop.ana).get(HOME, {"q": query}).text
    assert (f"/new/{shop.product.code}/?client=" in page) is found
    assert ("No service fits" in page) is not found


def test_htmx_gets_the_services_only(as_user, shop) -> None:
    response = as_user(shop.ana).get(HOME, {"q": "address"}, headers={"HX-Request": "true"})
    assert response.text.strip().startswith('<div id="services">')
    assert "HX-Request" in response["Vary"]


def test_an_advisor_chooses_the_client_first(as_user, shop) -> None:
    browser = as_user(shop.gus)
    page = browser.get(HOME).text
    assert "Choose a client first" in page
    assert "ana household" in page
    assert "cy household" not in page
    chosen = browser.get(HOME, {"client": shop.bea_client.ref}).text
    assert f"/new/{shop.product.code}/?client={shop.bea_client.ref}" in chosen


def test_drafts_can_be_gone_on_with(as_user, shop) -> None:
    draft = rows.make_order(shop.ana_client, shop.product, shop.ana, state="draft")
    page = as_user(shop.ana).get(HOME).text
    assert "Begun and not sent" in page
    assert f"/drafts/{draft.public_id}/" in page


def test_the_language_chosen_in_the_browser_holds(as_user, shop) -> None:
    browser = as_user(shop.ana)
    browser.cookies["django_language"] = "zh-hans"
    page = browser.get(HOME)
    assert page["Content-Language"] == "zh-hans"
    assert "地址变更" in page.text


@pytest.mark.parametrize(
    ("kept", "shown"), [("zh-hans", "zh-hans"), ("zh-Hans", "zh-hans"), ("en", "en"), ("xx", "en")]
)
def test_else_the_language_kept_with_the_reader(as_user, shop, kept: str, shown: str) -> None:
    type(shop.ana).objects.filter(pk=shop.ana.pk).update(language=kept)
    page = as_user(shop.ana).get(HOME, headers={"Accept-Language": "fr"})
    assert page["Content-Language"] == shown
    assert ("地址变更" in page.text) is (shown == "zh-hans")


def test_the_number_of_statements_does_not_grow_with_the_orders(as_user, shop, django_assert_num_queries) -> None:
    browser = as_user(shop.ana)
    for _ in range(5):
        order = rows.make_order(shop.ana_client, shop.product, shop.ana)
        rows.add_milestones(order, "Received", "Done", reached=1)
        rows.ask(order)
    with django_assert_num_queries(14):
        browser.get(HOME)
