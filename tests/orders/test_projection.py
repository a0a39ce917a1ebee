"""What a client sees of an order is an allow-list: status words, steps, requests, messages, papers, answers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Client, User
from catalog.models import Product
from orders.models import Order
from orders.projection import client_line, client_view, details, status_word
from tests.portal_customer import rows
from tests.portal_customer.rows import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return rows.make_user("ana-p", "Ana Ruiz", "client")


@pytest.fixture
def dee() -> User:
    return rows.make_user("dee-p", "Dee Farrow", "operations_analyst", client_side=False)


@pytest.fixture
def product() -> Product:
    return rows.make_product()


@pytest.fixture
def client_row(ana: User) -> Client:
    client = rows.make_client("P-1", name="Ana Ruiz")
    rows.let(ana, client)
    return client


@pytest.fixture
def order(client_row: Client, product: Product, ana: User) -> Order:
    return rows.make_order(client_row, product, ana)


@pytest.mark.parametrize(
    ("state", "promised_in_days", "first_promised_in_days", "word"),
    [
        ("in_progress", 2, 2, "on_track"),
        ("submitted", 2, 2, "on_track"),
        ("waiting_on_client", 2, 2, "on_track"),
        ("exception", 2, 2, "on_track"),
        ("in_progress", 2, 1, "new_date"),
        ("in_progress", 1, 2, "on_track"),
        ("in_progress", -1, -1, "late"),
        ("exception", -1, -2, "late"),
        ("waiting_on_client", -1, -1, "on_track"),
        ("in_progress", None, None, "on_track"),
        ("completed", -1, -1, "complete"),
        ("rejected", 2, 2, "declined"),
        ("cancelled", 2, 2, "cancelled"),
    ],
)
def test_status_word_measures_the_promise_not_the_state(
    state: str, promised_in_days: int | None, first_promised_in_days: int | None, word: str
) -> None:
    def moment(days: int | None):
        return None if days is None else NOW + timedelta(days=days)

    order = Order(state=state, promised_at=moment(promised_in_days), first_promised_at=moment(first_promised_in_days))
    assert status_word(order, NOW) == word


def test_steps_are_done_now_and_next(order: Order, ana: User) -> None:
    rows.add_milestones(order, "Received", "Checked", "Done", reached=1)
    view = client_view(order, ana, NOW)
    assert [(step.name["en"], step.status) for step in view.milestones] == [
        ("Received", "done"),
        ("Checked", "now"),
        ("Done", "next"),
    ]
    assert view.steps_done == 1


def test_a_step_that_a_branch_left_out_is_not_shown(order: Order, ana: User) -> None:
    rows.add_milestones(order, "Received", "Side way", "Done")
    order.milestones.filter(position__in=[1, 3]).update(reached_at=NOW)
    assert [step.name["en"] for step in client_view(order, ana, NOW).milestones] == ["Received", "Done"]


def test_an_ended_order_shows_only_what_it_reached(order: Order, ana: User) -> None:
    rows.add_milestones(order, "Received", "Checked", reached=1)
    Order.objects.filter(pk=order.pk).update(state="cancelled", ended_at=NOW)
    view = client_view(Order.objects.get(pk=order.pk), ana, NOW)
    assert [step.name["en"] for step in view.milestones] == ["Received"]
    assert not view.is_open


def test_open_requests_are_shown_and_answered_ones_are_not(order: Order, ana: User) -> None:
    rows.ask(order, "First", task=1)
    rows.ask(order, "Answered", task=2, answered_at=NOW)
    rows.ask(order, "Closed", task=3, closed_at=NOW)
    view = client_view(order, ana, NOW)
    assert [task.title["en"] for task in view.tasks] == ["First"]
    assert [title["en"] for title in view.asks] == ["First"]


def test_an_ended_order_asks_nothing(order: Order, ana: User) -> None:
    rows.ask(order)
    Order.objects.filter(pk=order.pk).update(state="cancelled", ended_at=NOW)
    view = client_view(Order.objects.get(pk=order.pk), ana, NOW)
    assert view.tasks == ()
    assert view.asks == ()


def test_of_staff_the_client_reads_the_first_name_only(order: Order, ana: User, dee: User) -> None:
    rows.write(order, dee, "We have it.")
    (message,) = client_view(order, ana, NOW).messages
    assert message.author == "Dee"


def test_own_messages_have_no_author_and_a_colleagues_have_the_full_name(order: Order, ana: User) -> None:
    bo = rows.make_user("bo-p", "Bo Lindqvist", "client")
    rows.write(order, ana, "Mine")
    rows.write(order, bo, "His")
    assert [message.author for message in client_view(order, ana, NOW).messages] == ["", "Bo Lindqvist"]


def test_internal_notes_and_papers_of_staff_are_left_out(order: Order, ana: User, dee: User) -> None:
    rows.write(order, dee, "Only for us", internal=True)
    rows.attach(order, dee, "screening.pdf")
    rows.attach(order, ana, "bill.pdf")
    view = client_view(order, ana, NOW)
    assert view.messages == ()
    assert [document.name for document in view.documents] == ["bill.pdf"]


def test_a_client_gets_no_advisors_facts_even_when_the_holder_is_told(order: Order, ana: User) -> None:
    assert client_view(order, ana, NOW, holder="Dee Farrow").advisor is None


def test_an_advisor_sees_holder_deadline_and_band(order: Order) -> None:
    gus = rows.make_user("gus-p", "Gus Adler", "advisor")
    order.due_at, order.band = NOW, "yellow"
    facts = client_view(order, gus, NOW, holder="Dee Farrow").advisor
    assert facts is not None
    assert (facts.holder, facts.due_at, facts.band) == ("Dee Farrow", NOW, "yellow")


def test_details_are_typed_and_leave_out_constants_papers_and_empty_answers() -> None:
    answers = {
        "kind": "address",
        "account_number": "HL-123456",
        "scope": "one",
        "which": "Savings",
        "fee": "1250.50",
        "from_day": "2026-12-01",
        "paperless": True,
        "proof": "0198c1de-0000-7000-8000-000000000000",
        "remarks": "",
    }
    found = {detail.field: (detail.kind, detail.value) for detail in details(rows.FORM, answers)}
    assert found.pop("fee")[1].amount == Decimal("1250.50")
    assert found == {
        "account_number": ("text", "HL-123456"),
        "scope": ("choice", {"en": "One of them", "zh-Hans": "单个"}),
        "which": ("text", "Savings"),
        "from_day": ("date", date(2026, 12, 1)),
        "paperless": ("yes_no", True),
    }


def test_a_detail_that_is_still_wrong_is_shown_as_typed() -> None:
    found = list(details(rows.FORM, {"fee": "a lot", "from_day": "soon"}))
    assert [(detail.kind, detail.value) for detail in found] == [("text", "a lot"), ("text", "soon")]


def test_answers_that_the_form_does_not_ask_are_left_out() -> None:
    assert list(details(rows.FORM, {"risk_score": "HIGH"})) == []


def test_no_staff_side_word_is_in_the_projection(order: Order, ana: User, dee: User) -> None:
    rows.add_milestones(order, "Received", reached=1)
    rows.ask(order, node="PLANTED-node")
    rows.write(order, dee, "PLANTED note", internal=True)
    order.band, order.ended_reason, order.resume_state = "PLANTED-band", "PLANTED reason", "PLANTED-state"
    order.answers["screening"] = "PLANTED answer"
    order.priority, order.ledger_seq = 9, 4711
    shown = repr(asdict(client_view(order, ana, NOW, holder="PLANTED holder")))
    assert "PLANTED" not in shown
    assert "4711" not in shown
    assert "Farrow" not in shown


def test_a_line_says_the_same_as_the_page(order: Order, ana: User) -> None:
    rows.add_milestones(order, "Received", "Done", reached=1)
    rows.ask(order)
    line, page = client_line(order, ana, NOW), client_view(order, ana, NOW)
    assert (line.status, line.milestones, line.asks) == (page.status, page.milestones, page.asks)


def test_the_page_takes_five_statements_and_one_for_the_readers_roles(
    order: Order, ana: User, django_assert_num_queries
) -> None:
    rows.add_milestones(order, "Received", "Done", reached=1)
    for _ in range(3):
        rows.write(order, ana, "Hello")
        rows.attach(order, ana)
    order = Order.objects.select_related("product", "client", "branch", "slot").get(pk=order.pk)
    reader = User.objects.get(pk=ana.pk)
    with django_assert_num_queries(6):
        client_view(order, reader, NOW)


def test_a_reader_who_is_nobody_sees_no_more_than_a_client(order: Order) -> None:
    assert client_view(order, AnonymousUser(), NOW).advisor is None
    assert client_view(order, None, NOW).advisor is None
