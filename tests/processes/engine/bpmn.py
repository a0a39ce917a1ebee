"""Writes BPMN files for tests: elements by short calls, flows as "a -> b"."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:tl="urn:throughline:bpmn:1" targetNamespace="urn:test">\n'
)


def element(tag: str, id: str, inner: str = "", **attributes: str) -> str:
    """One element; `tl_kind="work"` becomes `tl:kind`."""
    given = "".join(f" {name.replace('tl_', 'tl:')}={quoteattr(value)}" for name, value in attributes.items())
    return f"<bpmn:{tag} id={quoteattr(id)}{given}>{inner}</bpmn:{tag}>\n"


def extensions(inner: str) -> str:
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def flow(text: str, condition: str = "", id: str = "") -> str:
    """ "a -> b" as a sequence flow with id "a-b"."""
    source, target = (end.strip() for end in text.split("->"))
    inner = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
    return element("sequenceFlow", id or f"{source}-{target}", inner, sourceRef=source, targetRef=target)


def path(text: str) -> str:
    """ "a -> b -> c" as sequence flows."""
    nodes = [node.strip() for node in text.split("->")]
    return "".join(flow(f"{source} -> {target}") for source, target in zip(nodes, nodes[1:]))


def timer(form: str, text: str) -> str:
    """A timer definition: form is timeDuration, timeDate or timeCycle."""
    inner = f"<bpmn:{form}>{escape(text)}</bpmn:{form}>"
    return f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"


def start(id: str = "start") -> str:
    return element("startEvent", id)


def end(id: str = "end", **attributes: str) -> str:
    return element("endEvent", id, **attributes)


def user(id: str, **attributes: str) -> str:
    return element("userTask", id, **attributes)


def milestone(key: str) -> str:
    return extensions(f'<tl:milestone key="{key}" en="{key}" zh-Hans="{key}"/>')


def process(*parts: str, id: str = "p", **attributes: str) -> bytes:
    """A file with one process."""
    body = element("process", id, "\n" + "".join(parts), isExecutable="true", **attributes)
    return (HEAD + body + "</bpmn:definitions>\n").encode()
