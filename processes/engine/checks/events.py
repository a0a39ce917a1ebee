"""What the standard demands of events among themselves: where each may stand and what it needs beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from processes.engine.document import ACTIVITIES, Document, Element, Scope
from processes.engine.report import Finding
from rulebook.said import Said
from rulebook.said import gettext_noop as _

CHOICES = frozenset(("message", "timer", "signal", "conditional", "multiple"))
MESSAGES_TWICE = _(
    "Expected receive tasks or message events behind %(element)s, but there are both: %(task)s and %(event)s."
)
ON_A_CHOICE = _("Expected no event on a task behind %(gateway)s, where nothing watches it, but %(element)s is.")
ALWAYS_INTERRUPT = frozenset(("error", "cancel"))


def check_events(document: Document, scope: Scope, cancelled: frozenset[str]) -> Iterator[Finding]:
    """Events, event-based gateways, event sub-processes and compensation activities where they do not belong.

    cancelled: transactions with a cancel event on them.
    """
    behind: dict[str, list[str]] = {}
    before = Counter(flow.target for flow in scope.flows)
    for flow in scope.flows:
        behind.setdefault(flow.source, []).append(flow.target)
    ends = {end for flow in scope.flows for end in (flow.source, flow.target)}
    yield from _check_links(scope, behind, before)
    for element in scope.elements:
        yield from _check_boundary(document, element)
        yield from _check_interrupting(element)
        yield from _check_cancel(document, element, cancelled)
        yield from _check_apart(element, ends)
        if element.tag == "eventBasedGateway":
            yield from _check_choices(document, element, behind.get(element.id, []), before)


def _check_links(scope: Scope, leaving: Collection[str], reached: Collection[str]) -> Iterator[Finding]:
    """BPMN 2.0.2, 10.5.5: a link stands for a flow that is not drawn. leaving: what flows leave; reached: lead to."""
    links = [e for e in scope.elements if e.trigger == "link" and e.triggers[0].text]
    caught = Counter(e.triggers[0].text for e in links if e.tag == "intermediateCatchEvent")
    for element in links:
        name, throws = element.triggers[0].text, element.tag == "intermediateThrowEvent"
        if throws and not caught[name]:
            sentence = _('Expected a catching end of the link "%(name)s" beside %(element)s, but there is none.')
            yield _wrong(element, sentence, name=name)
        if not throws and caught[name] > 1:
            sentence = _('Expected one catching end of the link "%(name)s", but %(element)s is one of %(count)s.')
            yield _wrong(element, sentence, name=name, count=caught[name])
        if throws and element.id in leaving:
            yield _wrong(element, _("Expected no flow out of %(element)s, since it goes on where its link is caught."))
        if not throws and element.id in reached:
            yield _wrong(element, _("Expected no flow into %(element)s, since only its link leads to it."))


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


def _check_choices(
    document: Document, gateway: Element, behind: list[str], before: Mapping[str, int]
) -> Iterator[Finding]:
    """BPMN 2.0.2, 10.6.6. before: how many flows lead to each element."""
    targets = [document.elements[name] for name in behind if name in document.elements]
    if len(behind) < 2:
        sentence = _("Expected two or more flows out of %(element)s to choose between, but there is %(count)s.")
        yield _wrong(gateway, sentence, count=len(behind) or Said(_("none")))
    for target in targets:
        caught = target.tag == "intermediateCatchEvent" and target.trigger in CHOICES
        if not caught and target.tag != "receiveTask":
            sentence = _("Expected events or receive tasks behind %(element)s, but there is %(found)s.")
            yield _wrong(gateway, sentence, found=target.called())
        elif before[target.id] > 1:
            sentence = _("Expected only %(gateway)s to lead to %(element)s, but another flow does as well.")
            yield _wrong(target, sentence, gateway=gateway.called())
    yield from _check_tasks_chosen(document, gateway, targets)
    if gateway.gateway == "Parallel" and not gateway.instantiate:
        yield _wrong(gateway, _("Expected %(element)s to begin a process, since it waits for all of its events."))


def _check_tasks_chosen(document: Document, gateway: Element, targets: list[Element]) -> Iterator[Finding]:
    tasks = [target for target in targets if target.tag == "receiveTask"]
    events = [target for target in targets if target.tag != "receiveTask" and target.trigger == "message"]
    if tasks and events:
        yield _wrong(gateway, MESSAGES_TWICE, task=tasks[0].called(), event=events[0].called())
    for event in document.elements.values() if tasks else ():
        if any(event.attached_to == task.id for task in tasks):
            yield _wrong(event, ON_A_CHOICE, gateway=gateway.called())


def _wrong(element: Element, sentence: str, **given: object) -> Finding:
    return Finding(element.id, element.line, Said(sentence, element=element.called(), **given), blocks=True)
