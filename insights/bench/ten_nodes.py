"""The models of the engine's benchmark: ten nodes with an AND and an XOR, and chains of any length."""

from __future__ import annotations

PROCESS = "ten_nodes"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:tl="urn:throughline:bpmn:1" targetNamespace="urn:bench">\n'
)
NODES = """
<bpmn:startEvent id="received"/>
{check}
<bpmn:boundaryEvent id="late" attachedToRef="check"><bpmn:timerEventDefinition>
  <bpmn:timeDuration>{duration}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
<bpmn:exclusiveGateway id="large" default="usual"/>
<bpmn:endEvent id="stopped"/>
<bpmn:parallelGateway id="split"/>
{book}
{inform}
<bpmn:parallelGateway id="join"/>
<bpmn:endEvent id="done"/>
"""
FLOWS = (
    ("received", "check"), ("check", "large"), ("late", "stopped"), ("split", "book"), ("split", "inform"),
    ("book", "join"), ("inform", "join"), ("join", "done"),
)  # fmt: skip
TASKS = 3


def ten_nodes(*, duration: str = "PT72H", queue: str = "") -> str:
    """Check (watched by a timer), then stop if it is large, else book and inform at once.

    duration: of the timer, as the engine that reads it writes it; queue: where the work items go ("": none).
    """
    tasks = {name: _task(name, queue) for name in ("check", "book", "inform")}
    nodes = NODES.format(duration=duration, **tasks)
    flows = "".join(_flow(source, target) for source, target in FLOWS)
    flows += _flow("large", "split", id="usual") + _flow("large", "stopped", condition="amount &gt; 1000")
    return _file(nodes + flows)


def chain(nodes: int) -> str:
    """A start, tasks one after another, an end."""
    names = [f"t{number}" for number in range(nodes - 2)]
    ends = ["start", *names, "end"]
    tasks = "".join(_task(name, "") for name in names)
    flows = "".join(_flow(source, target) for source, target in zip(ends, ends[1:]))
    return _file(f'<bpmn:startEvent id="start"/>{tasks}<bpmn:endEvent id="end"/>{flows}')


def _file(inner: str) -> str:
    name = '<bpmn:extensionElements><tl:name zh-Hans="十个节点"/></bpmn:extensionElements>'
    process = f'<bpmn:process id="{PROCESS}" name="Ten nodes" isExecutable="true">{name}{inner}</bpmn:process>'
    return f"{HEAD}{process}\n</bpmn:definitions>\n"


def _task(name: str, queue: str) -> str:
    inner = f'<tl:name zh-Hans="{name}"/>' + (f'<tl:work queue="{queue}"/>' if queue else "")
    extensions = f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"
    return f'\n<bpmn:userTask id="{name}" name="{name}">{extensions}</bpmn:userTask>'


def _flow(source: str, target: str, *, condition: str = "", id: str = "") -> str:
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    name = id or f"{source}-{target}"
    return f'\n<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
