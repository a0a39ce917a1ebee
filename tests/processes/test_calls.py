"""A called process is an instance of its own: its work is the order's, its end goes up, a cancellation goes down."""

import pytest

from audit.actors import Actor
from orders import actions as orders
from orders.models import Milestone, Order
from processes import actions
from processes.engine import parse
from processes.models import Incident, Instance, Message
from processes.publishing import findings
from processes.refusals import NotPublishable, NotStarted, StepFailed
from tests.processes.drawings import (
    call,
    complete,
    drawn,
    instance_of,
    named,
    open_nodes,
    order_of,
    put_in_force,
    signal,
    work_at,
)
from tests.processes.engine.bpmn import element, end, extensions, flow, path, start
from work.models import WorkItem

CALLER = drawn(
    start(), call("identify", "kyc"), work_at("decide"), end(), path("start -> identify -> decide -> end"), key="main"
)
CALLED = drawn(start(), work_at("look"), work_at("judge"), end(), path("start -> look -> judge -> end"), key="kyc")


@pytest.fixture
def order(firm, now):
    put_in_force(firm, "kyc", CALLED, now)
    put_in_force(firm, "main", CALLER, now)
    return order_of(firm, "main", now)


def state(order):
    return Order.objects.get(pk=order.pk).state


def test_the_work_of_a_called_process_is_the_orders(firm, now, order):
    called = Instance.objects.get(parent=order.process_id)
    assert (called.subject, called.serial, called.version.model.key) == (order.subject, 1, "kyc")
    assert (open_nodes(order), state(order)) == (["look"], "in_progress")


def test_its_end_goes_up_and_the_caller_goes_on_with_its_variables(firm, now, order):
    complete(order, "look", firm.dee, now)
    complete(order, "judge", firm.dee, now)
    assert open_nodes(order) == ["decide"]
    assert Instance.objects.get(parent=order.process_id).status == "completed"
    complete(order, "decide", firm.dee, now)
    assert (state(order), instance_of(order).status) == ("completed", "completed")


def test_tasks_of_two_instances_never_share_a_number(firm, now, order):
    complete(order, "look", firm.dee, now)
    complete(order, "judge", firm.dee, now)
    tasks = list(WorkItem.objects.filter(order=order).values_list("task", flat=True))
    assert len(set(tasks)) == 3


def test_the_version_in_force_when_it_is_called_counts(firm, now, order):
    newer = put_in_force(firm, "kyc", CALLED.replace(b'"look"', b'"see"'), now)
    other = order_of(firm, "main", now, sent_as="key-2")
    assert (open_nodes(order), open_nodes(other)) == (["look"], ["see"])
    assert Instance.objects.get(parent=other.process_id).version == newer


def test_cancelling_the_order_ends_what_it_called(firm, now, order):
    orders.cancel_order(order.public_id, reason="No.", actor=Actor.of(firm.ana), now=now)
    assert {one.status for one in Instance.objects.filter(subject=order.subject)} == {"cancelled"}
    assert open_nodes(order) == []


def test_a_failure_in_a_called_process_stops_the_order_until_it_is_repaired(firm, now, order, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("work.handlers.open_item", lambda task: 1 / 0)
        with pytest.raises(StepFailed):
            complete(order, "look", firm.dee, now)
    incident = Incident.objects.get()
    assert (incident.instance.parent_id, incident.node, incident.element) == (order.process_id, "look", "judge")
    assert (state(order), instance_of(order).status) == ("exception", "error")
    orders.repair_order(order.public_id, reason="Mended.", actor=Actor.of(firm.eve), now=now)
    assert {one.status for one in Instance.objects.filter(subject=order.subject)} == {"running"}
    complete_again(order, firm, now)
    assert open_nodes(order) == ["judge"]


def complete_again(order, firm, now):
    from tests.firm import open_item
    from work import actions as work

    work.complete(open_item(order, "look").public_id, answers={}, actor=Actor.of(firm.dee), now=now)


def test_an_error_that_nothing_catches_below_is_caught_by_the_caller(firm, now):
    error = element("errorEventDefinition", "bad", errorRef="e_hit")
    called = drawn(
        start(), work_at("look"), element("endEvent", "hit", error), path("start -> look -> hit"),
        key="kyc", around=named("error", "hit", errorCode="HIT"),
    )  # fmt: skip
    boundary = element(
        "boundaryEvent", "caught", element("errorEventDefinition", "d", errorRef="e_hit"), attachedToRef="identify"
    )
    caller = drawn(
        start(), call("identify", "kyc"), end(), boundary, work_at("report"), end("reported"),
        path("start -> identify -> end"), path("caught -> report -> reported"),
        key="main", around=named("error", "hit", errorCode="HIT"),
    )  # fmt: skip
    put_in_force(firm, "kyc", called, now)
    put_in_force(firm, "main", caller, now)
    order = order_of(firm, "main", now)
    complete(order, "look", firm.dee, now)
    assert open_nodes(order) == ["report"]
    below = Instance.objects.get(parent=order.process_id)
    assert (below.status, below.outcome) == ("completed", "failed")


def test_a_called_process_that_passes_at_once_lets_the_caller_go_on_in_the_same_step(firm, now):
    put_in_force(firm, "kyc", drawn(start(), end(), path("start -> end"), key="kyc"), now)
    put_in_force(firm, "main", CALLER, now)
    assert open_nodes(order_of(firm, "main", now)) == ["decide"]


def test_a_process_without_a_version_in_force_and_one_that_calls_itself_do_not_start(firm, now):
    actions.add_model(key="kyc", name={"en": "Kyc", "zh-Hans": "核对"}, actor=Actor.system("test"), now=now)
    put_in_force(firm, "main", CALLER, now)
    with pytest.raises(NotStarted):
        order_of(firm, "main", now)
    put_in_force(
        firm, "kyc", drawn(start(), call("again", "kyc"), end(), path("start -> again -> end"), key="kyc"), now
    )
    with pytest.raises(NotStarted):
        order_of(firm, "main", now, sent_as="key-2")
    assert not Instance.objects.exists()


def test_a_caller_reads_how_the_called_process_ended(firm, now):
    refused = element("endEvent", "refused", tl_outcome="rejected")
    called = drawn(start(), work_at("look"), refused, path("start -> look -> refused"), key="kyc")
    asked = element(
        "callActivity", "identify", extensions('<tl:out source="outcome" target="kyc"/>'), calledElement="kyc"
    )
    caller = drawn(
        start(), asked, element("exclusiveGateway", "cleared", default="other"), work_at("decide"), end(),
        path("start -> identify -> cleared"), path("decide -> end"),
        flow("cleared -> decide", id="other"), flow("cleared -> end", 'kyc = "completed"'),
        key="main",
    )  # fmt: skip
    put_in_force(firm, "kyc", called, now)
    put_in_force(firm, "main", caller, now)
    order = order_of(firm, "main", now)
    complete(order, "look", firm.dee, now)
    assert open_nodes(order) == ["decide"]
    assert instance_of(order).state["variables"]["kyc"] == "rejected"


def test_milestones_of_a_called_process_are_the_orders(firm, now):
    step = element(
        "startEvent",
        "start",
        '<bpmn:extensionElements><tl:milestone key="seen" en="Seen" zh-Hans="已看"/></bpmn:extensionElements>',
    )
    put_in_force(firm, "kyc", drawn(step, work_at("look"), end(), path("start -> look -> end"), key="kyc"), now)
    put_in_force(firm, "main", CALLER, now)
    order = order_of(firm, "main", now)
    assert Milestone.objects.get(order=order, key="seen").reached_at == now


@pytest.mark.parametrize(("interrupts", "expected"), [("true", ["caught"]), ("false", ["caught", "normal"])])
def test_a_signal_of_a_called_process_is_caught_at_its_call_before_it_ends(firm, now, interrupts, expected):
    go = named("signal", "go")
    ways = path("start -> throw -> end")
    put_in_force(
        firm, "child", drawn(start(), signal("throw", "intermediateThrowEvent", "go"), end(), ways, around=go), now
    )
    edge = signal("edge", "boundaryEvent", "go", attachedToRef="c", cancelActivity=interrupts)
    parts = (start(), work_at("a"), call("c", "child"), edge, work_at("normal"), work_at("caught"), end(), end("e2"))
    main = drawn(*parts, path("start -> a -> c -> normal -> end"), path("edge -> caught -> e2"), around=go)
    put_in_force(firm, "main", main, now)
    order = order_of(firm, "main", now)
    complete(order, "a", firm.dee, now)
    assert sorted(open_nodes(order)) == expected
    assert not Message.objects.exists()


def test_a_call_of_a_process_that_is_not_there_is_refused_at_its_line_with_what_there_is(firm, now):
    unknown = CALLER.replace(b'calledElement="kyc"', b'calledElement="kyd"')
    put_in_force(firm, "kyc", CALLED, now)
    line = unknown[: unknown.index(b"<bpmn:callActivity")].count(b"\n") + 1
    with pytest.raises(NotPublishable) as refused:
        put_in_force(firm, "main", unknown, now)
    (said,) = str(refused.value).splitlines()
    assert f":{line}: " in said
    assert "callActivity identify" in said
    assert 'none with the key "kyd"' in said
    assert "kyc" in said.split("there: ")[1]


def test_calls_ask_once_for_all_keys_and_an_expression_may_name_any(firm, now, django_assert_num_queries):
    put_in_force(firm, "kyc", CALLED, now)
    calls = call("identify", "kyc") + call("again", "kyc") + call("either", "${which}")
    drawing = drawn(start(), calls, end(), path("start -> identify -> again -> either -> end"))
    with django_assert_num_queries(1):
        assert findings(parse(drawing), {}).errors == ()
