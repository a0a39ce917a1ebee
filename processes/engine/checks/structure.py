"""What the standard demands of the drawing itself, and nodes that no token reaches or leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from processes.engine.document import ACTIVITIES, UNCONDITIONED, Document, Element, Flow, Scope
from processes.engine.report import Finding
from rulebook.said import Said
from rulebook.said import gettext_noop as _

LINK = "link"


def check_structure(document: Document, scope: Scope) -> Iterator[Finding]:
    """Flows that cross a border, events with flows they may not have, defaults and boundaries that do not fit."""
    for flow in scope.flows:
        yield from _check_flow(document, flow)
    for element in scope.elements:
        yield from _check_default(document, element)
        yield from _check_boundary(document, element)


def check_paths(document: Document, scope: Scope) -> Iterator[Finding]:
    """Nodes that no path from a start reaches, and nodes other than ends that no flow leaves. In an ad-hoc sub-process
    a person chooses what is done next (BPMN 2.0.2, 10.3.5): nothing there needs a way in or out."""
    holder = document.elements.get(scope.id)
    if holder is not None and holder.tag == "adHocSubProcess":
        return
    reached = _reached(scope)
    leaving = Counter(flow.source for flow in scope.flows)
    for element in scope.elements:
        if element.event_sub_process or element.for_compensation:
            continue
        if element.id not in reached:
            yield _lacks(element, _("Expected a path from a start event to %(element)s, but there is none."))
        if not leaving[element.id] and not _may_end(element):
            yield _lacks(element, _("Expected a flow out of %(element)s to an end event, but there is none."))


def _check_flow(document: Document, flow: Flow) -> Iterator[Finding]:
    ends = [document.elements[end] for end in (flow.source, flow.target) if end in document.elements]
    if len(ends) < 2:
        return  # reported as a broken reference
    source, target = ends
    if source.scope != flow.scope or target.scope != flow.scope:
        yield _wrong(flow, _("Expected %(flow)s to stay inside its process or sub-process, but it crosses a border."))
    if target.tag in ("startEvent", "boundaryEvent"):
        sentence = _("Expected %(flow)s to lead to what can be entered, but it leads to %(target)s.")
        yield _wrong(flow, sentence, target=target.called())
    if source.tag == "endEvent":
        sentence = _("Expected %(flow)s to begin where a token goes on, but it begins at %(source)s.")
        yield _wrong(flow, sentence, source=source.called())
    if flow.condition and source.tag in UNCONDITIONED:
        sentence = _("Expected no condition on %(flow)s, but it has one and leaves %(source)s.")
        yield _wrong(flow, sentence, source=source.called())


def _check_default(document: Document, element: Element) -> Iterator[Finding]:
    flow = document.flows.get(element.default)
    if flow is not None and flow.source != element.id:
        sentence = _("Expected the default flow of %(element)s to leave it, but %(flow)s leaves %(source)s.")
        message = Said(sentence, element=element.called(), flow=flow.id, source=flow.source)
        yield Finding(element.id, element.line, message, blocks=True)


def _check_boundary(document: Document, element: Element) -> Iterator[Finding]:
    host = document.elements.get(element.attached_to)
    if host is None:
        return  # reported as a broken reference
    if host.tag not in ACTIVITIES or host.scope != element.scope:
        sentence = _("Expected %(element)s on a task or sub-process beside it, but it is on %(host)s.")
        message = Said(sentence, element=element.called(), host=host.called())
        yield Finding(element.id, element.line, message, blocks=True)


def _reached(scope: Scope) -> set[str]:
    onward: dict[str, list[str]] = {}
    for flow in scope.flows:
        onward.setdefault(flow.source, []).append(flow.target)
    for element in scope.elements:
        onward.setdefault(element.attached_to, []).append(element.id)
    starts = [element.id for element in scope.elements if element.tag == "startEvent"]
    links = [e.id for e in scope.elements if e.tag == "intermediateCatchEvent" and e.trigger == LINK]
    begun = [e.id for e in scope.elements if e.instantiate]
    pending = (starts or _without_incoming(scope)) + links + begun
    reached: set[str] = set()
    while pending:
        node = pending.pop()
        if node not in reached:
            reached.add(node)
            pending.extend(onward.get(node, ()))
    return reached


def _without_incoming(scope: Scope) -> list[str]:
    targets = {flow.target for flow in scope.flows}
    return [e.id for e in scope.elements if e.id not in targets and not e.attached_to]


def _may_end(element: Element) -> bool:
    if element.tag == "boundaryEvent":
        return element.trigger == "compensate"
    return element.tag == "endEvent" or (element.tag == "intermediateThrowEvent" and element.trigger == LINK)


def _lacks(element: Element, sentence: str) -> Finding:
    return Finding(element.id, element.line, Said(sentence, element=element.called()), lacking=True)


def _wrong(flow: Flow, sentence: str, **given: object) -> Finding:
    message = Said(sentence, flow=Said(_("flow %(id)s"), id=flow.id), **given)
    return Finding(flow.id, flow.line, message, blocks=True)
