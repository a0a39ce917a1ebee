"""More waits in a queue than the routing table allows: its manager is told, once for each time that it is crossed."""

from datetime import timedelta

import pytest

from audit.actors import Actor
from audit.due import run_due
from audit.models import Entry
from notifications.models import Notice
from rulebook import actions as rulebook
from rulebook.models import Table, TableVersion
from rulebook.queries import in_force
from rulebook.tasks import put_in_force
from tests.firm import address_change
from work import actions as work
from work.models import Queue, WorkItem
from work.tasks import watch_depth

MINUTE = timedelta(minutes=1)


def limited(firm, now, limit):
    """The routing table with another limit for account maintenance."""
    table = Table.objects.get(key="routing")
    body = TableVersion.objects.get(table=table, state="in_force").body
    next(rule for rule in body["rules"] if rule["id"] == "R1")["then"]["depth_limit"] = limit
    draft = rulebook.draft_version(table, body=body, actor=Actor.of(firm.alan), now=now)
    why = {"justification": "Sooner.", "effective_at": now}
    rulebook.propose_version(draft.pk, **why, actor=Actor.of(firm.alan), now=now)
    rulebook.approve_version(draft.pk, actor=Actor.of(firm.nadia), now=now)
    put_in_force(now)


def waiting(firm, now, count):
    for number in range(count):
        address_change(firm, now, key=f"key-{number}-{now}", street=f"{number} Lane")


def facts():
    return list(Entry.objects.filter(fact__startswith="work.queue.").exclude(fact="work.queue.opened").order_by("pk"))


def told():
    return list(Notice.objects.filter(template="queue_too_long", channel="inbox"))


def test_the_manager_is_told_once_when_more_waits_than_the_limit(firm, now):
    limited(firm, now, "2")
    waiting(firm, now, 2)
    assert watch_depth(now) == 0  # as many as the limit is within it
    waiting(firm, now + MINUTE, 1)
    for place in range(1, 4):
        watch_depth(now + place * MINUTE)
        run_due(now + place * MINUTE)
    (entry,) = facts()
    assert (entry.fact, entry.data) == (
        "work.queue.overfull",
        {"queue": "maintenance", "depth": 3, "limit": 2, "to": firm.max.pk},
    )
    (notice,) = told()
    assert (notice.recipient, notice.url, notice.context) == (firm.max, "/staff/queues/maintenance/", {})


def test_once_it_eased_the_next_crossing_is_told_again(firm, now):
    limited(firm, now, "1")
    waiting(firm, now, 2)
    watch_depth(now)
    first, _second = WorkItem.objects.open()
    work.claim(first.public_id, actor=Actor.of(firm.dee), now=now)
    assert watch_depth(now + MINUTE) == 1
    waiting(firm, now + MINUTE, 1)
    watch_depth(now + 2 * MINUTE)
    run_due(now + 2 * MINUTE)
    assert [entry.fact.rpartition(".")[2] for entry in facts()] == ["overfull", "eased", "overfull"]
    assert len(told()) == 2


@pytest.mark.parametrize("limit", ["null", "60"])
def test_without_a_limit_or_below_it_nothing_is_on_record(firm, now, limit):
    limited(firm, now, limit)
    waiting(firm, now, 3)
    assert watch_depth(now) == 0
    assert facts() == []


def test_a_limit_that_is_lifted_eases(firm, now):
    limited(firm, now, "1")
    waiting(firm, now, 2)
    watch_depth(now)
    limited(firm, now + MINUTE, "null")
    watch_depth(now + 2 * MINUTE)
    assert [entry.fact.rpartition(".")[2] for entry in facts()] == ["overfull", "eased"]
    assert not Queue.objects.exclude(overfull_since=None).exists()


def test_a_firm_without_the_table_has_no_limits(firm, now):
    TableVersion.objects.filter(table__key="routing").update(state="withdrawn")
    assert watch_depth(now) == 0


def test_looking_costs_the_same_however_much_waits(firm, now, django_assert_num_queries):
    watch_depth(now)
    for count in (1, 4):
        waiting(firm, now + count * MINUTE, count)
        with django_assert_num_queries(2):
            watch_depth(now + 9 * MINUTE)


def test_the_shipped_table_says_only_what_is_read(firm, now) -> None:
    body = in_force("routing", now).body
    assert [column["name"] for column in body["outputs"]] == ["depth_limit"]
    assert {name for rule in body["rules"] for name in rule["then"]} == {"depth_limit"}
