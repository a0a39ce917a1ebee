"""Rows are written by known statements as Django would write them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models
from django.db.models import Model

from audit.writing import EXACTLY, Columns, insert, update, written
from orders.models import Order, State
from tests.firm import address_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(firm, now) -> Order:
    return address_change(firm, now)


def test_rows_written_at_once_are_those_that_django_would_write(order, now, monkeypatch):
    monkeypatch.setattr("audit.writing.MOST_AT_ONCE", 2)
    made = [_history(order, now, state) for state in ("draft", "submitted", "completed")]
    insert(made)
    written = list(Order.history.order_by("-history_id")[:3])[::-1]
    assert [row.pk for row in made] == [row.pk for row in written]
    assert [_columns(row) for row in made] == [_columns(row) for row in written]


def test_nothing_to_write_asks_nothing(order, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert([])


def test_a_row_is_written_as_django_would_write_it(order, now):
    order.answers, order.ended_at, order.version = {"b": [1, None], "a": "甲"}, now, order.version + 1
    update(order)
    assert _columns(Order.objects.get(pk=order.pk)) == _columns(order)


def test_only_what_is_named_and_what_was_read_is_written(order):
    part = Order.objects.defer("answers").get(pk=order.pk)
    part.ended_reason, part.resume_state = "moved away", State.IN_PROGRESS
    update(part, ["ended_reason"])
    kept = Order.objects.get(pk=order.pk)
    assert (kept.ended_reason, kept.resume_state, kept.answers) == ("moved away", order.resume_state, order.answers)
    update(part)
    assert Order.objects.get(pk=order.pk).resume_state == State.IN_PROGRESS
    assert "answers" in part.get_deferred_fields()


def test_a_row_that_is_gone_is_not_written(order):
    order.pk = 0
    with pytest.raises(DatabaseError, match="no longer there"):
        update(order, ["ended_reason"])


def _history(order: Order, now: datetime, state: str) -> Model:
    tracked = Order.history.model
    kept = {field.attname: getattr(order, field.attname) for field in tracked.tracked_fields}
    about = {"history_date": now, "history_type": "~", "history_change_reason": UUID(int=5)}
    return tracked(**{**kept, **about, "state": state})


def _columns(row: Model) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


VALUES = {
    bool: [True, False],
    int: [0, -1, 2**31],
    str: ["", "中", "17", "a'b"],
    datetime: [datetime(2026, 3, 8, 1, 59, 59, 999_999, UTC), datetime(1999, 12, 31, tzinfo=UTC)],
    UUID: [UUID(int=7)],
}


def test_what_is_not_asked_of_a_field_is_what_it_would_have_said():
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    unasked = [(field, written(field)) for field in fields if written(field).exactly]
    assert {type(field) for field, _one in unasked} >= {*EXACTLY} - {models.BigIntegerField, models.SmallIntegerField}
    for field, one in unasked:
        for value in [None, *VALUES[one.exactly]]:
            row = field.model.__new__(field.model)
            row.__dict__[field.attname] = value
            assert Columns(field.model, (one,)).values(row, True, connection) == [
                field.get_db_prep_save(value, connection)
            ]
