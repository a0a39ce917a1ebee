"""An order's page for staff: asking to hurry from there, and what the client thought of it."""

from __future__ import annotations

from django.urls import reverse

from audit.actors import Actor
from orders import actions as orders
from tests.firm import open_item
from tests.sla.played import finish


def page_of(order) -> str:
    return reverse("staff:order", args=[order.number])


def test_a_colleague_asks_to_hurry_as_often_as_needed_and_the_page_counts(firm, now, desk, as_user) -> None:
    browser, address = as_user(firm.dee), reverse("staff:urge", args=[desk.order.number])
    assert "Ask to hurry" in browser.get(page_of(desk.order)).text
    orders.urge_order(desk.order.public_id, actor=Actor.of(firm.ana), now=now)
    assert "Urged once" in browser.get(page_of(desk.order)).text
    page = browser.post(address, follow=True)
    assert page.redirect_chain == [(page_of(desk.order), 302)]
    assert "Urged 2 times" in page.text
    assert "asked to hurry" in page.text  # in the activity
    assert open_item(desk.order).priority == 2


def test_what_has_ended_cannot_be_urged(firm, now, desk, as_user) -> None:
    finish(desk.order, firm.dee, now)
    browser = as_user(firm.dee)
    assert "Ask to hurry" not in browser.get(page_of(desk.order)).text
    assert browser.post(reverse("staff:urge", args=[desk.order.number])).status_code == 409


def test_stars_and_words_of_the_client_stand_on_the_page_and_on_the_board(firm, now, desk, as_user) -> None:
    finish(desk.order, firm.dee, now)
    orders.rate_order(desk.order.public_id, stars=4, comment="Quick.", actor=Actor.of(firm.ana), now=now)
    page = as_user(firm.dee).get(page_of(desk.order)).text
    assert "The client&#x27;s rating" in page or "The client's rating" in page
    assert "4 of 5 stars" in page
    assert "Quick." in page
    board = as_user(firm.max).get(reverse("staff:board"), {"period": "quarter"}).text
    assert "of 1 rating" in board
