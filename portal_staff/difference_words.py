"""What differs between two versions of a process, in words: element, what of it, before, after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal_staff.drawing_words import KINDS, TAGS, TRIGGERS, Thing, Words, with_id
from processes.engine.difference import Change, Difference

MOST_LINES = 500
HOW = ("added", "removed", "changed")
SAID_TWICE = "attributes.name.zh-Hans"  # the same as name_zh
PROPERTIES: Mapping[str, str | Promise] = {
    "name": gettext_lazy("Name in English"),
    "name_zh": gettext_lazy("Name in Chinese"),
    "tag": gettext_lazy("What it is"),
    "kind": gettext_lazy("Who does it"),
    "outcome": gettext_lazy("Outcome of the order"),
    "condition": gettext_lazy("Condition"),
    "source": gettext_lazy("Comes from"),
    "target": gettext_lazy("Leads to"),
    "default": gettext_lazy("Otherwise leads to"),
    "lane": gettext_lazy("Lane"),
    "comes_from": gettext_lazy("Comes from"),
    "leads_to": gettext_lazy("Leads to"),
    "undone_by": gettext_lazy("Undone by"),
    "attached_to": gettext_lazy("Stands at the edge of"),
    "interrupting": gettext_lazy("Ends what it stands at"),
    "scope": gettext_lazy("Lies in"),
    "executable": gettext_lazy("Can be run"),
    "attributes.work.queue": gettext_lazy("Queue"),
    "attributes.work.skill": gettext_lazy("Skill"),
    "attributes.work.effort": gettext_lazy("Planned minutes"),
    "attributes.work.priority": gettext_lazy("Priority"),
    "attributes.work.form": gettext_lazy("Form"),
    "attributes.request.form": gettext_lazy("Form"),
    "attributes.approval.matrix": gettext_lazy("Matrix"),
    "attributes.milestone.key": gettext_lazy("Milestone"),
    "attributes.milestone.en": gettext_lazy("Milestone in English"),
    "attributes.milestone.zh-Hans": gettext_lazy("Milestone in Chinese"),
    "attributes.title.en": gettext_lazy("Title in English"),
    "attributes.title.zh-Hans": gettext_lazy("Title in Chinese"),
    "attributes.text.en": gettext_lazy("Text in English"),
    "attributes.text.zh-Hans": gettext_lazy("Text in Chinese"),
    "attributes.call.connector": gettext_lazy("Connected system"),
    "attributes.call.operation": gettext_lazy("What it is asked for"),
    "recognised_by": gettext_lazy("Keys of the message"),
    "refers.message.name": gettext_lazy("Name of the message"),
    "refers.signal.name": gettext_lazy("Name of the signal"),
    "refers.signal.local": gettext_lazy("Signal within this work only"),
    "refers.error.name": gettext_lazy("Name of the error"),
    "refers.error.code": gettext_lazy("Code of the error"),
    "refers.error.said": gettext_lazy("What the error says"),
    "refers.escalation.name": gettext_lazy("Name of the escalation"),
    "refers.escalation.code": gettext_lazy("Code of the escalation"),
    "unread.code": gettext_lazy("Code of another tool"),
    "unread.versions": gettext_lazy("Version that is asked for"),
    "unread.people": gettext_lazy("People, times and forms of another tool"),
    "unread.rest": gettext_lazy("What only another tool carries out"),
    "unread.beyond": gettext_lazy("What does not run here"),
}
TIMES = ("timeDuration", "timeDate", "timeCycle")
TRIGGER_PARTS: Mapping[str, str | Promise] = {
    **dict.fromkeys(TIMES, gettext_lazy("Time")),
    "text": gettext_lazy("Condition"),
    "reference": pgettext_lazy("difference", "Which one"),
    "calendar": gettext_lazy("Calendar"),
    "code_variable": gettext_lazy("Variable for the code"),
    "message_variable": gettext_lazy("Variable for the message"),
}
DETAILS: Mapping[str, str | Promise] = {
    "loop": gettext_lazy("Repetition"),
    "call": gettext_lazy("Process that is called"),
    "decide": gettext_lazy("Decision table"),
    "script": gettext_lazy("Script"),
    "inputs": gettext_lazy("Variables in"),
    "outputs": gettext_lazy("Variables out"),
    "payload": gettext_lazy("Content of the message"),
}
LOOP: Mapping[str, str | Promise] = {  # parts of a repetition, in this order
    "cardinality.text": gettext_lazy("%(value)s times"),
    "collection.text": gettext_lazy("for each of %(value)s"),
    "element": gettext_lazy("each as %(value)s"),
    "condition.text": gettext_lazy("as long as %(value)s"),
    "maximum": gettext_lazy("at most %(value)s times"),
    "until.text": gettext_lazy("until %(value)s"),
    "output.text": gettext_lazy("results in %(value)s"),
    "output": gettext_lazy("results in %(value)s"),
    "output_element.text": gettext_lazy("of each %(value)s"),
}
NEIGHBOURS = frozenset(("source", "target", "default", "comes_from", "leads_to", "undone_by", "attached_to", "scope"))
CODES = {"queue": "queue", "skill": "skill", "matrix": "table"}


@dataclass(frozen=True)
class Line:
    """One row: how ("added", "removed", "changed"), the thing, what it is; for a change what of it, before and after.

    code: of a property for which there is no word.
    """

    how: str
    name: str
    kind: str
    what: str = ""
    code: str = ""
    before: str = ""
    after: str = ""


def difference_lines(found: Difference, before: Words, after: Words) -> Iterator[Line]:
    """What was removed, added and changed, things by their names in the version that has them."""
    removed = {thing.id: before.name(thing.id) for thing in found.removed}
    added = {thing.id: after.name(thing.id) for thing in found.added}
    yield from (_line("removed", thing, removed, added, before) for thing in found.removed)
    yield from (_line("added", thing, added, removed, after) for thing in found.added)
    for one in found.changed:
        for change in (each for each in one.changes if each.what != SAID_TWICE):
            yield _changed(one.after, change, before, after)


def form_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Line]:
    """Forms of the steps that differ."""
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            how = "removed" if key not in after else "added" if key not in before else "changed"
            yield Line(how, key, _("Form"), _("Questions of the form") if how == "changed" else "")


def _line(how: str, thing: Thing, names: Mapping[str, str], others: Mapping[str, str], words: Words) -> Line:
    """One that came or went; with its id where something of the same name went or came."""
    name = names[thing.id]
    return Line(how, with_id(name, thing.id) if name in others.values() else name, words.kind(thing))


def _changed(thing: Thing, change: Change, before: Words, after: Words) -> Line:
    what = _what(change.what)
    one, other = _value(change.what, change.before, before), _value(change.what, change.after, after)
    if one == other:
        one = _told_apart(change.what, change.before, change.after, before)
        other = _told_apart(change.what, change.after, change.before, after)
    return Line("changed", after.name(thing.id), after.kind(thing), what, "" if what else change.what, one, other)


def _told_apart(code: str, value: Any, other: Any, words: Words) -> str:
    """One of two values of which the same is said: neighbours with the ids that only it has, others as written."""
    if code not in NEIGHBOURS:
        return str(value)
    common = set(_ids(value)) & set(_ids(other))
    return "; ".join(words.name(id) if id in common else with_id(words.name(id), id) for id in _ids(value))


def _ids(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _what(code: str) -> str:
    if code in PROPERTIES:
        return str(PROPERTIES[code])
    if code.startswith("refers.error.said."):
        return str(PROPERTIES["refers.error.said"])
    first, *rest = code.split(".")
    if first == "details" and rest:
        return str(DETAILS.get(rest[0], ""))
    if first != "triggers":
        return ""
    return str(TRIGGER_PARTS.get(rest[-1], "")) if len(rest) > 1 else _("What it waits for or causes")


def _value(code: str, value: Any, words: Words) -> str:
    """A value in words; ids of neighbours by their names, "" for none."""
    last = code.rsplit(".", 1)[-1]
    match value:
        case None:
            return ""
        case Mapping():
            return _repetition(value)
        case bool():
            return _("Yes") if value else _("No")
        case tuple() | list():
            return "; ".join(_value(code, each, words) for each in value)
        case str() if code in NEIGHBOURS:
            return words.name(value)
        case str() if code == "tag":
            return str(TAGS.get(value, value))
        case str() if last in TIMES:
            return words.time(value)
        case str() if code == "outcome":
            return words.codes.said("orders.order:state", value)
        case str() if code == "kind":
            return str(KINDS.get(value, value))
        case str() if last in CODES:
            return words.codes.said(CODES[last], value)
        case str() if value in TRIGGERS and code.startswith("triggers"):
            return str(TRIGGERS[value])
    return str(value)


def _repetition(parts: Mapping[str, Any]) -> str:
    """How often and how an activity is repeated, in words."""
    if not parts["many"]:
        first = _("condition looked at before") if parts["test_before"] else _("condition looked at after")
    else:
        first = _("one after the other") if parts["sequential"] else _("all at once")
    said = [str(word) % {"value": parts[name]} for name, word in LOOP.items() if parts.get(name)]
    return "; ".join([first, *said])
