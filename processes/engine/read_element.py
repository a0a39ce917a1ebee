"""Reads one flow node: its attributes, event definitions and details."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from processes.engine.details import Definition
from processes.engine.document import Element, Trigger
from processes.engine.extensions import TL, chinese_name, read_extensions
from processes.engine.harden import line_of
from processes.engine.read_details import Names, keys_of, read_details
from processes.engine.unread import read_unread
from processes.engine.vendors import attribute, formula

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
TIMER_FORMS = ("timeDuration", "timeDate", "timeCycle")
DEFAULT_KINDS = {"userTask": "work", "manualTask": "work"}
REFERENCES = ("messageRef", "signalRef", "errorRef", "escalationRef", "activityRef")
DEFINITIONS = {"message": "", "signal": "", "error": "errorCode", "escalation": "escalationCode"}
MULTI = "LoopCharacteristics"


def read_element(node: etree._Element, element_id: str, tag: str, scope_id: str, names: Names) -> Element:
    """A flow node of a scope. names: variables by the id of the data object that stands for them."""
    loop = next((etree.QName(c).localname for c in node.iterchildren(f"{MODEL}*") if MULTI in str(c.tag)), "")
    stays = node.get("isInterrupting" if tag == "startEvent" else "cancelActivity", "true").strip()
    return Element(
        id=element_id,
        tag=tag,
        name=words(node.get("name", "")),
        name_zh=chinese_name(node),
        line=line_of(node),
        scope=scope_id,
        kind=node.get(f"{TL}kind", DEFAULT_KINDS.get(tag, "")),
        outcome=node.get(f"{TL}outcome", ""),
        attributes=read_extensions(node),
        triggers=tuple(_triggers(node, tag)),
        attached_to=local(node.get("attachedToRef", "")),
        interrupting=stays not in ("false", "0"),
        default=local(node.get("default", "")),
        loop=loop,
        event_sub_process=_true(node.get("triggeredByEvent", "")),
        for_compensation=_true(node.get("isForCompensation", "")),
        reference=local(node.get("messageRef", "")),
        instantiate=_true(node.get("instantiate", "")),
        gateway=node.get("eventGatewayType", ""),
        details=read_details(node, tag, names),
        unread=read_unread(node, names),
    )


def read_definitions(root: etree._Element) -> Iterator[Definition]:
    """Messages, signals, errors and escalations of a file."""
    for tag, code in DEFINITIONS.items():
        for node in root.iterchildren(f"{MODEL}{tag}"):
            name = words(node.get("name", "")) or node.get("id", "")
            given = (node.get(code) or "").strip() if code else ""
            text, local_only = attribute(node, "errorMessage"), attribute(node, "scope") == "processInstance"
            said = formula(node, text) if text else None
            yield Definition(node.get("id", ""), tag, name, given, line_of(node), keys_of(node), said, local_only)


def _triggers(node: etree._Element, tag: str) -> Iterator[Trigger]:
    for child in node.iterchildren(f"{MODEL}*"):
        kind = etree.QName(child).localname
        if kind == "eventDefinitionRef":
            yield Trigger("referenced", "", text_of(child), line_of(child))
        elif kind.endswith("EventDefinition"):
            yield _trigger(node, child, kind.removesuffix("EventDefinition"))


def _trigger(event: etree._Element, node: etree._Element, kind: str) -> Trigger:
    line = line_of(node)
    if kind == "timer":
        return _timer(event, node)
    if kind == "conditional":
        condition = node.find(f"{MODEL}condition")
        language = "" if condition is None else condition.get("language", "")
        return Trigger(kind, "", text_of(condition), line, language=language)
    if kind == "link":
        return Trigger(kind, "", words(node.get("name", "")) or words(event.get("name", "")), line)
    reference = next((node.get(name, "") for name in REFERENCES if node.get(name)), "")
    waits = node.get("waitForCompletion", "true").strip() not in ("false", "0")
    return Trigger(
        kind,
        "",
        "",
        line,
        reference=local(reference),
        waits=waits,
        code_variable=attribute(node, f"{kind}CodeVariable"),
        message_variable=attribute(node, "errorMessageVariable"),
    )


def _timer(event: etree._Element, node: etree._Element) -> Trigger:
    for form in TIMER_FORMS:
        given = node.find(f"{MODEL}{form}")
        if given is not None:
            calendar = next(filter(None, (one.get(f"{TL}calendar", "") for one in (given, node, event))), "")
            language = given.get("language", "")
            return Trigger("timer", form, text_of(given), line_of(given), language=language, calendar=calendar)
    return Trigger("timer", "", "", line_of(node))


def local(reference: str) -> str:
    """A reference without its prefix."""
    return reference.strip().rpartition(":")[2]


def text_of(node: etree._Element | None) -> str:
    """All text in an element."""
    return "" if node is None else "".join(map(str, node.itertext())).strip()


def words(text: str) -> str:
    """Text with single spaces."""
    return " ".join(text.split())


def _true(text: str) -> bool:
    return text.strip() in ("true", "1")
