"""User, manual and service task: opened, completed once, with variables."""

from __future__ import annotations

import pytest

from processes.engine import EngineError, TaskCompleted

from .bpmn import element, end, path, process, start


@pytest.mark.parametrize("tag", ["userTask", "manualTask", "serviceTask"])
def test_the_token_waits_until_the_task_is_completed(walk, tag):
    instance = walk(process(start(), element(tag, "check"), end(), path("start -> check -> end")))
    assert instance.start()[-2:] == ["Entered check", "OpenTask check"]
    assert instance.complete("check", verified=True) == [
        "Left check", "Entered end", "Left end", "Finished completed",
    ]  # fmt: skip
    assert instance.state["variables"] == {"verified": True}


def test_a_task_is_completed_once(walk):
    instance = walk(process(start(), element("userTask", "a"), element("userTask", "b"), path("start -> a -> b")))
    instance.start()
    number = next(iter(instance.tasks))
    assert instance.graph.task(instance.state, number) == "a"
    instance.complete("a")
    with pytest.raises(EngineError, match="not open"):
        instance.send(TaskCompleted(number))
    with pytest.raises(EngineError, match="not open"):
        instance.graph.task(instance.state, number)


def test_a_node_carries_what_its_extensions_say(walk):
    inner = (
        '<bpmn:extensionElements><x:other xmlns:x="urn:other"/><tl:name zh-Hans="核对地址"/>'
        '<tl:work queue="maintenance" effort="20"/></bpmn:extensionElements>'
    )
    data = process(start(), element("userTask", "check", inner, name="Check  the\naddress"), path("start -> check"))
    node = walk(data).graph.nodes["check"]
    assert (node.element, node.kind, node.name, node.name_zh) == ("userTask", "work", "Check the address", "核对地址")
    assert node.attributes["work"] == {"queue": "maintenance", "effort": "20"}
    assert node.label("zh-hans") == "核对地址"
    assert node.line > 1
