"""What an instance asks of its caller for subscriptions, thrown messages and signals, calls, errors and escalations."""

from __future__ import annotations

import pytest

from processes.engine import (
    CalledCompleted,
    CalledEscalated,
    CalledFailed,
    CallProcess,
    EngineError,
    ErrorThrown,
    Escalated,
    EscalationThrown,
    Failed,
    MessageArrived,
    SignalArrived,
    Started,
    Subscribe,
    TaskCompleted,
    ThrowMessage,
    ThrowSignal,
)

from .bpmn import HEAD, element, end, extensions, path, start, user

DEFINITIONS = (
    element("message", "m", extensions('<tl:key name="order" value="number"/>'), name="paid")
    + element("signal", "s", name="halt")
    + element("error", "e", name="E", errorCode="E1")
    + element("escalation", "x", name="X", escalationCode="X1")
)
MESSAGE, SIGNAL = '<bpmn:messageEventDefinition messageRef="m"/>', '<bpmn:signalEventDefinition signalRef="s"/>'
ERROR, ESCALATION = '<bpmn:errorEventDefinition errorRef="e"/>', '<bpmn:escalationEventDefinition escalationRef="x"/>'


def model(*parts: str) -> bytes:
    body = element("process", "p", "\n" + "".join(parts), isExecutable="true")
    return (HEAD + DEFINITIONS + body + "</bpmn:definitions>").encode()


def on(host: str, inner: str, *, beside: bool = False) -> str:
    stays = {"cancelActivity": "false"} if beside else {}
    return element("boundaryEvent", "b", inner, attachedToRef=host, **stays) + user("c") + path("b -> c")


def given(kind, effects):
    return [effect for effect in effects if isinstance(effect, kind)]


def test_a_message_is_subscribed_to_with_its_key_and_taken_once(walk):
    instance = walk(model(start(), element("intermediateCatchEvent", "w", MESSAGE), end(), path("start -> w -> end")))
    instance.start(number=7)
    (subscription,) = given(Subscribe, instance.effects)
    assert subscription == Subscribe(subscription.subscription, "w", "message", "paid", {"order": 7})
    effects = instance.send(MessageArrived(subscription.subscription, {"sum": 5}))
    assert effects == ["Unsubscribe w", "Left w", "Entered end", "Left end", "Finished completed"]
    assert instance.state["variables"] == {"number": 7, "sum": 5}


def test_a_message_for_nobody_is_refused_by_name_and_changes_nothing(walk):
    instance = walk(model(start(), user("a"), on("a", SIGNAL), path("start -> a")))
    instance.start()
    (subscription,) = given(Subscribe, instance.effects)
    before = instance.state
    for number in (subscription.subscription, 99):
        with pytest.raises(EngineError) as refused:
            instance.send(MessageArrived(number))
        assert refused.value.code == "unknown_subscription"
    assert instance.state == before


def test_a_subscription_beside_its_host_stays_until_the_host_ends(walk):
    instance = walk(model(start(), user("a"), on("a", MESSAGE, beside=True), end(), path("start -> a -> end")))
    instance.start(number=1)
    number = given(Subscribe, instance.effects)[0].subscription
    assert "Unsubscribe b" not in instance.send(MessageArrived(number))
    assert "Unsubscribe b" not in instance.send(MessageArrived(number))
    assert instance.active == ["a", "c", "c"]
    assert instance.complete("a")[0] == "Unsubscribe b"


def test_a_thrown_message_says_what_it_is_recognised_by_and_what_it_carries(walk):
    send = element("sendTask", "send", extensions('<tl:payload name="sum" value="total"/>'), messageRef="m")
    instance = walk(model(start(), send, end(), path("start -> send -> end")))
    instance.start(number=7, total=12)
    assert given(ThrowMessage, instance.effects) == [ThrowMessage("send", "paid", {"order": 7}, {"sum": 12})]
    assert instance.state["finished"]


def test_a_signal_is_told_to_the_caller_and_has_its_effect_here_at_once(walk):
    throw = element("intermediateThrowEvent", "t", SIGNAL)
    parts = (element("parallelGateway", "f"), user("a"), on("a", SIGNAL), user("go"), throw, end(), end("e2"))
    instance = walk(model(start(), *parts, path("start -> f -> a -> end"), path("f -> go -> t -> e2")))
    instance.start()
    instance.complete("go")
    assert given(ThrowSignal, instance.effects) == [ThrowSignal("t", "halt", {})]
    assert instance.active == ["c"]


def test_a_signal_that_nobody_waits_for_changes_nothing(walk):
    instance = walk(model(start(), user("a"), path("start -> a")))
    instance.start()
    assert instance.send(SignalArrived("halt")) == []


CALL = element("callActivity", "call", calledElement="other")


def called(walk, *parts):
    instance = walk(model(start(), CALL, end(), path("start -> call -> end"), *parts))
    instance.start(a=1)
    (call,) = given(CallProcess, instance.effects)
    return instance, call


def test_a_called_process_is_asked_for_and_its_variables_come_back(walk):
    instance, call = called(walk)
    assert (call.node, call.process, call.variables) == ("call", "other", {"a": 1})
    assert instance.graph.open_calls(instance.state) == {call.call: "call"}
    assert (instance.active, instance.graph.active_nodes(instance.state)) == ([], {"call"})
    assert instance.send(CalledCompleted(call.call, {"b": 2}))[-1] == "Finished completed"
    assert instance.state["variables"] == {"a": 1, "b": 2}


def test_what_the_called_process_does_not_catch_is_caught_at_the_call(walk):
    instance, call = called(walk, on("call", ERROR))
    assert instance.send(CalledFailed(call.call, "E1")) == [
        "Left call", "Entered b", "Left b", "Entered c", "OpenTask c",
    ] or instance.active == ["c"]  # fmt: skip
    instance, call = called(walk, on("call", ESCALATION, beside=True))
    instance.send(CalledEscalated(call.call, "X1"))
    assert (instance.active, list(instance.graph.open_calls(instance.state).values())) == (["c"], ["call"])


def test_a_call_that_does_not_run_is_refused(walk):
    instance, call = called(walk)
    with pytest.raises(EngineError) as refused:
        instance.send(CalledCompleted(call.call + 1))
    assert refused.value.code == "unknown_call"
    with pytest.raises(EngineError) as refused:
        instance.send(TaskCompleted(call.call))
    assert refused.value.code == "unknown_task"


def test_an_error_that_nothing_catches_fails_the_step_or_ends_a_called_instance(walk):
    data = model(
        start(), user("a"), user("z"), element("parallelGateway", "f"), path("start -> f -> a"), path("f -> z")
    )
    instance = walk(data)
    instance.start()
    before = instance.state
    with pytest.raises(EngineError) as refused:
        instance.send(ErrorThrown(min(instance.tasks), "E1", "no funds"))
    assert (refused.value.code, refused.value.node, instance.state) == ("uncaught_error", "a", before)
    below = walk(data)
    below.send(Started({}, called=True))
    below.send(ErrorThrown(min(below.tasks), "E1", "no funds"))
    assert given(Failed, below.effects) == [Failed("a", "E1", "no funds")]
    assert (below.active, below.state["finished"], below.state["outcome"]) == ([], True, "failed")


def test_an_escalation_that_nothing_catches_is_told_and_nothing_follows(walk):
    instance = walk(model(start(), user("a"), path("start -> a")))
    instance.start()
    instance.send(EscalationThrown(min(instance.tasks), "X1"))
    assert given(Escalated, instance.effects) == [Escalated("a", "X1")]
    assert instance.active == ["a"]


def test_a_state_of_the_first_release_goes_on(walk):
    timed = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    inner = start("in0") + user("in") + end("in1") + path("in0 -> in -> in1")
    parts = (user("a"), on("a", timed), element("parallelGateway", "f"), element("subProcess", "sub", inner))
    instance = walk(model(start(), *parts, end(), end("e2"), path("start -> f -> a -> end"), path("f -> sub -> e2")))
    instance.state = {
        "counter": 4,
        "variables": {"k": 1},
        "tasks": {"1": ["a", 0], "4": ["in", 3]},
        "guards": {"2": ["b", 1]},
        "scopes": {"0": ["", -1, 2, {}], "3": ["sub", 0, 1, {}]},
    }
    assert (instance.active, instance.timers) == (["a", "in"], ["b"])
    assert instance.fire("b")[:2] == ["CancelTask a", "Left a"]
    instance.complete("in")
    assert instance.complete("c")[-1] == "Finished completed"
