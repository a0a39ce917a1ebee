"""Going from item to item inside the list that one works through."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit.actors import Actor
from tests.firm import address_change, open_item
from work import actions as work
from work.line import BY_DUE, BY_PRIORITY
from work.models import Queue, WorkItem
from work.neighbours import neighbours
from work.queries import Filters, my_items, narrowed


@pytest.fixture
def queue(firm) -> Queue:
    return Queue.objects.get(code="maintenance")


@pytest.fixture
def items(firm, queue, now) -> list[WorkItem]:
    """Six items in the queue's order: two due at the same instant, two without a due time."""
    made = [open_item(address_change(firm, now, key=f"item-{number}")) for number in range(6)]
    for item, hours in zip(made, [0, 0, 1, 2, None, None], strict=True):
        due = None if hours is None else now + timedelta(hours=hours)
        WorkItem.objects.filter(pk=item.pk).update(due_at=due, band="red" if hours == 0 else "green")
    return list(WorkItem.objects.filter(pk__in=[item.pk for item in made]).order_by("id"))


def test_neighbours_follow_the_order_of_the_queue(firm, queue, items) -> None:
    keys, rows = [item.public_id for item in items], narrowed(queue, "open", firm.dee, Filters())
    for place, item in enumerate(items):
        beside = neighbours(item, rows, BY_DUE)
        assert beside.before == (keys[place - 1] if place else None)
        assert beside.following == (keys[place + 1] if place < 5 else None)
        assert (beside.place, beside.count) == (place + 1, 6)


def test_neighbours_follow_the_priorities_where_the_view_does(firm, queue, items) -> None:
    for place, priority in ((0, 5), (3, 1), (4, 1), (5, 5)):
        WorkItem.objects.filter(pk=items[place].pk).update(priority=priority)
    rows = narrowed(queue, "next", firm.dee, Filters())
    in_line = [WorkItem.objects.get(pk=items[place].pk) for place in (3, 4, 1, 2, 0, 5)]
    keys = [item.public_id for item in in_line]
    for place, item in enumerate(in_line):
        beside = neighbours(item, rows, BY_PRIORITY)
        assert beside.before == (keys[place - 1] if place else None)
        assert beside.following == (keys[place + 1] if place < 5 else None)
        assert (beside.place, beside.count) == (place + 1, 6)


def test_neighbours_stay_inside_the_view_and_its_filters(firm, queue, items, now) -> None:
    work.claim(items[1].public_id, actor=Actor.of(firm.dov), now=now)
    waiting = narrowed(queue, "unassigned", firm.dee, Filters())
    assert neighbours(items[0], waiting, BY_DUE).following == items[2].public_id
    urgent = neighbours(items[0], narrowed(queue, "open", firm.dee, Filters(band="red")), BY_DUE)
    assert (urgent.following, urgent.count) == (items[1].public_id, 2)


def test_an_item_that_left_the_view_still_knows_what_comes_next_but_has_no_place(firm, queue, items, now) -> None:
    mine = work.claim(items[1].public_id, actor=Actor.of(firm.dee), now=now)
    beside = neighbours(mine, narrowed(queue, "unassigned", firm.dee, Filters()), BY_DUE)
    assert (beside.before, beside.following, beside.place) == (items[0].public_id, items[2].public_id, 0)
    assert neighbours(mine, my_items(firm.dee), BY_DUE).place == 1


def test_neighbours_cost_five_statements(firm, queue, items, django_assert_num_queries) -> None:
    rows = narrowed(queue, "open", firm.dee, Filters())
    with django_assert_num_queries(5):
        neighbours(items[2], rows, BY_DUE)
