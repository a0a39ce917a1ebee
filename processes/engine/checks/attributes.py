"""What our extension elements must say before a model is used: queue, matrix, request, connector, both languages."""

from __future__ import annotations

from collections.abc import Iterator

from processes.engine.document import Element, Scope
from processes.engine.extensions import LANGUAGES
from processes.engine.report import Finding
from processes.engine.words import either
from rulebook.said import Said
from rulebook.said import gettext_noop as _

NAMED = ("userTask", "manualTask", "serviceTask")
KINDS = {"userTask": ("work", "approval", "client"), "manualTask": ("work",)}
OUTCOMES = ("", "completed", "rejected", "cancelled")
MILESTONE_EVENTS = {("startEvent", ""), ("endEvent", ""), ("intermediateThrowEvent", "")}
NUMBERS = {"effort": (1, 100_000), "priority": (1, 5)}


def check_attributes(scope: Scope, *, top: bool) -> Iterator[Finding]:
    """Findings about the extension attributes of a scope's elements. top: the scope is a process."""
    for element in scope.elements:
        for message in _messages(element, top=top):
            yield Finding(element.id, element.line, message, lacking=True)


def check_milestones(scopes: tuple[Scope, ...]) -> Iterator[Finding]:
    """A milestone key means one step: several events may reach it, but with the same names."""
    first: dict[str, Element] = {}
    for element in (element for scope in scopes for element in scope.elements):
        texts = element.attributes.get("milestone")
        if not texts or not texts.get("key"):
            continue
        earlier = first.setdefault(texts["key"], element)
        if earlier.attributes["milestone"] != texts:
            sentence = _('Expected one meaning of milestone "%(key)s", but %(other)s names it differently.')
            message = Said(sentence, key=texts["key"], other=earlier.called())
            yield Finding(element.id, element.line, message, blocks=True)


def _messages(element: Element, *, top: bool) -> Iterator[str]:
    if element.tag in NAMED:
        yield from _name_messages(element)
        yield from _kind_messages(element)
    if "milestone" in element.attributes:
        yield from _milestone_messages(element)
    if element.outcome:
        yield from _outcome_messages(element, top=top)


def _name_messages(element: Element) -> Iterator[str]:
    if not element.name:
        yield _about(element, _("Expected an English name on %(element)s, but it has none."))
    if not element.name_zh:
        yield _lacking(element, "name", "zh-Hans")


def _kind_messages(element: Element) -> Iterator[str]:
    allowed = KINDS.get(element.tag)
    if not element.kind:
        yield _about(element, _("Expected tl:kind on %(element)s, but it has none."))
    elif allowed and element.kind not in allowed:
        sentence = _('Expected tl:kind of %(element)s to be %(expected)s, but it is "%(found)s".')
        yield _about(element, sentence, expected=either(allowed), found=element.kind)
    elif element.kind == "work":
        yield from _work_messages(element)
    elif element.kind == "approval":
        yield from _needs(element, "approval", "matrix")
    elif element.kind == "client":
        yield from _client_messages(element)
    elif element.kind == "custodian":
        yield from _needs(element, "call", "connector", "operation")


def _work_messages(element: Element) -> Iterator[str]:
    yield from _needs(element, "work", "queue")
    work = element.attributes.get("work", {})
    for name, (low, high) in NUMBERS.items():
        value = work.get(name, str(low))
        if not (value.isdecimal() and low <= int(value[:9]) <= high):
            sentence = _('Expected %(name)s of %(element)s from %(low)s to %(high)s, but it is "%(found)s".')
            yield _about(element, sentence, name=name, low=low, high=high, found=value)


def _client_messages(element: Element) -> Iterator[str]:
    yield from _needs(element, "request", "form")
    for part in ("title", "text"):
        yield from _needs(element, part, *LANGUAGES)


def _milestone_messages(element: Element) -> Iterator[str]:
    if (element.tag, element.trigger) not in MILESTONE_EVENTS:
        yield _about(
            element, _("Expected milestones on start, end and none throw events only, but %(element)s has one.")
        )
    yield from _needs(element, "milestone", "key", *LANGUAGES)


def _outcome_messages(element: Element, *, top: bool) -> Iterator[str]:
    if element.tag != "endEvent" or not top:
        yield _about(
            element, _("Expected tl:outcome on end events of the process itself only, but %(element)s has one.")
        )
    if element.outcome not in OUTCOMES:
        sentence = _('Expected tl:outcome of %(element)s to be %(expected)s, but it is "%(found)s".')
        yield _about(element, sentence, expected=either(list(filter(None, OUTCOMES))), found=element.outcome)


def _needs(element: Element, part: str, *names: str) -> Iterator[str]:
    given = element.attributes.get(part, {})
    for name in names:
        if not given.get(name, "").strip():
            yield _lacking(element, part, name)


def _lacking(element: Element, part: str, name: str) -> str:
    return _about(element, _("Expected %(what)s on %(element)s, but it has none."), what=f'<tl:{part} {name}="…"/>')


def _about(element: Element, sentence: str, **given: object) -> str:
    return Said(sentence, element=element.called(), **given)
