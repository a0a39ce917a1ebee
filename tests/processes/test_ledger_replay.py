"""The ledger of an instance gives its state, whatever happened in it; and rows agree with states."""

from datetime import timedelta

import pytest

from audit.actors import Actor
from orders import actions as orders
from processes import actions
from processes.models import Instance, Subscription, Timer
from processes.replaying import state_from_ledger
from processes.state_invariants import rows_agree_with_states
from processes.tasks import fire_timers
from tests.processes.drawings import (
    call,
    complete,
    drawn,
    message,
    named,
    open_nodes,
    order_of,
    put_in_force,
    work_at,
)
from tests.processes.engine.bpmn import element, end, path, start, timer

REMIND = element("boundaryEvent", "remind", timer("timeCycle", "R3/PT1H"), attachedToRef="look", cancelActivity="false")
CALLER = drawn(
    start(), element("parallelGateway", "both"), call("identify", "kyc"), work_at("look"), work_at("book"), end(),
    REMIND, work_at("hurry"), end("hurried"), message("paid", "intermediateCatchEvent", "paid", "city=city"),
    path("start -> both -> look -> paid -> book -> end"), path("both -> identify -> end"),
    path("remind -> hurry -> hurried"), around=named("message", "paid"),
)  # fmt: skip
CALLED = drawn(start(), work_at("check"), end(), path("start -> check -> end"), key="kyc")


@pytest.fixture
def order(firm, now):
    put_in_force(firm, "kyc", CALLED, now)
    put_in_force(firm, "main", CALLER, now)
    return order_of(firm, "main", now)


def agree(order):
    instances = list(Instance.objects.filter(subject=order.subject))
    for instance in instances:
        assert state_from_ledger(instance) == instance.state
    assert rows_agree_with_states().violations == ()
    return len(instances)


def test_every_step_of_a_life_can_be_taken_again_from_the_ledger(firm, now, order):
    assert agree(order) == 2
    fire_timers(now + timedelta(hours=1))
    agree(order)
    complete(order, "look", firm.dee, now + timedelta(hours=1))
    agree(order)
    actions.deliver_message(
        "paid", keys={"city": "Albany"}, payload={"sum": 3}, dedupe_key="m", actor=Actor.system("test"), now=now
    )
    complete(order, "check", firm.dee, now + timedelta(hours=2))
    agree(order)
    for node in open_nodes(order):
        complete(order, node, firm.dee, now + timedelta(hours=3))
    agree(order)
    assert {one.status for one in Instance.objects.filter(subject=order.subject)} == {"completed"}


def test_a_cancelled_one_as_well(firm, now, order):
    orders.cancel_order(order.public_id, reason="No.", actor=Actor.of(firm.ana), now=now)
    agree(order)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda: Timer.objects.update(ended_at="2026-11-16T15:00:00Z"),
        lambda: Instance.objects.exclude(parent=None).update(status="error"),
        lambda: Instance.objects.filter(parent=None).update(status="completed"),
        lambda: Subscription.objects.create(
            instance=Instance.objects.filter(parent=None).get(), number=999, node="x", kind="signal", name="x", key="",
            opened_at="2026-11-16T15:00:00Z",
        ),
    ],
)  # fmt: skip
def test_a_row_that_differs_from_its_state_is_found(firm, now, order, break_it):
    break_it()
    assert rows_agree_with_states().violations
