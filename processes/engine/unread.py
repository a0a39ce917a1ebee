"""What other tools write into a drawing and carry out themselves, and what the standard has that does not run here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from processes.engine.details import Unread
from processes.engine.read_associations import INPUT, Names, renamed_data, unread_data
from processes.engine.vendors import ALL, JBPM, attribute, extensions_of

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
EXTENSIONS = f"{MODEL}extensionElements"
QUANTITIES = ("startQuantity", "completionQuantity")
BINDINGS = ("calledElement", "decisionRef")
PLAIN_TRANSACTION = ("", "##compensate", "compensate")

# Attributes and extension elements of other tools by name, whichever of their namespaces they are in.
CODE = (
    *("class", "expression", "delegateExpression", "type", "variableMappingClass", "variableMappingDelegateExpression"),
    *("executionListener", "executionListeners", "taskListener", "taskListeners"),
    *("connector", "taskDefinition", "errorEventDefinition"),
    *("onEntry-script", "onExit-script", "taskName", "ruleFlowGroup"),
)
PEOPLE = (
    *("assignee", "candidateUsers", "candidateGroups", "dueDate", "followUpDate", "priority", "formKey", "formRef"),
    *("assignmentDefinition", "taskSchedule", "priorityDefinition", "formDefinition", "formData", "formProperty"),
)
ROLES = frozenset(f"{MODEL}{name}" for name in ("resourceRole", "performer", "humanPerformer", "potentialOwner"))
REST = ("initiator", "skipExpression", "variableName", "variableEvents", "useLocalScopeForResultVariable")
SHOWN = frozenset(f"{MODEL}{tag}" for tag in ("task", "userTask", "manualTask"))  # their inputs decide nothing here
KNOWN = frozenset(space + name for space in (*ALL, JBPM) for name in (*CODE, *PEOPLE, *REST))
ASKED = [f"{what}{of}" for what in ("calledElement", "decisionRef") for of in ("Binding", "Version", "VersionTag")]
SAID = KNOWN | {space + name for space in ALL for name in ASKED} | {*QUANTITIES, "method"}
PLAIN = frozenset(f"{MODEL}{tag}" for tag in ("incoming", "outgoing", "documentation", "conditionExpression"))
NOTHING = Unread()


def read_unread(node: etree._Element, names: Names) -> Unread:
    """All of a flow node, flow or process. names: variables by the id of the data object that stands for them."""
    if all(child.tag in PLAIN for child in node) and not any(str(key) in SAID for key in node.attrib):
        return NOTHING
    own = dict.fromkeys(_foreign(node))
    inside = {**own, **dict.fromkeys(name for one in _definitions(node) for name in _foreign(one))}
    lost = tuple(unread_data(node, names))
    shown = lost if node.tag in SHOWN and set(lost) == {INPUT} else ()
    roles = [_name(str(child.tag)) for child in node if child.tag in ROLES]
    return Unread(
        code=tuple(name for name in inside if name in CODE),
        versions=_once(_versions(node)),
        people=_once((*(name for name in own if name in PEOPLE), *roles)),
        rest=_once((*(name for name in inside if name in REST), *_local(node), *renamed_data(node, names), *shown)),
        beyond=_once((*_beyond(node), *(name for name in lost if name not in shown))),
    )


def _foreign(node: etree._Element) -> Iterator[str]:
    """Known names of what other tools add to a node: attributes that say something, then extension elements."""
    keys = [str(key) for key in node.attrib if str(key) in KNOWN]  # an attribute's value takes a look at all of them
    yield from (_name(key) for key in keys if node.get(key, "").strip())
    for holder in node.iterchildren(EXTENSIONS):
        yield from (_name(str(child.tag)) for child in holder.iterchildren() if child.tag in KNOWN)


def _name(name: str) -> str:
    return name.rpartition("}")[2]


def _local(node: etree._Element) -> Iterator[str]:
    """Parts of hand-overs: variables of the caller's own scope only, and all of them into a signal."""
    yield from ("local" for one in extensions_of(node, "in", "out") if one.get("local") == "true")
    for signal in node.iterchildren(f"{MODEL}signalEventDefinition"):
        yield from ("variables" for one in extensions_of(signal, "in") if one.get("variables"))


def _versions(node: etree._Element) -> Iterator[str]:
    for what in BINDINGS:
        binding = attribute(node, f"{what}Binding")
        if binding not in ("", "latest"):
            yield f"{what}Binding"
        elif not binding:
            yield from (name for name in (f"{what}Version", f"{what}VersionTag") if attribute(node, name))
    for one in extensions_of(node, "calledElement", "calledDecision"):
        if one.get("bindingType", "latest") != "latest":
            yield "bindingType"


def _beyond(node: etree._Element) -> Iterator[str]:
    yield from (name for name in QUANTITIES if node.get(name, "1").strip() not in ("", "1"))
    if node.get("method", "").strip().lower() not in PLAIN_TRANSACTION:
        yield "method"
    for loop in node.iterchildren(f"{MODEL}multiInstanceLoopCharacteristics"):
        if loop.get("behavior", "All").strip().lower() != "all":
            yield "behavior"
        yield from ("variableAggregation" for _one in extensions_of(loop, "variableAggregation"))
    for end in node.iterchildren(f"{MODEL}terminateEventDefinition"):
        if attribute(end, "terminateAll") == "true":
            yield "terminateAll"


def _definitions(node: etree._Element) -> Iterator[etree._Element]:
    yield from (child for child in node.iterchildren(f"{MODEL}*") if str(child.tag).endswith("EventDefinition"))


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
