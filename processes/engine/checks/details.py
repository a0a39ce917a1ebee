"""What elements need to run: a time, a message, a condition, a list to repeat for, a process to call, a handler."""

from __future__ import annotations

from collections.abc import Iterator

from processes.engine.checks.unread import check_mappings, check_unread
from processes.engine.details import Definition
from processes.engine.document import Document, Element, Scope, Trigger
from processes.engine.expressions import is_cron
from processes.engine.report import Finding
from processes.engine.unread import NOTHING
from processes.engine.vendors import MARKS
from processes.engine.words import called, either, word
from rulebook.said import Named, Said
from rulebook.said import gettext_noop as _

REFERRED = {"message": "message", "signal": "signal", "error": "error", "escalation": "escalation"}
MAX_LOOPS = 10_000
NO_TABLE = _("a decision table (tl:decision, zeebe:calledDecision or camunda:decisionRef)")


def check_details(document: Document, scope: Scope, handled: frozenset[str]) -> Iterator[Finding]:
    """What is missing for an element to run (legal), and what refers to nothing (wrong).

    handled: compensation events from which something leads to a handler.
    """
    for element in scope.elements:
        for trigger in element.triggers:
            yield from (_lacks(element, what, trigger.line) for what in _missing(element, trigger, handled))
            if is_cron(trigger):
                sentence = _("Expected a cycle such as R3/PT1H on %(element)s, but it is a cron expression.")
                message = Said(sentence, element=element.called())
                yield Finding(element.id, trigger.line, message, blocks=True, legal=True)
        yield from _check_references(document, element)
        yield from check_unread(element, element.called())
        yield from check_mappings(element)
        yield from _check_task(element)
        yield from _check_repetition(element)
    for flow in (flow for flow in scope.flows if flow.unread != NOTHING):
        yield from check_unread(flow, called("sequenceFlow", flow.id, Named(flow.name, flow.name_zh)))


def handled_events(document: Document) -> frozenset[str]:
    """Compensation events that an association or a flow leads away from."""
    pairs = [(flow.source, flow.target) for flow in document.flows.values()]
    pairs += [*document.associations, *((target, source) for source, target in document.associations)]
    return frozenset(source for source, target in pairs if target in document.elements)


def _missing(element: Element, trigger: Trigger, handled: frozenset[str]) -> Iterator[str]:
    kind = trigger.kind
    if kind == "timer" and not trigger.text:
        yield Said(_("timeDuration, timeDate or timeCycle"))
    elif kind == "conditional" and not trigger.text:
        yield Said(_("a condition"))
    elif kind in ("message", "signal") and not trigger.reference:
        yield Said(_("a %(kind)s"), kind=word(kind))
    elif kind == "link" and not trigger.text:
        yield Said(_("the name of a link"))
    elif kind == "compensate" and element.tag == "boundaryEvent" and element.id not in handled:
        yield Said(_("an association to the activity that compensates"))


def _check_references(document: Document, element: Element) -> Iterator[Finding]:
    named = [(trigger.kind, trigger.reference, trigger.line) for trigger in element.triggers if trigger.reference]
    if element.reference:
        named.append(("message", element.reference, element.line))
    for kind, reference, line in named:
        if kind == "compensate":
            known = reference in document.elements
        else:
            known = reference in document.definitions and document.definitions[reference].tag == REFERRED.get(kind)
        if known and kind != "compensate":
            yield from _check_definition(element, document.definitions[reference], line)
        elif not known:
            what = word("activity" if kind == "compensate" else kind)
            sentence = _('Expected %(element)s to name a %(kind)s of the file, but there is no "%(name)s".')
            message = Said(sentence, element=element.called(), kind=what, name=reference)
            yield Finding(element.id, line, message, blocks=True)


def _check_definition(element: Element, given: Definition, line: int) -> Iterator[Finding]:
    """Names and codes are compared as they stand; a signal reaches everybody."""
    about = {"element": element.called(), "named": called(given.tag, given.id)}
    for text in (given.name, given.code):
        if text.startswith(("=", *MARKS)):
            sentence = _('Expected a name or code written out for %(element)s, but %(named)s has "%(text)s".')
            yield Finding(element.id, line, Said(sentence, text=text, **about), blocks=True, legal=True)
    if given.tag == "signal" and given.local:
        sentence = _("Expected a signal that reaches everybody for %(element)s, but %(named)s stays in one instance.")
        yield Finding(element.id, line, Said(sentence, **about), blocks=True, legal=True)


def _check_task(element: Element) -> Iterator[Finding]:
    details = element.details
    if element.tag == "callActivity" and details.call is None:
        yield _lacks(element, "calledElement", element.line)
    if element.tag == "businessRuleTask" and details.decide is None:
        yield _lacks(element, Said(NO_TABLE), element.line)
    if element.tag == "scriptTask" and not details.script:
        yield _useless(element, _("Expected a script in %(element)s, but it has none: it passes and does nothing."))
    if element.tag in ("sendTask", "receiveTask") and not element.reference:
        yield _useless(
            element, _("Expected %(element)s to name a message, but it names none: it sends or receives nothing.")
        )
    for name in details.complex_parameters:
        sentence = _('Expected an expression in parameter "%(name)s", but it holds more (%(element)s).')
        message = Said(sentence, name=name, element=element.called())
        yield Finding(element.id, element.line, message, blocks=True, legal=True)


def _check_repetition(element: Element) -> Iterator[Finding]:
    loop = element.details.loop
    if loop is None:
        return
    if element.event_sub_process:
        sentence = _("Expected %(element)s to begin once for each event, but it is repeated.")
        yield Finding(element.id, loop.line, Said(sentence, element=element.called()), blocks=True)
    elif loop.many and not (loop.cardinality or loop.collection):
        yield _lacks(element, Said(_("loopCardinality or a collection")), loop.line)
    elif not loop.many and not (loop.condition or loop.maximum):
        yield _lacks(element, either(("loopCondition", "loopMaximum")), loop.line)
    if loop.maximum and not (
        loop.maximum.isascii() and loop.maximum.isdecimal() and int(loop.maximum[:9]) <= MAX_LOOPS
    ):
        sentence = _('Expected loopMaximum up to %(most)s on %(element)s, but it is "%(found)s".')
        message = Said(sentence, most=f"{MAX_LOOPS:,}", element=element.called(), found=loop.maximum[:20])
        yield Finding(element.id, loop.line, message, blocks=True)


def _lacks(element: Element, what: str, line: int) -> Finding:
    message = Said(_("Expected %(what)s on %(element)s, but it has none."), what=what, element=element.called())
    return Finding(element.id, line, message, blocks=True, legal=True)


def _useless(element: Element, sentence: str) -> Finding:
    return Finding(element.id, element.line, Said(sentence, element=element.called()))
