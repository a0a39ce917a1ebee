"""What differs between two DMN files: element by element, of decision tables row by row and cell by cell. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from lxml import etree

from rulebook.dmn.document import Document
from rulebook.dmn.elements import KINDS, Element, read_elements

OLD, NEW = "old", "new"
BESIDE = ("informationRequirement", "knowledgeRequirement", "authorityRequirement", "variable", "extensionElements")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that differs in an element.

    what: type, requires, hit_policy, columns, cell, row_added, row_removed or logic; row: its number, in the new file
    unless it was removed; column: of a cell; before, after: the texts.
    """

    what: str
    before: str = ""
    after: str = ""
    row: int = 0
    column: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An element that differs. how: added, removed or changed; kind: of the element, or itemDefinition."""

    how: str
    kind: str
    name: str
    parts: tuple[Part, ...] = ()


def difference(before: Document, after: Document) -> list[Change]:
    """Every element that differs, in the order of the newer file; those that are gone stand last."""
    old, new = _things(before), _things(after)
    found = []
    for key in dict.fromkeys([*new, *old]):
        one, other = old.get(key), new.get(key)
        if one is None or other is None:
            found.append(Change("removed" if other is None else "added", *key))
        elif parts := tuple(_parts(before, one, after, other)):
            found.append(Change("changed", *key, parts))
    return found


Thing = tuple[etree._Element, Element | None]
Rows = Sequence[Mapping[str, str]]


def _things(document: Document) -> dict[tuple[str, str], Thing]:
    """Elements by kind and name, then the types that the file defines."""
    elements: dict[tuple[str, str], Thing] = {(one.kind, one.name): (one.node, one) for one in read_elements(document)}
    types = document.children(document.root, "itemDefinition")
    return elements | {("itemDefinition", node.get("name", "")): (node, None) for node in types}


def _parts(before: Document, old: Thing, after: Document, new: Thing) -> Iterator[Part]:
    one, other = old[1], new[1]
    if one is None or other is None:
        yield from _told("logic", _text(before, old[0]), _text(after, new[0]))
        return
    yield from _told("type", one.type_ref, other.type_ref)
    yield from _told("requires", _required(one), _required(other))
    first, second = before.child(one.node, "decisionTable"), after.child(other.node, "decisionTable")
    if first is not None and second is not None:
        yield from _of_tables(before, first, after, second)
    elif one.kind in KINDS[1:]:
        yield from _told("logic", logic_of(before, one), logic_of(after, other))


def _told(what: str, before: str, after: str) -> Iterator[Part]:
    if before != after:
        yield Part(what, before, after)


def _required(element: Element) -> str:
    return ", ".join(sorted(one.name for tag in element.asks for one in element.named(tag)))


def _of_tables(before: Document, old: etree._Element, after: Document, new: etree._Element) -> Iterator[Part]:
    yield from _told("hit_policy", policy_of(old), policy_of(new))
    columns, others = columns_of(before, old), columns_of(after, new)
    yield from _told("columns", "; ".join(columns.values()), "; ".join(others.values()))
    rows, later = rows_of(before, old), rows_of(after, new)
    for place, following in _paired(rows, later):
        if place is None and following is not None:
            yield Part("row_added", "", " | ".join(later[following].values()), following + 1)
        elif following is None and place is not None:
            yield Part("row_removed", " | ".join(rows[place].values()), "", place + 1)
        elif place is not None and following is not None:
            yield from _cells(rows[place], later[following], columns | others, following + 1)


def _cells(old: Mapping[str, str], new: Mapping[str, str], columns: Mapping[str, str], row: int) -> Iterator[Part]:
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key, "-"), new.get(key, "-")
        if was != now:
            yield Part("cell", was, now, row, columns.get(key, key))


def policy_of(table: etree._Element) -> str:
    """The hit policy of a table as the file says it, with its aggregation."""
    return " ".join(filter(None, (table.get("hitPolicy", "UNIQUE"), table.get("aggregation", ""))))


def columns_of(document: Document, table: etree._Element) -> dict[str, str]:
    """The columns by what tells them apart, each with what people call it."""
    found: dict[str, str] = {}
    for node in document.children(table, "input", "output"):
        is_input = document.tag(node) == "input"
        text = document.text(document.child(node, "inputExpression")) if is_input else node.get("name", "")
        found[f"{document.tag(node)} {text}"] = node.get("label") or text or document.tag(node)
    return found


def rows_of(document: Document, table: etree._Element) -> list[dict[str, str]]:
    """The rows of a table: cells by the keys of their columns."""
    keys = list(columns_of(document, table))
    return [
        {
            key: document.text(cell) or "-"
            for key, cell in zip(keys, document.children(row, "inputEntry", "outputEntry"))
        }
        for row in document.children(table, "rule")
    ]


def _paired(
    old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]
) -> Iterator[tuple[int | None, int | None]]:
    """Which row became which: the same ones stay, those between them are paired in their order."""
    one, other = [tuple(row.items()) for row in old], [tuple(row.items()) for row in new]
    for _tag, start, end, begin, until in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        for offset in range(max(end - start, until - begin)):
            was, now = start + offset, begin + offset
            yield (was if was < end else None), (now if now < until else None)


def logic_of(document: Document, element: Element) -> str:
    """What an element that is no table says, a line for each name and text in it."""
    held = [node for node in document.children(element.node) if document.tag(node) not in BESIDE]
    return "\n".join(filter(None, (_text(document, node) for node in held)))


def _text(document: Document, node: etree._Element) -> str:
    """All that an expression says, a line for each name and text in it."""
    lines = []
    for each in node.iter(f"{document.model}*"):
        named = " ".join(filter(None, (each.get("name", ""), each.get("typeRef", ""))))
        own = (each.text or "").strip()
        lines += [line for line in (named, own) if line]
    return "\n".join(lines)
