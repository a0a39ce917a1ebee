"""What our extension elements must say before a model is used: queue, matrix, request, connector, both languages."""

from __future__ import annotations

from collections.abc import Iterator

from processes.engine.document import Element, Scope
from processes.engine.extensions import LANGUAGES
from processes.engine.report import Finding

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
            key, other = texts["key"], earlier.called()
            message = f'Expected one meaning of milestone "{key}", but {other} names it differently.'
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
        yield f"Expected an English name on {element.called()}, but it has none."
    if not element.name_zh:
        yield f'Expected <tl:name zh-Hans="…"/> on {element.called()}, but it has none.'


def _kind_messages(element: Element) -> Iterator[str]:
    allowed = KINDS.get(element.tag)
    if not element.kind:
        yield f"Expected tl:kind on {element.called()}, but it has none."
    elif allowed and element.kind not in allowed:
        yield f'Expected tl:kind of {element.called()} to be {" or ".join(allowed)}, but it is "{element.kind}".'
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
            yield f'Expected {name} of {element.called()} from {low} to {high}, but it is "{value}".'


def _client_messages(element: Element) -> Iterator[str]:
    yield from _needs(element, "request", "form")
    for part in ("title", "text"):
        yield from _needs(element, part, *LANGUAGES)


def _milestone_messages(element: Element) -> Iterator[str]:
    if (element.tag, element.trigger) not in MILESTONE_EVENTS:
        yield f"Expected milestones on start, end and none throw events only, but {element.called()} has one."
    yield from _needs(element, "milestone", "key", *LANGUAGES)


def _outcome_messages(element: Element, *, top: bool) -> Iterator[str]:
    if element.tag != "endEvent" or not top:
        yield f"Expected tl:outcome on end events of the process itself only, but {element.called()} has one."
    if element.outcome not in OUTCOMES:
        expected = " or ".join(outcome for outcome in OUTCOMES if outcome)
        yield f'Expected tl:outcome of {element.called()} to be {expected}, but it is "{element.outcome}".'


def _needs(element: Element, part: str, *names: str) -> Iterator[str]:
    given = element.attributes.get(part, {})
    for name in names:
        if not given.get(name, "").strip():
            yield f'Expected <tl:{part} {name}="…"/> on {element.called()}, but it has none.'
