"""The list of orders and an order's own page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orders.client_queries import order_page
from orders.models import Order
from orders.refusals import WrongMoment
from sla.models import Breach, Clock
from tests.portal_customer import rows
from tests.portal_customer.rows import NOW


def page_of(order: Order) -> str:
    return f"/orders/{order.number}/"


@pytest.fixture
def many(shop) -> list[Order]:
    """Forty-five open orders of ana's, five of them sent at the same instant."""
    return [
        rows.make_order(shop.ana_client, shop.product, shop.ana, submitted_at=NOW + timedelta(minutes=max(number, 5)))
        for number in range(45)
    ]


def test_the_list_shows_open_orders_and_on_request_the_ended_ones(as_user, shop) -> None:
    ended = rows.make_order(shop.ana_client, shop.product, shop.ana, state="completed", ended_at=NOW)
    browser = as_user(shop.ana)
    now_open, closed = browser.get("/orders/").text, browser.get("/orders/", {"show": "ended"}).text
    assert shop.order.number in now_open
    assert ended.number not in now_open
    assert ended.number in closed
    assert shop.order.number not in closed


def test_pages_by_key_show_every_order_once(shop, many) -> None:
    seen, after = [], ""
    while True:
        lines, after = order_page(shop.ana, NOW, after=after)
        seen += [line.number for line in lines]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 46
    assert set(seen) == {order.number for order in [*many, shop.order]}


def test_show_more_leads_on_without_a_script_and_gives_htmx_the_lines(as_user, shop, many) -> None:
    browser = as_user(shop.ana)
    first = browser.get("/orders/")
    after = first.context["more"]
    assert f"after={after}" in first.text
    more = browser.get("/orders/", {"after": after}, headers={"HX-Request": "true"}).text
    assert "<html" not in more
    assert many[0].number not in first.text


def test_a_wrong_key_starts_from_the_beginning(shop, many) -> None:
    lines, _ = order_page(shop.ana, NOW, after=shop.foreign.number)
    assert lines[0].number == many[-1].number


def test_an_advisor_filters_by_client(as_user, shop) -> None:
    other = rows.make_order(shop.bea_client, shop.product, shop.gus)
    page = as_user(shop.gus).get("/orders/", {"client": shop.bea_client.ref}).text
    assert other.number in page
    assert shop.order.number not in page


def test_the_list_takes_three_statements(shop, many, django_assert_num_queries) -> None:
    order_page(shop.ana, NOW)  # the reader's rights are read once a request
    with django_assert_num_queries(3):
        order_page(shop.ana, NOW)


def test_the_page_shows_promise_steps_details_and_thread(as_user, shop) -> None:
    rows.write(shop.order, shop.dee, "We have it.")
    page = as_user(shop.ana).get(page_of(shop.order)).text
    for words in ("Wednesday 25 November", "On track", "Received", "We are working on it", "HL-123456", "All of them"):
        assert words in page
    assert "We have it." in page
    assert "<b>Dee</b>" in page


def test_what_we_ask_stands_above_the_steps(as_user, shop) -> None:
    asked = rows.ask(shop.order, "Proof of address")
    page = as_user(shop.ana).get(page_of(shop.order)).text
    assert page.index("Your turn: Proof of address") < page.index('id="progress"')
    assert f"/orders/{shop.order.number}/requests/{asked.public_id}/" in page
    assert 'type="file"' in page


def test_a_late_order_says_so_and_a_moved_date_names_the_first(as_user, shop) -> None:
    browser = as_user(shop.ana)
    Order.objects.filter(pk=shop.order.pk).update(promised_at=NOW - timedelta(days=1))
    page = browser.get(page_of(shop.order)).text
    for words in ("Late, we are on it", "We now expect it by", "Monday 23 November", "Thu 19 Nov"):
        assert words in page
    assert "This step takes longer than planned: Checked." in page
    moved = {"promised_at": NOW + timedelta(days=3), "first_promised_at": NOW + timedelta(days=2)}
    Order.objects.filter(pk=shop.order.pk).update(**moved)
    page = browser.get(page_of(shop.order)).text
    assert "New date agreed" in page
    assert "The first date was" in page


def test_a_cause_that_clients_may_know_is_the_reason(as_user, shop) -> None:
    Order.objects.filter(pk=shop.order.pk).update(promised_at=NOW - timedelta(days=1))
    clock = Clock.objects.create(
        order=shop.order, target="1bd", calendar="US-OFFICE", started_at=NOW, due_at=NOW, yellow_at=NOW, red_at=NOW,
        window_seconds=1, reckoned_at=NOW,
    )  # fmt: skip
    breach = Breach.objects.create(clock=clock, breached_at=NOW, cause="custodian", explanation="Zyx-plant")
    browser = as_user(shop.ana)
    assert "The other institution has not answered us yet." in browser.get(page_of(shop.order)).text
    Breach.objects.filter(pk=breach.pk).update(cause="priority")  # not theirs to know
    assert "takes longer than planned" in browser.get(page_of(shop.order), headers={"HX-Request": "true"}).text


def test_while_it_is_the_clients_turn_nothing_is_late_and_the_date_follows(as_user, shop) -> None:
    rows.ask(shop.order)
    Order.objects.filter(pk=shop.order.pk).update(state="waiting_on_client", promised_at=NOW - timedelta(days=1))
    page = as_user(shop.ana).get(page_of(shop.order)).text
    assert "Late" not in page
    assert "We name the date when we have your answer" in page


def test_the_poll_gets_the_steps_only(as_user, shop) -> None:
    response = as_user(shop.ana).get(page_of(shop.order), headers={"HX-Request": "true"})
    assert response.text.strip().startswith("<section")
    assert "Messages" not in response.text
    assert "HX-Request" in response["Vary"]


def test_the_advisor_sees_holder_deadline_and_band(as_user, shop, held_item) -> None:
    Order.objects.filter(pk=shop.order.pk).update(band="yellow", due_at=NOW)
    page = as_user(shop.gus).get(page_of(shop.order)).text
    assert "For you as advisor" in page
    assert "Dee Farrow" in page
    assert "At risk" in page


def test_the_client_sees_none_of_that(as_user, shop, held_item) -> None:
    Order.objects.filter(pk=shop.order.pk).update(band="yellow", due_at=NOW)
    page = as_user(shop.ana).get(page_of(shop.order)).text
    assert "For you as advisor" not in page
    assert "Farrow" not in page
    assert "At risk" not in page


def test_an_ended_order_cannot_be_cancelled_or_polled(as_user, shop) -> None:
    Order.objects.filter(pk=shop.order.pk).update(state="completed", ended_at=NOW)
    browser = as_user(shop.ana)
    page = browser.get(page_of(shop.order)).text
    assert "Cancel this order" not in page
    assert "data-poll" not in page
    assert browser.post(f"{page_of(shop.order)}cancel/", {"reason": "x"}).status_code == 302


@pytest.mark.parametrize(
    ("state", "said"),
    [("cancelled", "This order is cancelled already."), ("completed", "This order has ended already.")],
)
def test_a_second_press_on_cancel_leads_to_what_happened(as_user, shop, state: str, said: str) -> None:
    Order.objects.filter(pk=shop.order.pk).update(state=state, ended_at=NOW)
    page = as_user(shop.ana).post(f"{page_of(shop.order)}cancel/", {"reason": "x"}, follow=True)
    assert page.redirect_chain == [(page_of(shop.order), 302)]
    assert said in page.text


def test_two_presses_at_once_lead_to_what_happened_too(as_user, shop, monkeypatch) -> None:
    def beaten(*order, **more) -> None:
        """The other press has just cancelled it."""
        Order.objects.filter(pk=shop.order.pk).update(state="cancelled", ended_at=NOW)
        raise WrongMoment("cancelled", "cancelled")

    monkeypatch.setattr("portal_customer.views.orders.cancel_order", beaten)
    page = as_user(shop.ana).post(f"{page_of(shop.order)}cancel/", {"reason": "x"}, follow=True)
    assert page.redirect_chain == [(page_of(shop.order), 302)]
    assert "This order is cancelled already." in page.text


def test_the_number_of_statements_does_not_grow_with_what_was_written(as_user, shop, django_assert_num_queries) -> None:
    browser = as_user(shop.ana)
    for _ in range(6):
        rows.write(shop.order, shop.dee, "Hello")
        rows.attach(shop.order, shop.ana)
    with django_assert_num_queries(10):
        browser.get(page_of(shop.order))


# --- planted words ---

PLANTED = "Zyx-plant"  # the hyphen keeps it out of random tokens


@pytest.fixture
def planted(shop, held_item) -> list[str]:
    """The order with a marked word in every field that only staff may read; its client's pages."""
    order = shop.order
    rows.ask(order, node=f"{PLANTED}-node")
    rows.write(order, shop.dee, f"{PLANTED} internal note", internal=True)
    rows.attach(order, shop.dee, f"{PLANTED}.pdf")
    held_item.queue.name = rows.both(f"{PLANTED} queue")
    held_item.queue.save()
    type(held_item).objects.filter(pk=held_item.pk).update(
        node=f"{PLANTED}-node", name=rows.both(f"{PLANTED} work"), pend_reason=f"{PLANTED} hold", role=f"{PLANTED}-role"
    )
    for from_client in (True, False):
        order.urges.create(
            by=shop.dee, from_client=from_client, nodes=f"{PLANTED}-node", working_day=NOW.date(), urged_at=NOW
        )
    answers = order.answers | {"risk_rule": f"{PLANTED}-rule"}
    Order.objects.filter(pk=order.pk).update(
        band=PLANTED, ended_reason=f"{PLANTED} reason", resume_state=f"{PLANTED}-state", answers=answers
    )
    return ["/home/", "/orders/", page_of(order), f"{page_of(order)}cancel/", "/orders/?show=ended"]


@pytest.mark.parametrize("state", ["in_progress", "waiting_on_client", "exception", "completed", "rejected"])
def test_no_planted_word_is_on_a_clients_page(as_user, shop, planted, state: str) -> None:
    ended_at = NOW if state in ("completed", "rejected") else None
    Order.objects.filter(pk=shop.order.pk).update(state=state, ended_at=ended_at)
    browser = as_user(shop.ana)
    for page in planted:
        text = browser.get(page, follow=True).text
        assert PLANTED.casefold() not in text.casefold(), page
        for word in ("compliance", "exception", "Farrow", "queue"):
            assert word not in text.split("<main")[1], (page, word)


@pytest.mark.parametrize("state", ["in_progress", "exception"])
def test_no_planted_word_is_in_what_staff_see_as_the_client(as_user, shop, planted, state: str) -> None:
    Order.objects.filter(pk=shop.order.pk).update(state=state)
    text = as_user(shop.dee).get(f"{page_of(shop.order)}as-client/").text
    assert PLANTED.casefold() not in text.casefold()
