"""What messages are recognised by, as the standard has it: correlation properties and the processes' subscriptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from processes.engine.details import Correlation, Formula
from processes.engine.harden import line_of

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SENT = ""


def read_correlations(root: etree._Element) -> Mapping[str, tuple[Correlation, ...]]:
    """By process id what its receivers compare; under "" the paths by which a thrown message's keys are found."""
    properties = {str(node.get("id")): node for node in root.iterchildren(f"{MODEL}correlationProperty")}
    found = {str(node.get("id")): tuple(_received(node, properties)) for node in root.iterchildren(f"{MODEL}process")}
    found[SENT] = tuple(one for node in properties.values() for one in _sent(node))
    return {name: given for name, given in found.items() if given}


def _received(process: etree._Element, properties: Mapping[str, etree._Element]) -> Iterator[Correlation]:
    for binding in process.iter(f"{MODEL}correlationPropertyBinding"):
        name = _local(binding.get("correlationPropertyRef", ""))
        held = properties.get(name)
        messages = frozenset(message for message, _ in _retrievals(held)) if held is not None else frozenset()
        path = _formula(binding.find(f"{MODEL}dataPath"))
        if path:
            yield Correlation(_name(held, name), path, messages)


def _sent(node: etree._Element) -> Iterator[Correlation]:
    for message, path in _retrievals(node):
        if path:
            yield Correlation(_name(node, ""), path, frozenset((message,)))


def _retrievals(node: etree._Element) -> Iterator[tuple[str, Formula | None]]:
    for child in node.iterchildren(f"{MODEL}correlationPropertyRetrievalExpression"):
        yield _local(child.get("messageRef", "")), _formula(child.find(f"{MODEL}messagePath"))


def _name(node: etree._Element | None, name: str) -> str:
    return (node.get("name") or str(node.get("id"))) if node is not None else name


def _formula(node: etree._Element | None) -> Formula | None:
    text = "" if node is None else "".join(map(str, node.itertext())).strip()
    return Formula(text, node.get("language", ""), line_of(node)) if node is not None and text else None


def _local(reference: str) -> str:
    return reference.strip().rpartition(":")[2]
