"""Data associations that say more than which data goes with an activity: their assignments are mappings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from processes.engine.details import Assignment, Formula
from processes.engine.harden import line_of
from processes.engine.values import PATH
from processes.engine.vendors import MARKS, NAME

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SIDES = ("input", "output")
INPUT, OUTPUT = "dataInputAssociation/assignment", "dataOutputAssociation/assignment"
Names = Mapping[str, str]


def assigned_data(node: etree._Element, side: str, names: Names) -> tuple[Assignment, ...]:
    """Mappings that the associations of a node write as assignments. side: "input" or "output"."""
    given = (child for holder in _associations(node, side) for child in _children(holder, "assignment"))
    return tuple(pair for pair in (_mapping(child, names) for child in given) if pair is not None)


def unread_data(node: etree._Element, names: Names) -> Iterator[str]:
    """What its associations ask for that is not carried out: transformations, assignments that are none of ours."""
    for side, name in zip(SIDES, (INPUT, OUTPUT)):
        for holder in _associations(node, side):
            yield from ("transformation" for _child in _children(holder, "transformation"))
            yield from (name for child in _children(holder, "assignment") if _mapping(child, names) is None)


def renamed_data(node: etree._Element, names: Names) -> Iterator[str]:
    """Associations that would give data another name inside the activity: here it keeps its own."""
    repeated = {_text(one) for tag in ("loopDataInputRef", "loopDataOutputRef") for one in node.iter(f"{MODEL}{tag}")}
    for side, outer, inner in (("input", "sourceRef", "targetRef"), ("output", "targetRef", "sourceRef")):
        declared = {str(one.get("id")): one.get("name", "") for one in node.iter(f"{MODEL}data{side.title()}")}
        for holder in _associations(node, side):
            whole, part = _text(holder.find(f"{MODEL}{outer}")), _text(holder.find(f"{MODEL}{inner}"))
            within, around = declared.get(part, ""), names.get(whole, whole)
            plain = part not in repeated and not holder.findall(f"{MODEL}assignment")
            if plain and NAME.fullmatch(within) and around not in (whole, within):
                yield f"data{side.title()}Association"


def _mapping(node: etree._Element, names: Names) -> Assignment | None:
    """An assignment from an expression that says its language, or bears a mark, to a variable or a part of one."""
    source, target = node.find(f"{MODEL}from"), _text(node.find(f"{MODEL}to"))
    target = target.removeprefix("=").removeprefix("${").removesuffix("}").strip()
    target, text = names.get(target, target), _text(source)
    language = "" if source is None else source.get("language") or _language_of_the_file(node)
    ours = text.startswith(("=", *MARKS)) or "feel" in language.lower()
    if source is None or not (ours and (NAME.fullmatch(target) or PATH.fullmatch(target))):
        return None
    return Assignment(target, Formula(text, source.get("language", ""), line_of(source)))


def _language_of_the_file(node: etree._Element) -> str:
    return str(node.getroottree().getroot().get("expressionLanguage", ""))


def _associations(node: etree._Element, side: str) -> Iterator[etree._Element]:
    return _children(node, f"data{side.title()}Association")


def _children(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    return node.iterchildren(f"{MODEL}{tag}")


def _text(node: etree._Element | None) -> str:
    return "" if node is None else "".join(map(str, node.itertext())).strip()
