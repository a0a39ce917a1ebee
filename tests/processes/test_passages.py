"""How long tokens stayed where, read from the sealed ledger."""

from datetime import timedelta

import pytest

from audit.actors import Actor
from audit.tasks import seal
from orders import actions as orders
from processes.models import Instance, Passage, PassagesRead
from processes.tasks import read_passages
from tests.processes.drawings import complete, drawn, instance_of, order_of, put_in_force, work_at
from tests.processes.engine.bpmn import element, end, path, start

TWO = drawn(
    start(), element("parallelGateway", "both"), work_at("look"), work_at("book"), element("parallelGateway", "join"),
    end(), path("start -> both -> look -> join -> end"), path("both -> book -> join"),
)  # fmt: skip
HOUR = timedelta(hours=1)


@pytest.fixture
def order(firm, now):
    put_in_force(firm, "main", TWO, now)
    return order_of(firm, "main", now)


def stays(order):
    rows = Passage.objects.filter(instance=instance_of(order)).order_by("pk")
    return [(row.node, row.seconds) for row in rows]


def test_nothing_is_read_before_it_is_sealed(now, order):
    assert read_passages() == 0
    assert stays(order) == []


def test_each_stay_has_its_seconds_once_it_is_over(firm, now, order):
    seal(now)
    assert read_passages() == 1
    assert set(stays(order)) == {("start", 0), ("both", 0), ("look", None), ("book", None)}
    complete(order, "look", firm.dee, now + HOUR)
    complete(order, "book", firm.dee, now + 3 * HOUR)
    seal(now + 3 * HOUR)
    assert read_passages() == 1
    assert {("look", 3600), ("book", 3 * 3600), ("end", 0)} <= set(stays(order))
    assert Passage.objects.filter(left_at=None).count() == 0
    assert set(Passage.objects.values_list("order", flat=True)) == {order.public_id}


def test_what_is_read_is_not_read_again(firm, now, order):
    seal(now)
    read_passages()
    before = stays(order)
    assert read_passages() == 0
    assert stays(order) == before


def test_thrown_away_and_read_again_it_is_the_same(firm, now, order):
    seal(now)
    read_passages()
    complete(order, "look", firm.dee, now + HOUR)
    seal(now + HOUR)
    read_passages()
    before = stays(order)
    Passage.objects.all().delete()
    PassagesRead.objects.all().delete()
    assert read_passages() == 2
    assert stays(order) == before


def test_stays_of_a_cancelled_order_are_over(firm, now, order):
    orders.cancel_order(order.public_id, reason="No.", actor=Actor.of(firm.ana), now=now + HOUR)
    seal(now + HOUR)
    read_passages()
    assert {("look", 3600), ("book", 3600)} <= set(stays(order))
    assert not Passage.objects.filter(left_at=None).exists()


def test_a_moved_instance_takes_its_stay_along(firm, now, order):
    from processes.actions import migrate_instance

    seal(now)
    read_passages()
    later = TWO.replace(b'"look"', b'"inspect"').replace(b"look", b"inspect")
    new = put_in_force(firm, "main", later, now + HOUR)
    instance = instance_of(order)
    migrate_instance(instance.pk, to=new, given={"look": "inspect"}, actor=Actor.system("test"), now=now + HOUR)
    complete(order, "look", firm.dee, now + 2 * HOUR)
    seal(now + 2 * HOUR)
    read_passages()
    moved = Passage.objects.get(instance=instance, node="inspect")
    assert (moved.version, moved.seconds) == (new, 2 * 3600)
    assert Instance.objects.get(pk=instance.pk).version == new


def test_the_number_of_statements_does_not_depend_on_the_steps(firm, now, order, django_assert_num_queries):
    for number in range(3):
        order_of(firm, "main", now, sent_as=f"more-{number}")
    seal(now)
    with django_assert_num_queries(19):
        read_passages()
