"""Types of a DMN file as types of a table: the language's own, and the item definitions of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

TYPES: Mapping[str, str] = {
    "string": "text",
    "number": "number",
    "integer": "number",  # integer, long and double are Camunda's
    "long": "number",
    "double": "number",
    "boolean": "boolean",
    "date": "date",
}


@dataclass(frozen=True, slots=True)
class ItemType:
    """What an item definition says: a type of the language ("" where it is none) and its allowed values as text."""

    base: str
    allowed: str = ""
    is_collection: bool = False


def item_types(root: etree._Element, model: str) -> dict[str, ItemType]:
    """The item definitions of a file by name. model: the namespace of its elements."""
    found = {}
    for node in root.iterchildren(f"{model}itemDefinition"):
        base = (node.findtext(f"{model}typeRef") or "").strip()
        allowed = (node.findtext(f"{model}allowedValues/{model}text") or "").strip()
        found[node.get("name", "")] = ItemType(_local(base), allowed, node.get("isCollection") == "true")
    return found


def column_type(reference: str, items: Mapping[str, ItemType]) -> tuple[str, str]:
    """A table's type and its allowed values as text; the type is "" where a table has none for it."""
    seen: set[str] = set()
    name, allowed = _local(reference), ""
    while name in items and name not in seen:
        seen.add(name)
        allowed = allowed or items[name].allowed
        if items[name].is_collection:
            return "list", ""
        name = items[name].base
    return TYPES.get(name, ""), allowed


def _local(name: str) -> str:
    """`feel:string` as `string`."""
    return name.strip().rpartition(":")[2]
