"""What changed on a page of a queue since it was shown: told by count, without the reader's own deeds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit.actors import Actor
from tests.firm import address_change, open_item
from work import actions as work
from work.changes import changes, mark_of
from work.line import line_of
from work.models import Queue, WorkItem
from work.queries import Filters, narrowed, queue_page
from work.rules import changes as differing


@pytest.mark.parametrize(
    ("standing", "elsewhere", "is_cut", "count"),
    [
        ({"a": "1", "b": "1", "c": "1"}, {}, False, 0),
        ({"a": "1", "b": "2", "c": "1"}, {}, False, 1),  # one changed
        ({"a": "1", "c": "1"}, {"b": "2"}, False, 1),  # one left, for what somebody did
        ({"a": "1", "c": "1"}, {}, False, 1),  # one is gone altogether
        ({"a": "1", "c": "1"}, {"b": "1"}, False, 0),  # one was moved by the reader, who sees it as it is
        ({"new": "1", "a": "1", "b": "1", "c": "1"}, {}, False, 1),
        ({"a": "1", "b": "1", "c": "1", "new": "1"}, {}, False, 1),
        ({"a": "1", "c": "1", "next": "1"}, {"b": "1"}, True, 0),  # what follows a full page moves up
        ({"a": "1", "new": "1", "c": "1", "next": "1"}, {"b": "2"}, True, 2),
        ({"x": "1", "y": "1", "z": "1"}, {"a": "2", "b": "2", "c": "2"}, True, 6),
        ({}, {}, False, 3),
    ],
)
def test_rows_that_changed_came_or_went_are_counted(
    standing: dict[str, str], elsewhere: dict[str, str], is_cut: bool, count: int
) -> None:
    assert differing({"a": "1", "b": "1", "c": "1"}, standing, elsewhere, is_cut=is_cut) == count


@pytest.fixture
def queue(firm) -> Queue:
    return Queue.objects.get(code="maintenance")


@pytest.fixture
def items(firm, queue, now) -> list[WorkItem]:
    made = [open_item(address_change(firm, now, key=f"row-{number}")) for number in range(4)]
    for place, item in enumerate(made):
        WorkItem.objects.filter(pk=item.pk).update(due_at=now + timedelta(hours=place))
    return made


class Reader:
    """Somebody who looks at the first page of a view, and asks what changed since."""

    def __init__(self, queue: Queue, user, view: str = "open", size: int = 50) -> None:
        self.queue, self.view, self.rows, self.size = queue, view, narrowed(queue, view, user, Filters()), size
        self.shown = {row.public_id: mark_of(row) for row in queue_page(queue, view, user, size=size).items}

    def told(self) -> int:
        return changes(self.queue, self.rows, self.shown, line=line_of(self.view), size=self.size)

    def sees(self, item: WorkItem) -> None:
        """The row of one item is shown anew, as after claiming it from its row."""
        self.shown[item.public_id] = mark_of(WorkItem.objects.get(pk=item.pk))


def test_what_others_do_is_told(firm, queue, items, now) -> None:
    reader = Reader(queue, firm.dee)
    assert reader.told() == 0
    work.claim(items[0].public_id, actor=Actor.of(firm.dov), now=now)
    WorkItem.objects.filter(pk=items[1].pk).update(band="red")
    address_change(firm, now, key="another")
    assert reader.told() == 3


def test_what_the_reader_did_on_the_page_is_not_told(firm, queue, items, now) -> None:
    reader = Reader(queue, firm.dee, "unassigned")
    work.claim(items[0].public_id, actor=Actor.of(firm.dee), now=now)
    assert reader.told() == 1
    reader.sees(items[0])
    assert reader.told() == 0


def test_a_full_page_does_not_tell_of_what_moved_up(firm, queue, items, now) -> None:
    reader = Reader(queue, firm.dee, "unassigned", size=2)
    work.claim(items[1].public_id, actor=Actor.of(firm.dee), now=now)
    reader.sees(items[1])
    assert reader.told() == 0
    work.claim(items[0].public_id, actor=Actor.of(firm.dov), now=now)
    assert reader.told() == 3  # it left, and the page shows two others


def test_asking_costs_a_few_statements_however_many_rows_there_are(
    firm, queue, items, now, django_assert_num_queries
) -> None:
    reader, full = Reader(queue, firm.dee), Reader(queue, firm.dee, size=4)
    with django_assert_num_queries(1):
        full.told()
    with django_assert_num_queries(2):  # the end of the queue, where items have no due time
        reader.told()
    WorkItem.objects.filter(pk=items[0].pk).update(queue=Queue.objects.get(code="custodian"))
    with django_assert_num_queries(3):  # and what became of the row that left
        assert reader.told() == 1
