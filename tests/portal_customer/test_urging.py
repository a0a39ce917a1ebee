"""Asking us to hurry, on the client's page: one press, the answer on the page, and when one may again."""

import pytest

from orders.models import Order, Urge
from tests.portal_customer import rows


def page_of(order: Order) -> str:
    return f"/orders/{order.number}/"


def urge_of(order: Order) -> str:
    return f"{page_of(order)}urge/"


def test_one_press_and_the_page_answers_with_the_date_and_when_again(as_user, shop) -> None:
    browser = as_user(shop.ana)
    assert "Ask us to hurry" in browser.get(page_of(shop.order)).text
    response = browser.post(urge_of(shop.order), follow=True)
    assert response.redirect_chain == [(page_of(shop.order), 302)]
    page = response.text
    assert "We have told the team." in page
    assert "We told the team on" in page
    assert "We still expect it by" in page
    assert "You can ask again from" in page
    assert "Mon 23 Nov, 09:00" in page  # it is Friday
    assert "Ask us to hurry" not in page


def test_a_second_press_is_answered_kindly_also_the_advisors(as_user, shop) -> None:
    as_user(shop.ana).post(urge_of(shop.order))
    for who in (shop.ana, shop.gus):
        page = as_user(who).post(urge_of(shop.order), follow=True).text
        assert "We have told the team already. You can ask again from Mon 23 Nov, 09:00." in page
    assert Urge.objects.count() == 1


def test_a_late_order_answers_with_its_new_date(as_user, shop) -> None:
    Order.objects.filter(pk=shop.order.pk).update(promised_at=rows.NOW.replace(day=18))
    page = as_user(shop.ana).post(urge_of(shop.order), follow=True).text
    assert "We expect it by" in page
    assert "We still expect" not in page


@pytest.mark.parametrize("state", ["waiting_on_client", "completed", "rejected", "cancelled"])
def test_where_there_is_nobody_to_hurry_the_page_offers_nothing(as_user, shop, state: str) -> None:
    ended_at = None if state == "waiting_on_client" else rows.NOW
    Order.objects.filter(pk=shop.order.pk).update(state=state, ended_at=ended_at)
    browser = as_user(shop.ana)
    assert "Need it sooner?" not in browser.get(page_of(shop.order)).text
    assert "There is nothing to hurry at the moment." in browser.post(urge_of(shop.order), follow=True).text
    assert not Urge.objects.exists()


def test_a_stranger_finds_nothing_and_staff_see_no_button_in_the_clients_page(as_user, shop) -> None:
    assert as_user(shop.cy).post(urge_of(shop.order)).status_code == 404
    assert "Need it sooner?" not in as_user(shop.dee).get(f"{page_of(shop.order)}as-client/").text
