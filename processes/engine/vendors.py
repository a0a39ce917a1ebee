"""Extension elements and attributes of other tools that say what ours say: Camunda 7 and its kin, Camunda 8."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from processes.engine.details import Assignment, Formula, literal
from processes.engine.extensions import EXTENSIONS, TL
from processes.engine.harden import line_of

ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
KIN = (
    CAMUNDA,
    "{http://activiti.org/bpmn}",
    "{http://flowable.org/bpmn}",
    "{http://operaton.org/schema/1.0/bpmn}",
    "{http://cibseven.org/schema/1.0/bpmn}",
)
ALL = (TL, ZEEBE, *KIN)
JBPM = "{http://www.jboss.org/drools}"
MARKS = ("${", "#{")
NAME = re.compile(r"[^\W\d]\w*")


def attribute(node: etree._Element, *names: str) -> str:
    """The first attribute of these names that ours or another tool's namespace gives, or nothing."""
    for name in names:
        for space in (TL, *KIN):
            value = node.get(space + name)
            if value is not None:
                return value.strip()
    return ""


def extensions_of(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Extension elements of these names, ours and other tools', in document order."""
    for holder in node.iterchildren(EXTENSIONS):
        wanted = {space + name for space in ALL for name in names}
        yield from (child for child in holder.iterchildren() if child.tag in wanted)


def extension(node: etree._Element, name: str) -> etree._Element | None:
    """The first extension element of a name."""
    return next(extensions_of(node, name), None)


def formula(node: etree._Element, text: str | None) -> Formula:
    """Text of an extension element or attribute of `node` as its tool means it: ours is FEEL; the others' is an
    expression where it begins with their mark, otherwise the text itself."""
    text, line = (text or "").strip(), line_of(node)
    if str(node.tag).startswith(TL) or text.startswith(("=", *MARKS)):
        return Formula(text, "", line)
    return literal(text, line)


def variable_or_formula(text: str, line: int) -> Formula:
    """A name of a variable, or an expression."""
    return Formula(text.strip(), "", line)


def assignments(node: etree._Element, side: str) -> tuple[Assignment, ...]:
    """Input or output mappings. side: "input" or "output"."""
    found = [_assignment(child) for child in extensions_of(node, side)]
    for holder in extensions_of(node, "ioMapping", "inputOutput"):
        found += [_assignment(child) for child in holder if _is(child, side, f"{side}Parameter")]
    return tuple(found)


def _assignment(node: etree._Element) -> Assignment:
    target = node.get("target") or node.get("name") or ""
    return Assignment(target.strip(), formula(node, node.get("source") or node.text))


def _is(node: etree._Element, *names: str) -> bool:
    return isinstance(node.tag, str) and etree.QName(node).localname in names


def complex_parameters(node: etree._Element) -> Iterator[str]:
    """Names of Camunda 7 parameters that hold a list, a map or a script instead of an expression."""
    for holder in extensions_of(node, "inputOutput"):
        yield from (child.get("name", "") for child in holder if isinstance(child.tag, str) and len(child))
