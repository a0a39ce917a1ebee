"""Reads of queues: pages by key, one index a view, a fixed number of statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from audit.actors import Actor
from audit.ids import uuid7
from tests.firm import address_change, open_item
from work import actions as work
from work.line import Place, line_of
from work.models import Queue, WorkItem
from work.queries import VIEWS, Filters, capped, counts, counts_of, in_view, queue_page, queues_for, workers


@pytest.fixture
def queue(firm) -> Queue:
    return Queue.objects.get(code="maintenance")


@pytest.fixture
def items(firm, queue, now) -> list[WorkItem]:
    """Seven items: two due at the same instant, two without a due time, one held by dee."""
    made = [open_item(address_change(firm, now, key=f"page-{number}")) for number in range(7)]
    due = [now, now, now + timedelta(hours=1), now + timedelta(hours=2), now + timedelta(hours=3), None, None]
    for item, moment in zip(made, due, strict=True):
        WorkItem.objects.filter(pk=item.pk).update(due_at=moment, band="green" if moment else "")
    work.claim(made[2].public_id, actor=Actor.of(firm.dee), now=now)
    return made


@pytest.fixture
def crowd(firm, items, now) -> None:
    """The seven among 3,000 that two people hold: what a view leaves out is most of the queue."""
    like = WorkItem.objects.get(pk=items[0].pk)
    parts = {field.attname: getattr(like, field.attname) for field in WorkItem._meta.fields}
    parts |= {"id": None, "state": "in_progress"}
    WorkItem.objects.bulk_create(
        WorkItem(
            **parts
            | {"public_id": uuid7(), "task": 1000 + number, "due_at": now + timedelta(minutes=number)}
            | {"holder_id": (firm.dov if number % 10 else firm.dee).pk}
        )
        for number in range(3000)
    )


def walk(queue: Queue, user, view: str = "open", size: int = 2, **narrowed) -> list[int]:
    """Keys of all rows of a view, page by page."""
    found: list[int] = []
    after = ""
    for _page in range(20):
        page = queue_page(queue, view, user, after=after, size=size, **narrowed)
        found += [item.pk for item in page.items]
        after = page.after
        if not after:
            return found
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 50])
def test_pages_join_to_the_whole_queue_by_due_time_without_gap_or_double(size: int, firm, queue, items) -> None:
    assert walk(queue, firm.dee, size=size) == [item.pk for item in items]


def test_a_row_that_leaves_between_two_pages_hides_no_other(firm, queue, items, now) -> None:
    first = queue_page(queue, "open", firm.dee, size=2)
    work.claim(items[0].public_id, actor=Actor.of(firm.dov), now=now)
    WorkItem.objects.filter(pk=items[0].pk).update(due_at=now + timedelta(days=9))
    following = queue_page(queue, "open", firm.dee, after=first.after, size=2)
    assert [item.pk for item in following.items] == [items[2].pk, items[3].pk]


@pytest.mark.parametrize(
    "after",
    [
        "", "x", "~", "~~", "2026~1", "-~x", "3~-~x", "3~2026-11-16T15:00:00~5", "3~~5", "999~-~5", "9" * 300,
        "3~0001-01-01T00:00:00+14:00~1", "3~9999-12-31T23:59:59-14:00~1", "3~9999-99-99T00:00:00Z~1",
    ],
)  # fmt: skip
def test_a_cursor_that_means_nothing_begins_from_the_start(after: str, firm, queue, items) -> None:
    assert queue_page(queue, "open", firm.dee, after=after, size=1).items[0].pk == items[0].pk


@pytest.mark.parametrize(
    ("view", "places"),
    [("mine", [2]), ("unassigned", [0, 1, 3, 4, 5, 6]), ("next", [0, 1, 3, 4, 5, 6]), ("breached", [])],
)
def test_views(view: str, places: list[int], firm, queue, items) -> None:
    assert walk(queue, firm.dee, view) == [items[place].pk for place in places]


def test_next_up_goes_by_priority_then_by_due_time_and_other_views_by_due_time(firm, queue, items, now) -> None:
    for place, priority in ((0, 5), (4, 2), (5, 2), (6, 1)):
        WorkItem.objects.filter(pk=items[place].pk).update(priority=priority)
    in_line = [items[place].pk for place in (6, 4, 5, 1, 3, 0)]  # of one priority, the undated come last
    for size in (1, 2, 3, 50):
        assert walk(queue, firm.dee, "next", size=size) == in_line
    assert walk(queue, firm.dee, "unassigned") == [items[place].pk for place in (0, 1, 3, 4, 5, 6)]


def test_the_next_item_taken_is_the_first_of_next_up(firm, queue, items, now) -> None:
    for place, priority in ((4, 2), (6, 1)):
        WorkItem.objects.filter(pk=items[place].pk).update(priority=priority)
    for _time in range(4):
        shown = queue_page(queue, "next", firm.dov, size=1).items[0].pk
        assert work.take_next("maintenance", actor=Actor.of(firm.dov), now=now).pk == shown


def test_next_up_leaves_out_what_the_person_has_no_skill_for(firm, queue, items) -> None:
    WorkItem.objects.filter(pk=items[0].pk).update(skill="underwater")
    assert items[0].pk not in walk(queue, firm.dee, "next")
    assert items[0].pk in walk(queue, firm.dee, "unassigned")


def test_filters_and_pages_go_together(firm, queue, items) -> None:
    assert walk(queue, firm.dee, filters=Filters(band="green")) == [item.pk for item in items[:5]]
    assert walk(queue, firm.dee, filters=Filters(text=items[3].order_number)) == [items[3].pk]


def test_a_page_is_one_statement_and_one_more_at_the_undated_end(firm, queue, items, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        page = queue_page(queue, "open", firm.dee, size=4)
        assert [(row.client.name, row.product.name["en"], row.order.promised_at, row.holder) for row in page.items]
    with django_assert_num_queries(2):
        queue_page(queue, "open", firm.dee, after=page.after, size=4)
    with django_assert_num_queries(2):  # by priority, undated items may stand before dated ones
        queue_page(queue, "next", firm.dee, size=4)


def test_counts_are_one_bounded_statement(firm, queue, items, monkeypatch, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        found = counts(queue, firm.dee)
    assert found == {"open": 7, "next": 6, "unassigned": 6, "breached": 0, "mine": 1, "waiting": 0}
    assert list(found) == list(VIEWS)
    monkeypatch.setattr("work.queries.MOST_COUNTED", 3)
    assert capped(in_view(queue, "open", firm.dee)) == counts(queue, firm.dee)["open"] == 3


def test_counts_of_many_queues_are_one_statement(firm, queue, items, monkeypatch, django_assert_num_queries) -> None:
    many = list(Queue.objects.all())
    with django_assert_num_queries(1):
        found = counts_of(many, firm.dee, ("open", "mine"))
    assert (found[queue.pk], len(found)) == ({"open": 7, "mine": 1}, len(many))
    monkeypatch.setattr("work.queries.MOST_PARTS", 3)
    assert counts_of(many, firm.dee, ("open", "mine")) == found
    assert counts_of([], firm.dee, ("open",)) == {}


@pytest.mark.parametrize(
    ("view", "index"),
    [
        ("open", "item_queue_due"), ("unassigned", "item_queue_unowned"), ("next", "item_queue_next"),
        ("breached", "item_queue_band"), ("waiting", "item_queue_band"), ("mine", "item_mine"),
    ],
)  # fmt: skip
def test_each_view_is_read_along_its_own_index_without_sorting(view: str, index: str, firm, queue, crowd) -> None:
    plan = explained(first_halves(queue, view, firm.dee)[0])
    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_what_waits_without_a_due_time_is_read_by_priority_along_an_index_too(firm, queue, crowd) -> None:
    plan = explained(first_halves(queue, "next", firm.dee)[1])
    assert "item_queue_next_undated" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


@pytest.mark.parametrize(("view", "sought"), [("open", "queue_id=? AND due_at>"), ("next", "(priority,due_at")])
def test_a_later_page_seeks_in_the_index(view: str, sought: str, firm, queue, crowd, now) -> None:
    plan = explained(first_halves(queue, view, firm.dee, Place(3, now, 1))[0])
    assert (sought if connection.vendor == "sqlite" else "Index Cond: ((queue_id =") in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def first_halves(queue: Queue, view: str, user, after: Place | None = None) -> list:
    """What a page of a view reads: its rows with a due time, and those without."""
    return [half[:51] for half in line_of(view)._beyond(in_view(queue, view, user), after)]


def explained(rows) -> str:
    """The database's plan; PostgreSQL, for which few rows are quickest read and sorted, is told to avoid both."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE work_workitem; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    return rows.explain()


def test_queues_are_those_of_ones_own_rights(firm, django_assert_num_queries) -> None:
    firm.dee.__dict__.pop("_held_rights", None)
    with django_assert_num_queries(2):  # the rights, the queues
        assert {queue.code for queue in queues_for(firm.dee)} == {"maintenance", "custodian", "openings"}
    assert not queues_for(firm.ana)


def test_workers_are_the_people_of_the_queue(firm, queue, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        people = workers(queue)
    assert {firm.dee, firm.dov, firm.eve} <= set(people)
    assert firm.tia not in people
    assert firm.ana not in people
