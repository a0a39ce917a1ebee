"""Breaks are the firm's own: no client and no advisor sees one, or is offered one; who works there sees them whole."""

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation

from accounts.models import Client
from accounts.queries import clients_to_order_for, clients_visible_to
from catalog.models import Channel, Product
from catalog.queries import products_for
from notifications.models import Notice
from orders.models import Order
from tests.reconciliation.mornings import MONDAY_NOON, TUESDAY, confirmed, line, pass_time, send, statement


@pytest.fixture
def order(books):
    call = confirmed(books, MONDAY_NOON)
    send("meridian", TUESDAY, statement(line(call, amount="900.00")))
    pass_time(TUESDAY)
    return Order.objects.get(client__kind="house", answers__break_kind="amount")


@pytest.mark.parametrize("name", ["ana", "bo", "xin", "adam"])
def test_nobody_on_the_client_s_side_sees_a_break(books, order, name):
    user = getattr(books, name)
    house = Client.objects.get(kind="house")
    assert not Order.objects.visible_to(user).filter(client=house).exists()
    assert house not in clients_visible_to(user)
    assert house not in clients_to_order_for(user)
    browser = Browser()
    browser.force_login(user)
    for page in ("customer:order", "staff:order"):
        assert browser.get(reverse(page, args=[order.number])).status_code in (302, 403, 404)
    home = browser.get(reverse("customer:home")).content.decode()
    assert order.number not in home
    assert "econciliation" not in home


def test_no_shelf_of_a_client_holds_a_break(books):
    offered = {
        product.code
        for client in (books.ana_client, books.company)
        for channel in Channel.objects.values_list("code", flat=True)
        for product in products_for(client, channel)
    }
    assert offered
    assert not offered & {"reconciliation_break", "critical_break"}


def test_the_firm_itself_is_offered_nothing_that_is_a_client_s(books):
    house = Client.objects.get(kind="house")
    assert Product.objects.filter(audience="any").exists()
    assert {product.audience for product in products_for(house, "staff")} == {"house"}


def test_nobody_is_told_as_if_a_client_had_ordered(books, order):
    assert [notice for notice in Notice.objects.all() if order.number in f"{notice.context} {notice.url}"] == []


@pytest.mark.parametrize(("language", "word"), [("en", "A process"), ("zh-hans", "流程自动开立")])
def test_who_works_there_sees_the_order_and_its_work(books, order, language, word):
    browser = Browser()
    browser.force_login(books.tia)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    with translation.override(language):
        whole = browser.get(reverse("staff:order", args=[order.number]))
        item = browser.get(reverse("staff:item", args=[order.work_items.get().public_id]))
        queue = browser.get(reverse("staff:queue", args=["reconciliation"]))
    assert [page.status_code for page in (whole, item, queue)] == [200, 200, 200]
    assert word in item.content.decode() + whole.content.decode()
    assert order.number in queue.content.decode()


def test_who_oversees_the_branch_sees_that_a_statement_is_waited_for(books):
    pass_time(TUESDAY)
    browser = Browser()
    browser.force_login(books.max)
    listed = browser.get(reverse("staff:waiting")).content.decode()
    assert "tidewater" in listed
    browser.force_login(books.tia)
    assert "tidewater" not in browser.get(reverse("staff:waiting")).content.decode()
