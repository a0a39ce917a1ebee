"""Our extension elements in a model, namespace `urn:throughline:bpmn:1`; those of other vendors are passed over."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

NAMESPACE = "urn:throughline:bpmn:1"
TL = f"{{{NAMESPACE}}}"
EXTENSIONS = "{http://www.omg.org/spec/BPMN/20100524/MODEL}extensionElements"
LANGUAGES = ("en", "zh-Hans")


def read_extensions(node: etree._Element) -> Mapping[str, Mapping[str, str]]:
    """Our extension elements of a node by local name, each as its attributes."""
    found = {
        etree.QName(child).localname: MappingProxyType({str(key): str(value) for key, value in child.attrib.items()})
        for holder in node.iterchildren(EXTENSIONS)
        for child in holder.iterchildren(f"{TL}*")
    }
    return MappingProxyType(found)


def chinese_name(node: etree._Element) -> str:
    """The Chinese name given by `tl:name`, or nothing."""
    return " ".join(read_extensions(node).get("name", {}).get("zh-Hans", "").split())
