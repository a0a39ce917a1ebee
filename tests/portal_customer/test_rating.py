"""Rating on the client's page: one press for the stars, then the words if they like."""

import pytest

from orders.models import Order, Rating
from tests.portal_customer import rows


@pytest.fixture
def done(shop) -> Order:
    """ana's order, completed."""
    Order.objects.filter(pk=shop.order.pk).update(state="completed", ended_at=rows.NOW)
    return shop.order


def page_of(order: Order) -> str:
    return f"/orders/{order.number}/"


def test_one_press_for_the_stars_then_the_words(as_user, shop, done) -> None:
    browser = as_user(shop.ana)
    page = browser.get(page_of(done)).text
    assert "How did it go?" in page
    assert "4 of 5 stars" in page
    response = browser.post(f"{page_of(done)}rate/", {"stars": "4"}, follow=True)
    assert response.redirect_chain == [(f"{page_of(done)}#rating", 302)]
    assert "Your rating" in response.text
    assert "What went well, what could be better?" in response.text
    page = browser.post(f"{page_of(done)}rate/words/", {"comment": "The letter came late."}, follow=True).text
    assert "The letter came late." in page
    assert "What went well" not in page
    assert Rating.objects.values_list("stars", "comment").get() == (4, "The letter came late.")


def test_a_second_rating_changes_nothing(as_user, shop, done) -> None:
    browser = as_user(shop.ana)
    for stars in ("5", "1"):
        page = browser.post(f"{page_of(done)}rate/", {"stars": stars}, follow=True).text
    assert "We have your rating already." in page
    assert Rating.objects.get().stars == 5


@pytest.mark.parametrize("stars", ["", "0", "6", "12", "five"])
def test_other_numbers_are_refused_at_the_stars(as_user, shop, done, stars: str) -> None:
    response = as_user(shop.ana).post(f"{page_of(done)}rate/", {"stars": stars})
    assert response.status_code == 422
    assert "Choose one to five stars." in response.text
    assert not Rating.objects.exists()


def test_too_many_words_stay_on_the_page(as_user, shop, done) -> None:
    browser = as_user(shop.ana)
    browser.post(f"{page_of(done)}rate/", {"stars": "2"})
    response = browser.post(f"{page_of(done)}rate/words/", {"comment": "long " * 250})
    assert response.status_code == 422
    assert "Use at most 1000 characters." in response.text
    assert "long long" in response.text


def test_an_open_order_and_an_advisor_are_not_asked(as_user, shop) -> None:
    assert "How did it go?" not in as_user(shop.ana).get(page_of(shop.order)).text
    Order.objects.filter(pk=shop.order.pk).update(state="completed", ended_at=rows.NOW)
    browser = as_user(shop.gus)
    assert "How did it go?" not in browser.get(page_of(shop.order)).text
    assert browser.post(f"{page_of(shop.order)}rate/", {"stars": "3"}).status_code == 403
    assert as_user(shop.cy).post(f"{page_of(shop.order)}rate/", {"stars": "3"}).status_code == 404
    Rating.objects.create(order=shop.order, by=shop.ana, stars=1, comment="Zyx-plant", rated_at=rows.NOW)
    assert "Zyx-plant" not in as_user(shop.gus).get(page_of(shop.order)).text
