"""What the standard demands of events among themselves: where each may stand and what it needs beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from processes.engine.document import ACTIVITIES, Document, Element, Scope
from processes.engine.report import Finding
from rulebook.said import Said
from rulebook.said import gettext_noop as _

CHOICES = frozenset(("message", "timer", "signal", "conditional"))
ALWAYS_INTERRUPT = frozenset(("error", "cancel"))


def check_events(document: Document, scope: Scope, cancelled: frozenset[str]) -> Iterator[Finding]:
    """Events, event-based gateways, event sub-processes and compensation activities where they do not belong.

    cancelled: transactions with a cancel event on them.
    """
    behind: dict[str, list[str]] = {}
    for flow in scope.flows:
        behind.setdefault(flow.source, []).append(flow.target)
    ends = {end for flow in scope.flows for end in (flow.source, flow.target)}
    yield from _check_links(scope)
    for element in scope.elements:
        yield from _check_boundary(document, element)
        yield from _check_interrupting(element)
        yield from _check_cancel(document, element, cancelled)
        yield from _check_apart(element, ends)
        if element.tag == "eventBasedGateway":
            yield from _check_choices(document, element, behind.get(element.id, []))


def _check_links(scope: Scope) -> Iterator[Finding]:
    links = [e for e in scope.elements if e.trigger == "link" and e.triggers[0].text]
    caught = Counter(e.triggers[0].text for e in links if e.tag == "intermediateCatchEvent")
    for element in links:
        name = element.triggers[0].text
        if element.tag == "intermediateThrowEvent" and not caught[name]:
            sentence = _('Expected a catching end of the link "%(name)s" beside %(element)s, but there is none.')
            yield _wrong(element, sentence, name=name)
        if element.tag == "intermediateCatchEvent" and caught[name] > 1:
            sentence = _('Expected one catching end of the link "%(name)s", but %(element)s is one of %(count)s.')
            yield _wrong(element, sentence, name=name, count=caught[name])


def _check_boundary(document: Document, element: Element) -> Iterator[Finding]:
    host = document.elements.get(element.attached_to)
    if element.tag != "boundaryEvent" or host is None:
        return
    if host.event_sub_process:
        sentence = _("Expected no event on an event sub-process, but %(element)s is on %(host)s.")
        yield _wrong(element, sentence, host=host.called())
    if element.trigger == "cancel" and host.tag != "transaction":
        yield _wrong(element, _("Expected %(element)s on a transaction, but it is on %(host)s."), host=host.called())


def _check_interrupting(element: Element) -> Iterator[Finding]:
    catches = element.tag in ("boundaryEvent", "startEvent")
    if catches and element.trigger in ALWAYS_INTERRUPT and not element.interrupting:
        sentence = _("Expected %(element)s to interrupt: an event of this kind always does, whatever is drawn.")
        yield Finding(element.id, element.line, Said(sentence, element=element.called()))


def cancelled_transactions(document: Document) -> frozenset[str]:
    """Activities with a cancel event on them."""
    return frozenset(e.attached_to for e in document.elements.values() if e.trigger == "cancel" and e.attached_to)


def _check_cancel(document: Document, element: Element, cancelled: frozenset[str]) -> Iterator[Finding]:
    if element.tag != "endEvent" or element.trigger != "cancel":
        return
    holder = document.elements.get(element.scope)
    while holder is not None and holder.tag != "transaction":
        holder = document.elements.get(holder.scope)
    if holder is None:
        yield _wrong(element, _("Expected %(element)s inside a transaction, but it is in none."))
        return
    if holder.id not in cancelled:
        sentence = _("Expected a cancel event on %(holder)s, since %(element)s cancels it.")
        message = Said(sentence, holder=holder.called(), element=element.called())
        yield Finding(element.id, element.line, message, blocks=True, legal=True)


def _check_apart(element: Element, ends: set[str]) -> Iterator[Finding]:
    if element.id not in ends:
        return
    if element.event_sub_process:
        yield _wrong(element, _("Expected no flow into or out of %(element)s: an event begins it."))
    if element.for_compensation and element.tag in ACTIVITIES:
        yield _wrong(element, _("Expected no flow into or out of %(element)s: compensation begins it."))


def _check_choices(document: Document, gateway: Element, behind: list[str]) -> Iterator[Finding]:
    targets = [document.elements.get(name) for name in behind]
    if not targets:
        yield _wrong(gateway, _("Expected events behind %(element)s, but no flow leaves it."))
    for target in targets:
        if target is None:
            continue
        caught = target.tag == "intermediateCatchEvent" and target.trigger in CHOICES
        if not caught and target.tag != "receiveTask":
            sentence = _("Expected events or receive tasks behind %(element)s, but there is %(found)s.")
            yield _wrong(gateway, sentence, found=target.called())
    if gateway.gateway == "Parallel" and not gateway.instantiate:
        yield _wrong(gateway, _("Expected %(element)s to begin a process, since it waits for all of its events."))


def _wrong(element: Element, sentence: str, **given: object) -> Finding:
    return Finding(element.id, element.line, Said(sentence, element=element.called(), **given), blocks=True)
