"""Two people on one item: one wins, the other is told by whom."""

from functools import partial

from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import Actor
from audit.models import Entry
from tests.firm import address_change, open_item
from tests.races import at_once, needs_row_locks
from work import actions as work
from work.models import WorkItem
from work.refusals import AlreadyClaimed

pytestmark = needs_row_locks
ROUNDS = 10


def test_one_of_two_gets_the_item_and_the_other_learns_who(firm, now):
    for number in range(ROUNDS):
        item = open_item(address_change(firm, now, key=f"key-{number}"))
        both = [firm.dee, firm.dov]
        results = at_once([partial(work.claim, item.public_id, actor=Actor.of(who), now=now) for who in both])
        (won,) = [result for result in results if isinstance(result, WorkItem)]
        (lost,) = [result for result in results if isinstance(result, Exception)]
        assert isinstance(lost, AlreadyClaimed)
        assert lost.facts["by"] == won.holder.display_name
        assert WorkItem.objects.get(pk=item.pk).holder == won.holder
        assert Entry.objects.filter(subject=item.subject, fact="work.item.claimed").count() == 1


def test_an_item_is_locked_after_its_order_and_process(firm, now):
    item = open_item(address_change(firm, now))
    with CaptureQueriesContext(connection) as asked:
        work.claim(item.public_id, actor=Actor.of(firm.dee), now=now)
    [locking] = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    assert locking.endswith('FOR UPDATE OF "orders_order", "processes_instance", "work_workitem"')


def test_people_who_take_the_next_one_at_once_get_different_items(firm, now):
    for number in range(2 * ROUNDS):
        address_change(firm, now, key=f"key-{number}")
    both = [firm.dee, firm.dov]
    for _round in range(ROUNDS):
        results = at_once([partial(work.take_next, "maintenance", actor=Actor.of(who), now=now) for who in both])
        assert {type(result) for result in results} == {WorkItem}, results
        assert {item.holder for item in results} == set(both)
    assert WorkItem.objects.filter(holder__in=both).count() == 2 * ROUNDS


def test_an_item_is_completed_once_by_two_windows_of_its_holder(firm, now):
    item = open_item(address_change(firm, now))
    work.claim(item.public_id, actor=Actor.of(firm.dee), now=now)
    answers = {"address_check": "confirmed", "checked_against": "login"}
    send = partial(work.complete, item.public_id, answers=answers, actor=Actor.of(firm.dee), now=now)
    results = at_once([send, send])
    assert sorted(type(result).__name__ for result in results) == ["AlreadyClosed", "WorkItem"]
    assert Entry.objects.filter(subject=item.subject, fact="work.item.completed").count() == 1
