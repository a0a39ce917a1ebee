"""What differs between two versions of a drawing, by element id: codes and values, no sentences.

What only moved on the page, stands on another line of the file or was drawn again with the same content is no change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from processes.engine.compile_rules import keys_of
from processes.engine.details import Assignment, Loop
from processes.engine.document import Document, Element, Flow, Frame, Process, Trigger
from processes.engine.structure import Structure

Thing = Element | Flow | Frame | Process
PLACE = frozenset(("id", "line"))
NODE_PLACE = PLACE | {"members"}  # lanes hold them; said of the node


@dataclass(frozen=True, slots=True)
class Change:
    """One property that differs. what: a code such as "name", "condition", "triggers.timer.timeDuration",
    "attributes.work.queue", "lane", "comes_from", "leads_to", "undone_by", "recognised_by",
    "refers.message.name"; a value is None where there is none, and a mapping of its
    parts for "details.loop"."""

    what: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Changed:
    """A thing that both versions hold, with every property that differs."""

    before: Thing
    after: Thing
    changes: tuple[Change, ...]

    @property
    def id(self) -> str:
        """Its id in the later version."""
        return self.after.id


@dataclass(frozen=True, slots=True)
class Difference:
    """Nodes, flows, pools, lanes and processes, each in the order of its document."""

    added: tuple[Thing, ...] = ()
    removed: tuple[Thing, ...] = ()
    changed: tuple[Changed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def difference(before: Document, after: Document) -> Difference:
    """What to do to the first document to get the second."""
    old, new = _things(before), _things(after)
    pairs = {name: name for name in new if name in old and type(old[name]) is type(new[name])}
    pairs |= _drawn_again(old, new, pairs)
    seen_old, seen_new = _Surroundings(before), _Surroundings(after)
    changed = []
    for name, earlier in pairs.items():
        one = seen_old.properties(old[earlier])
        other = seen_new.properties(new[name])
        if changes := tuple(_changes(one, other)):
            changed.append(Changed(old[earlier], new[name], changes))
    kept = set(pairs.values())
    return Difference(
        added=tuple(thing for name, thing in new.items() if name not in pairs),
        removed=tuple(thing for name, thing in old.items() if name not in kept),
        changed=tuple(changed),
    )


def _things(document: Document) -> dict[str, Thing]:
    groups = (document.processes, document.frames, document.elements.values(), document.flows.values())
    found: dict[str, Thing] = {}
    for thing in (thing for group in groups for thing in group):
        found.setdefault(thing.id, thing)
    return found


def _drawn_again(old: Mapping[str, Thing], new: Mapping[str, Thing], pairs: Mapping[str, str]) -> dict[str, str]:
    """Flows with another id but the same ends and content: tools make a new id when a line is drawn again."""
    kept = set(pairs.values())
    left = {_content(thing): name for name, thing in old.items() if isinstance(thing, Flow) and name not in kept}
    found = {}
    for name, thing in new.items():
        if isinstance(thing, Flow) and name not in pairs and (earlier := left.pop(_content(thing), None)):
            found[name] = earlier
    return found


def _content(flow: Flow) -> tuple[Any, ...]:
    return tuple(getattr(flow, field.name) for field in fields(flow) if field.name not in PLACE)


class _Surroundings:
    """What a document says of a thing: its neighbours, its lane, what undoes it and the messages, signals, errors and
    escalations that it refers to included."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lanes: dict[str, list[str]] = {}
        self.comes_from: dict[str, list[str]] = {}
        self.leads_to: dict[str, list[str]] = {}
        for frame in document.frames:
            for member in frame.members:
                self.lanes.setdefault(member, []).append(frame.name or frame.id)
        self.handlers = Structure(document, [*document.elements.values()], [*document.flows.values()]).handlers
        self.process = {scope.id: one.id for one in document.processes for scope in document.inside(one.id)}
        for flow in document.flows.values():
            self.leads_to.setdefault(flow.source, []).append(flow.target)
            self.comes_from.setdefault(flow.target, []).append(flow.source)

    def properties(self, thing: Thing) -> dict[str, Any]:
        """Every property by its code, without those that have no value."""
        found: dict[str, Any] = {}
        for field in fields(thing):
            if field.name not in NODE_PLACE:
                found.update(_flat(field.name, getattr(thing, field.name)))
        if isinstance(thing, Element):
            found["default"] = self._target(thing.default)
            found["lane"] = ", ".join(self.lanes.get(thing.id, ()))
            found["comes_from"] = tuple(sorted(self.comes_from.get(thing.id, ())))
            found["leads_to"] = tuple(sorted(self.leads_to.get(thing.id, ())))
            found["undone_by"] = self.handlers.get(thing.id, "")
            found.update(self._referred(thing))
        if "details.loop" in found:
            found.pop("loop")  # its parts say it
        told = {code: value for code, value in found.items() if not code.startswith("details.keys")}  # recognised_by
        return {code: value for code, value in told.items() if value not in ("", (), None)}

    def _referred(self, element: Element) -> Iterator[tuple[str, Any]]:
        """What stands elsewhere in the file and counts here: names, codes, and what a message is recognised by."""
        names = [element.reference, *(trigger.reference for trigger in element.triggers)]
        given = [self.document.definitions[name] for name in names if name in self.document.definitions]
        yield from _flat("refers", tuple(replace(one, keys=()) for one in given))
        keys = keys_of(element, self.document, self.process.get(element.scope, ""))
        yield "recognised_by", tuple(map(_said, keys))

    def _target(self, flow: str) -> str:
        """Where a default flow leads: its own id may be another one in the other version."""
        return self.document.flows[flow].target if flow in self.document.flows else flow


def _said(key: Assignment) -> str:
    """A key of a message as one value, however it is written."""
    language = f" ({key.source.language})" if key.source.language else ""
    return f"{key.target}: {key.source.text}{language}"


def _flat(code: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A value by codes: every part of a mapping, of a row and of what has parts of its own, lines left out."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _flat(f"{code}.{name}", part)
    elif isinstance(value, Trigger):
        yield code, value.kind
        yield f"{code}.{value.form or 'text'}", value.text
        yield from _parts(code, value, PLACE | {"kind", "form", "text"})
    elif isinstance(value, Loop):  # one thing to a reader, however many parts it has
        yield code, {name.removeprefix(f"{code}."): part for name, part in _parts(code, value, PLACE)}
    elif is_dataclass(value):
        yield from _parts(code, value, PLACE)
    elif isinstance(value, tuple) and any(map(is_dataclass, value)):
        names = [_name(part) for part in value]
        for number, (name, part) in enumerate(zip(names, value), 1):
            yield from _flat(f"{code}.{name if name and names.count(name) == 1 else number}", part)
    else:
        yield code, value


def _parts(code: str, value: Any, without: frozenset[str]) -> Iterator[tuple[str, Any]]:
    for field in fields(value):
        if field.name not in without:
            yield from _flat(f"{code}.{field.name}", getattr(value, field.name))


def _name(part: Any) -> str:
    """What tells a part of a row from the others: the kind of an event definition, the variable of an assignment, what
    is referred to."""
    return str(getattr(part, "kind", "") or getattr(part, "target", "") or getattr(part, "tag", ""))


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for code in dict.fromkeys((*before, *after)):
        one, other = before.get(code), after.get(code)
        if one != other:
            yield Change(code, one, other)
