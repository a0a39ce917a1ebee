"""Which element and which flow of a version is which of another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from processes.engine import Graph, Node
from processes.engine.words import word
from rulebook.said import Said
from rulebook.said import gettext_noop as _

Nodes = Mapping[str, str]
NOT_ALIKE = _('Expected the same kind of element for "%(source)s" (%(one)s), but "%(target)s" is another: %(other)s.')


@dataclass(frozen=True, slots=True)
class Misfit:
    """A given pair that is none. reason: a sentence that calls elements by their ids and tags."""

    source: str
    target: str
    reason: str


class BadMap(ValueError):
    """A given mapping names what is not there or pairs what does not fit. misfits: every one."""

    def __init__(self, misfits: Sequence[Misfit]) -> None:
        super().__init__("\n".join(one.reason for one in misfits))
        self.misfits = tuple(misfits)


def mapping(old: Graph, new: Graph, given: Nodes | None = None) -> dict[str, str]:
    """Which element becomes which: those given, and by id all that are the same kind of element in the same place.

    Raises BadMap.
    """
    given = given or {}
    wrong = [one for source, target in given.items() for one in _misfits(old, new, source, target)]
    if wrong:
        raise BadMap(wrong)
    found = {
        name: name
        for name, node in old.nodes.items()
        if name in new.nodes and is_alike(node, new.nodes[name]) and _stands_alike(old, new, name, given)
    }
    taken = set(given.values())
    return {**{name: target for name, target in found.items() if target not in taken}, **given}


def flow_of(old: Graph, new: Graph, flow: str, nodes: Nodes) -> str:
    """The counterpart of a flow: the only one between the counterparts of its ends, of several the one of its name;
    where there is none, a flow of its name to the same end. "" where it is gone."""
    source, target = nodes.get(old.flows[flow].source, ""), nodes.get(old.flows[flow].target, "")
    between = [one.id for one in new.flows.values() if (one.source, one.target) == (source, target)]
    same = flow in new.flows and new.flows[flow].target == target
    if flow in between or (same and not between):
        return flow
    return between[0] if len(between) == 1 else ""


def path_of(graph: Graph, name: str) -> list[str]:
    """What holds an element, from the inside out; the process itself may be called otherwise."""
    found = []
    while (name := graph.nodes[name].scope) in graph.nodes:
        found.append(name)
    return found


def _stands_alike(old: Graph, new: Graph, name: str, given: Nodes) -> bool:
    """Whether the counterparts of what holds an element in the old version hold it in the new one."""
    return [given.get(holder, holder) for holder in path_of(old, name)] == path_of(new, name)


def is_alike(one: Node, other: Node) -> bool:
    """Whether two elements are the same kind of element."""
    return _kind(one) == _kind(other)


def _misfits(old: Graph, new: Graph, source: str, target: str) -> Iterator[Misfit]:
    if source not in old.nodes:
        reason = Said(_('Expected an element of the old version, but "%(source)s" is none.'), source=source)
        yield Misfit(source, target, reason)
    elif target not in new.nodes:
        sentence = _('Expected an element of the new version for "%(source)s", but "%(target)s" is none.')
        yield Misfit(source, target, Said(sentence, source=source, target=target))
    elif not is_alike(old.nodes[source], new.nodes[target]):
        kinds = {"one": _said(old.nodes[source]), "other": _said(new.nodes[target])}
        yield Misfit(source, target, Said(NOT_ALIKE, source=source, target=target, **kinds))


def _said(node: Node) -> str:
    """What kind of element it is, in words."""
    parts = [word(part) for part in _kind(node) if part]
    said = parts[0]
    for part in parts[1:]:
        said = Said(_("%(kind)s, %(more)s"), kind=said, more=part)
    return said


def _kind(node: Node) -> tuple[str, str, str]:
    element = "event subProcess" if node.event_sub_process else node.element
    return element, node.trigger, node.kind
