"""Two versions of a drawing: what was added, removed and changed, whatever moved on the page."""

from __future__ import annotations

import pytest

from processes.engine import parse
from processes.engine.difference import Change, Difference, difference

from .bpmn import element, end, extensions, flow, path, process, start, timer, user

BEFORE = (
    start(), element("userTask", "check", name="Check"), user("send"), end(), path("start -> check -> send -> end"),
)  # fmt: skip


def between(before: tuple[str, ...], after: tuple[str, ...]) -> Difference:
    return difference(parse(process(*before)), parse(process(*after)))


def changes(found: Difference) -> dict[str, dict[str, tuple]]:
    return {one.id: {change.what: (change.before, change.after) for change in one.changes} for one in found.changed}


def test_a_drawing_does_not_differ_from_itself_nor_from_one_with_more_empty_lines():
    assert not between(BEFORE, BEFORE)
    assert not between(BEFORE, ("\n\n", *BEFORE))
    assert not between(BEFORE, tuple(reversed(BEFORE)))


def test_a_moved_node_is_no_change():
    def drawn(x: int) -> bytes:
        di = "http://www.omg.org/spec/BPMN/20100524/DI"
        bounds = f'<dc:Bounds x="{x}" y="0" width="9" height="9" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"/>'
        shape = f'<BPMNShape bpmnElement="check">{bounds}</BPMNShape>'
        plane = f'<BPMNDiagram xmlns="{di}"><BPMNPlane>{shape}</BPMNPlane></BPMNDiagram></bpmn:definitions>'
        return process(*BEFORE).replace(b"</bpmn:definitions>", plane.encode())

    assert not difference(parse(drawn(0)), parse(drawn(500)))


def test_a_new_node_between_two_others():
    after = (*BEFORE[:4], user("sign"), path("start -> check -> sign -> send -> end"))
    found = between(BEFORE, after)
    assert [thing.id for thing in found.added] == ["sign", "check-sign", "sign-send"]
    assert [thing.id for thing in found.removed] == ["check-send"]
    assert changes(found) == {
        "check": {"leads_to": (("send",), ("sign",))},
        "send": {"comes_from": (("check",), ("sign",))},
    }


def test_a_line_drawn_again_with_a_new_id_is_no_change():
    again = (*BEFORE[:4], path("start -> check -> send"), flow("send -> end", id="Flow_1x"))
    assert not between(BEFORE, again)


def test_what_changed_is_told_by_code_with_both_values():
    work = extensions('<tl:work queue="maintenance" effort="20"/>')
    before = (
        start(), element("task", "check", work, name="Check"), element("exclusiveGateway", "ok", default="ok-end"),
        element("boundaryEvent", "late", timer("timeDuration", "PT1H"), attachedToRef="check"), end(), end("no"),
        path("start -> check -> ok -> end"), flow("ok -> no", "a > 1"), path("late -> no"),
    )  # fmt: skip
    work = extensions('<tl:work queue="opening" effort="20"/>')
    after = (
        start(), element("userTask", "check", work, name="Check all"), element("exclusiveGateway", "ok"),
        element("boundaryEvent", "late", timer("timeDuration", "PT2H"), attachedToRef="check", cancelActivity="false"),
        end(), end("no"), path("start -> check -> ok -> end"), flow("ok -> no", "a > 2"), path("late -> no"),
    )  # fmt: skip
    found = changes(between(before, after))
    assert found["check"] == {
        "tag": ("task", "userTask"),
        "name": ("Check", "Check all"),
        "kind": (None, "work"),
        "attributes.work.queue": ("maintenance", "opening"),
    }
    assert found["late"] == {"triggers.timer.timeDuration": ("PT1H", "PT2H"), "interrupting": (True, False)}
    assert found["ok"] == {"default": ("end", None)}
    assert found["ok-no"] == {"condition": ("a > 1", "a > 2")}


def test_another_lane_is_a_change_of_the_node():
    def lanes(first: str, second: str) -> str:
        def lane(id: str, name: str, member: str) -> str:
            return element("lane", id, f"<bpmn:flowNodeRef>{member}</bpmn:flowNodeRef>", name=name)

        return element("laneSet", "lanes", lane("l1", "Client", first) + lane("l2", "Operations", second))

    found = between((lanes("check", "send"), *BEFORE), (lanes("send", "check"), *BEFORE))
    assert changes(found) == {"check": {"lane": ("Client", "Operations")}, "send": {"lane": ("Operations", "Client")}}


def test_a_process_may_change_its_name():
    before, after = process(*BEFORE, name="Old"), process(*BEFORE, name="New")
    (found,) = difference(parse(before), parse(after)).changed
    assert found.changes == (Change("name", "Old", "New"),)


def test_what_repeats_calls_and_assigns_is_compared_by_its_parts_and_not_by_its_lines():
    def model(items: str, more: str = "") -> tuple[str, ...]:
        loop = f"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>{items}</bpmn:loopCardinality>"
        return more, element(
            "callActivity", "call", f"{loop}</bpmn:multiInstanceLoopCharacteristics>", calledElement="x"
        )

    assert not between(model("3"), model("3", "\n\n\n"))
    [(what, (before, after))] = changes(between(model("3"), model("4")))["call"].items()
    assert what == "details.loop"
    assert {name for name in after if before[name] != after[name]} == {"cardinality.text"}


def test_a_repetition_that_is_new_or_another_is_one_change():
    plain = element("userTask", "look")
    again = element("userTask", "look", '<bpmn:standardLoopCharacteristics testBefore="true" loopMaximum="3"/>')
    each = element(
        "userTask",
        "look",
        '<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>3</bpmn:loopCardinality>'
        "</bpmn:multiInstanceLoopCharacteristics>",
    )
    for before, after in ((plain, again), (again, each), (each, plain)):
        assert list(changes(between((before,), (after,)))["look"]) == ["details.loop"]


@pytest.mark.parametrize("tag", ["subProcess", "transaction"])
def test_what_a_sub_process_holds_is_compared_too(tag):
    def model(inner: str) -> tuple[str, ...]:
        held = start("s") + user(inner) + path(f"s -> {inner}")
        return start(), element(tag, "sub", held), path("start -> sub")

    found = between(model("a"), model("b"))
    assert {thing.id for thing in found.added} == {"b", "s-b"}
    assert {thing.id for thing in found.removed} == {"a", "s-a"}


DEFINED = (
    '<bpmn:message id="m" name="pay"><bpmn:extensionElements><zeebe:subscription xmlns:zeebe='
    '"http://camunda.org/schema/zeebe/1.0" correlationKey="=order"/></bpmn:extensionElements></bpmn:message>'
    '<bpmn:signal id="s" name="closed"/><bpmn:error id="e" errorCode="late"/>'
    '<bpmn:escalation id="x" escalationCode="hurry"/>'
)
REFERRING = (
    start(),
    element("intermediateCatchEvent", "paid", '<bpmn:messageEventDefinition messageRef="m"/>'),
    element("intermediateThrowEvent", "hurry", '<bpmn:escalationEventDefinition escalationRef="x"/>'),
    element("intermediateThrowEvent", "tell", '<bpmn:signalEventDefinition signalRef="s"/>'),
    element("endEvent", "late", '<bpmn:errorEventDefinition errorRef="e"/>'),
    path("start -> paid -> hurry -> tell -> late"),
)


def defining(definitions: str, *parts: str) -> bytes:
    return process(*parts).replace(b"</bpmn:definitions>", definitions.encode() + b"</bpmn:definitions>")


@pytest.mark.parametrize(
    ("before", "after", "element", "what"),
    [
        ("pay", "settle", "paid", "refers.message.name"),
        ("closed", "open", "tell", "refers.signal.name"),
        ("late", "lost", "late", "refers.error.code"),
        ("hurry", "wait", "hurry", "refers.escalation.code"),
    ],
)
def test_what_a_message_signal_error_or_escalation_says_is_a_change_of_the_event_that_refers_to_it(
    before, after, element, what
):
    one, other = defining(DEFINED, *REFERRING), defining(DEFINED.replace(before, after), *REFERRING)
    assert changes(difference(parse(one), parse(other))) == {element: {what: (before, after)}}
    assert not difference(parse(one), parse(defining("\n\n" + DEFINED, *REFERRING)))


def test_by_what_a_message_is_recognised_is_a_change_of_its_receiver_wherever_it_is_written():
    def of_the_standard(path: str) -> bytes:
        held = f'<bpmn:correlationPropertyBinding correlationPropertyRef="k"><bpmn:dataPath>{path}</bpmn:dataPath>'
        binding = f"{held}</bpmn:correlationPropertyBinding>"
        known = '<bpmn:correlationProperty id="k" name="order"/>'
        return defining(
            '<bpmn:message id="m" name="pay"/>' + known, *REFERRING, element("correlationSubscription", "c", binding)
        )

    def of_the_message(path: str) -> bytes:
        return defining(DEFINED.replace("=order", path), *REFERRING)

    for model in (of_the_standard, of_the_message):
        found = changes(difference(parse(model("=order")), parse(model("=client"))))
        assert list(found) == ["paid"]
        ((what, (before, after)),) = found["paid"].items()
        assert (what, before[0].split(": ")[1], after[0].split(": ")[1]) == ("recognised_by", "=order", "=client")


def test_another_handler_of_a_compensation_is_a_change_of_what_it_undoes():
    def model(handler: str) -> tuple[str, ...]:
        undoing = element("boundaryEvent", "undo", "<bpmn:compensateEventDefinition/>", attachedToRef="send")
        line = element("association", "line", sourceRef="undo", targetRef=handler)
        handlers = (user(name, isForCompensation="true") for name in ("recall", "shred"))
        return (*BEFORE, undoing, *handlers, line)

    assert changes(between(model("recall"), model("shred"))) == {"send": {"undone_by": ("recall", "shred")}}
