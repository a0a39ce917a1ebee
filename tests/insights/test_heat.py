"""Where a process spends its time, and the orders behind a number."""

from datetime import timedelta

import pytest

from audit.tasks import seal
from insights.heat import NodeHeat, heat, stays_at
from processes.models import ProcessModel
from processes.tasks import read_passages
from tests.processes.drawings import complete, drawn, order_of, put_in_force, work_at
from tests.processes.engine.bpmn import end, path, start

ONE = drawn(start(), work_at("look"), end(), path("start -> look -> end"))
DAY = timedelta(days=1)


@pytest.fixture
def model(firm, now):
    """Four orders: looked at after 1, 2 and 10 hours, and one that still waits."""
    put_in_force(firm, "main", ONE, now)
    orders = [order_of(firm, "main", now, sent_as=f"key-{number}") for number in range(4)]
    for order, hours in zip(orders, (1, 2, 10), strict=False):
        complete(order, "look", firm.dee, now + timedelta(hours=hours))
    seal(now + DAY)
    read_passages()
    return ProcessModel.objects.get(key="main")


def test_counts_and_medians_are_those_of_the_period(now, model, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = heat(model, now, now + DAY)
    assert found["look"] == NodeHeat(stays=3, median=2 * 3600, standing=1)
    assert found["start"] == NodeHeat(stays=4, median=0, standing=0)
    early = heat(model, now, now + timedelta(hours=3))["look"]
    assert (early.stays, early.median) == (2, 1.5 * 3600)


def test_a_period_without_movement_shows_what_stands(now, model):
    assert heat(model, now + DAY, now + 2 * DAY) == {"look": NodeHeat(stays=0, median=None, standing=1)}


def test_behind_a_number_stand_the_orders_that_the_reader_may_see(firm, now, model, django_assert_num_queries):
    with django_assert_num_queries(3):
        seen = stays_at(firm.max, model, "look", now, now + DAY)
    assert [stay.seconds for stay in seen] == [None, 10 * 3600, 2 * 3600, 3600]
    assert stays_at(firm.max, model, "look", now, now + DAY, before=seen[1].key)[0] == seen[2]
    assert stays_at(firm.alan, model, "look", now, now + DAY) == []
