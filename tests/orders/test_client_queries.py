"""The lists of the client's side: only the reader's own, and in how many statements."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from orders import client_queries
from tests.portal_customer import rows
from tests.portal_customer.rows import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> SimpleNamespace:
    """ana and cy, strangers, each with one open order that asks something and one draft."""
    product = rows.make_product()
    found = SimpleNamespace(product=product)
    for name in ("ana", "cy"):
        user, client = rows.make_user(f"{name}-q", name, "client"), rows.make_client(f"Q-{name}")
        rows.let(user, client)
        order = rows.make_order(client, product, user)
        draft = rows.make_order(client, product, user, state="draft")
        asked, paper = rows.ask(order), rows.attach(order, user)
        setattr(found, name, SimpleNamespace(**locals()))
        client_queries.order_page(user, NOW)  # the reader's rights and roles are read once a request
    return found


def test_to_dos_are_the_readers_own_in_one_statement(two, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        todos = client_queries.to_dos(two.ana.user)
    assert [todo.number for todo in todos] == [two.ana.order.number]
    assert todos[0].wants_document


def test_answered_closed_and_ended_ask_nothing(two) -> None:
    rows.ask(two.ana.order, task=2, answered_at=NOW)
    rows.ask(two.ana.order, task=3, closed_at=NOW)
    assert len(client_queries.to_dos(two.ana.user)) == 1
    type(two.ana.order).objects.filter(pk=two.ana.order.pk).update(state="completed", ended_at=NOW)
    assert client_queries.to_dos(two.ana.user) == []


def test_drafts_are_the_authors_own_in_one_statement(two, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        drafts = client_queries.drafts(two.ana.user)
    assert [draft.public_id for draft in drafts] == [two.ana.draft.public_id]


def test_a_draft_is_found_by_id_and_by_key_for_its_author_only(two) -> None:
    draft = two.ana.draft
    assert client_queries.own_draft(two.ana.user, draft.public_id) == draft
    assert client_queries.own_draft(two.cy.user, draft.public_id) is None
    assert client_queries.draft_by_key(two.ana.user, draft.idempotency_key) == draft
    assert client_queries.draft_by_key(two.cy.user, draft.idempotency_key) is None


def test_counts_leave_drafts_out(two) -> None:
    assert client_queries.count_orders(two.ana.user) == {"open": 1, "ended": 0}


def test_a_right_on_the_product_shows_no_client_lists(two) -> None:
    """What somebody sees as staff is not theirs as a client."""
    rows.let_see(two.ana.user, two.product, two.ana.client.branch)
    reader = type(two.ana.user).objects.get(pk=two.ana.user.pk)
    lines, _ = client_queries.order_page(reader, NOW)
    assert [line.number for line in lines] == [two.ana.order.number]
    assert [todo.number for todo in client_queries.to_dos(reader)] == [two.ana.order.number]


def test_a_page_of_orders_takes_three_statements_and_one_more_to_go_on(two, django_assert_num_queries) -> None:
    for _ in range(4):
        rows.add_milestones(rows.make_order(two.ana.client, two.product, two.ana.user), "Received", "Done")
    with django_assert_num_queries(3):
        _, after = client_queries.order_page(two.ana.user, NOW, size=2)
    with django_assert_num_queries(4):
        client_queries.order_page(two.ana.user, NOW, size=2, after=after)


def test_papers_are_for_who_sees_the_order(two) -> None:
    paper = two.ana.paper
    assert client_queries.document_for(two.ana.user, paper.public_id) == paper
    assert client_queries.document_for(two.cy.user, paper.public_id) is None


def test_a_paper_of_staff_is_for_staff_only(two) -> None:
    dee = rows.make_user("dee-q", "Dee", client_side=False)
    rows.let_see(dee, two.product, two.ana.client.branch)
    paper = rows.attach(two.ana.order, dee)
    assert client_queries.document_for(two.ana.user, paper.public_id) is None
    assert client_queries.document_for(dee, paper.public_id) == paper
    assert str(paper.public_id) not in client_queries.document_names(two.ana.user, two.ana.order)
