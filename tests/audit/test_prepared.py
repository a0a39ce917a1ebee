"""Queries that are compiled once give what Django gives."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from audit.prepared import prepared
from orders.models import Order, State
from tests.firm import address_change

pytestmark = pytest.mark.django_db


@prepared
def _with_client(public_id: UUID) -> QuerySet[Order]:
    return Order.objects.filter(public_id=public_id).select_related("client__branch", "product", "slot")


@prepared
def _numbers(state: str, since: datetime, until: datetime) -> QuerySet[Order, str | None]:
    sent = Order.objects.filter(Q(ended_at=None) | Q(ended_at__lte=until), submitted_at__gte=since, state=state)
    return sent.order_by("-pk").values_list("number", flat=True)


@prepared
def _part(order_id: int) -> QuerySet[Order]:
    return Order.objects.filter(pk=order_id).defer("answers")


@pytest.fixture
def order(firm, now) -> Order:
    return address_change(firm, now)


def test_rows_with_what_belongs_to_them_are_those_of_django(order, django_assert_num_queries):
    plain = Order.objects.select_related("client__branch", "product", "slot").get(public_id=order.public_id)
    _with_client(order.public_id)
    with django_assert_num_queries(1):
        [asked] = _with_client(order.public_id)
        assert asked.client.branch.code == plain.client.branch.code
        assert asked.slot is None
    assert _columns(asked) == _columns(plain)
    assert _columns(asked.product) == _columns(plain.product)


def test_the_statement_is_that_of_django(order):
    with CaptureQueriesContext(connection) as asked:
        _with_client(order.public_id)
    with CaptureQueriesContext(connection) as plain:
        list(_with_client.__wrapped__(order.public_id))
    assert asked[0]["sql"] == plain[0]["sql"]


def test_several_arguments_each_stand_where_they_belong(order, now):
    later = order.submitted_at.replace(year=2030)
    assert _numbers(order.state, order.submitted_at, now) == [order.number]
    assert _numbers(State.COMPLETED, order.submitted_at, now) == []
    assert _numbers(order.state, later, now) == []


def test_nobody_s_row_is_an_empty_list(order):
    assert _with_client(UUID(int=7)) == []


def test_what_was_left_out_is_read_when_it_is_asked_for(order, django_assert_num_queries):
    [asked] = _part(order.pk)
    with django_assert_num_queries(1):
        assert asked.answers == order.answers


def test_two_askers_do_not_share_rows(order):
    first, second = _part(order.pk), _part(order.pk)
    assert first == second
    assert first[0] is not second[0]


def test_an_argument_that_decides_how_the_query_looks_is_refused(order):
    @prepared
    def _branching(order_id: int) -> QuerySet[Order]:
        return Order.objects.filter(pk=order_id) if order_id == 1 else Order.objects.filter(pk=order_id, slot=None)

    with pytest.raises(TypeError, match="argument 1 changes it"):
        _branching(order.pk)


def _columns(row: Model) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
