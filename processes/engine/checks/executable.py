"""Which elements run here: those with a behaviour. The others are legal and shown, but named."""

from __future__ import annotations

from collections.abc import Iterator

from processes.engine.document import ACTIVITIES, Document, Element, Scope
from processes.engine.elements import BEHAVIOURS
from processes.engine.report import Finding
from processes.engine.words import called, either, word
from rulebook.said import Said
from rulebook.said import gettext_noop as _

BEGINNING = frozenset(("", "message", "timer", "signal", "conditional"))
OF_NO_TYPE = _("of a type that does not")
STARTING = frozenset(("message", "timer", "signal", "conditional", "error", "escalation", "compensate"))
CATCHING = frozenset(("message", "timer", "conditional", "signal"))
WATCHING = CATCHING | {"escalation", "error", "cancel", "compensate"}
THROWING = frozenset(("message", "escalation", "compensate", "signal"))
# BPMN 2.0.2, 10.5.3 and 10.5.4. What a start event may wait for depends on what it begins: `check_starts`. A catching
# event without a trigger is let pass as one that does not run: tools write it for the event that only passes.
TRIGGERS = {
    "intermediateCatchEvent": CATCHING | {"link"},
    "intermediateThrowEvent": THROWING | {"link"},
    "boundaryEvent": WATCHING,
    "endEvent": THROWING | {"error", "cancel", "terminate"},
}
KINDS = frozenset().union(*TRIGGERS.values())


def check_elements(scope: Scope) -> Iterator[Finding]:
    """Elements of the scope that do not run here, each with what it is."""
    for element in scope.elements:
        misplaced = _misplaced(element)
        reason = "" if misplaced else _reason(element)
        yield from misplaced
        if reason:
            sentence = _("Expected an element that runs here, but %(element)s is %(reason)s.")
            message = Said(sentence, element=element.called(), reason=reason)
            yield Finding(element.id, element.line, message, blocks=True, legal=True)
        yield from _check_own_parts(element)


def _misplaced(element: Element) -> list[Finding]:
    """Triggers that the standard does not know at this kind of event, and an event at an activity without any."""
    allowed = TRIGGERS.get(element.tag, frozenset())
    if element.tag == "boundaryEvent" and not element.triggers:
        sentence = _("Expected a trigger on %(element)s, since it watches an activity, but it has none.")
        return [Finding(element.id, element.line, Said(sentence, element=element.called()), blocks=True)]
    wrong = [one for one in element.triggers if allowed and one.kind in KINDS - allowed]
    sentence = _("Expected %(element)s to have a trigger of its kind of event (%(allowed)s), but it has %(found)s.")
    about = {"element": element.called(), "allowed": either([word(kind) for kind in sorted(allowed)])} if wrong else {}
    return [Finding(element.id, one.line, Said(sentence, found=word(one.kind), **about), blocks=True) for one in wrong]


def _check_own_parts(element: Element) -> Iterator[Finding]:
    """What only events have: a drawing tool writes it nowhere else, and nothing else could wait for it."""
    if element.triggers and not element.tag.endswith("Event"):
        sentence = _("Expected event definitions in events only, but %(element)s holds one.")
        line = element.triggers[0].line
        yield Finding(element.id, line, Said(sentence, element=element.called()), blocks=True)
    if element.attached_to and element.tag != "boundaryEvent":
        sentence = _("Expected only boundary events to stand at an activity, but %(element)s is attached to one.")
        yield Finding(element.id, element.line, Said(sentence, element=element.called()), blocks=True)


def check_starts(document: Document, scope: Scope) -> Iterator[Finding]:
    """How a process, sub-process or event sub-process begins."""
    holder = document.elements.get(scope.id)
    if holder is not None and holder.tag == "adHocSubProcess":
        return  # does not run anyway
    starts = [element for element in scope.elements if element.tag == "startEvent"]
    if holder is not None and holder.event_sub_process:
        yield from _check_event_starts(holder, starts)
        return
    if holder is not None:
        yield from (_triggered(holder, start) for start in starts if start.trigger)
    else:
        sentence = _("Expected a start that begins a process, but %(start)s waits for %(trigger)s.")
        odd = [start for start in starts if start.trigger not in BEGINNING and start.trigger != "multiple"]
        yield from (_odd(start, sentence) for start in odd)
    if _never_begins(scope):
        sentence = _("Expected a start event in %(holder)s, or something that no flow leads to, but there is neither.")
        yield _of_scope(document, scope, Said(sentence, holder=_called(holder, scope)))
    plain = [start for start in starts if not start.trigger]
    if len(plain) > 1:
        sentence = _("Expected exactly one start event without a trigger in %(holder)s, but it has %(count)s.")
        yield _of_scope(document, scope, Said(sentence, holder=_called(holder, scope), count=len(plain)))


def _never_begins(scope: Scope) -> bool:
    """Whether everything in it waits for a flow: without a start event tokens begin where no flow leads to."""
    reached = {flow.target for flow in scope.flows}
    inside = [e for e in scope.elements if not (e.attached_to or e.event_sub_process or e.for_compensation)]
    linked = [e for e in inside if e.tag == "intermediateCatchEvent" and e.trigger == "link"]
    return bool(inside) and all(e.tag != "startEvent" and (e.id in reached or e in linked) for e in inside)


def _of_scope(document: Document, scope: Scope, message: str) -> Finding:
    holder = document.elements.get(scope.id)
    line = holder.line if holder else next(one.line for one in document.processes if one.id == scope.id)
    return Finding(scope.id, line, message, blocks=True, legal=True)


def _called(holder: Element | None, scope: Scope) -> str:
    return holder.called() if holder else called("process", scope.id)


def _check_event_starts(holder: Element, starts: list[Element]) -> Iterator[Finding]:
    if len(starts) != 1:
        sentence = _("Expected exactly one start event in %(holder)s, but it has %(count)s.")
        message = Said(sentence, holder=holder.called(), count=len(starts) or Said(_("none")))
        yield Finding(holder.id, holder.line, message, blocks=True, legal=True)
    for start in starts:
        if start.trigger and start.trigger not in STARTING and start.trigger != "multiple":
            yield _odd(
                start, _("Expected a start that begins an event sub-process, but %(start)s waits for %(trigger)s.")
            )
        elif not start.trigger:
            sentence = _("Expected a start event with a trigger in %(holder)s, but %(start)s has none.")
            message = Said(sentence, holder=holder.called(), start=start.called())
            yield Finding(start.id, start.line, message, blocks=True)


def _triggered(holder: Element, start: Element) -> Finding:
    sentence = _("Expected a start event without a trigger in %(holder)s, but %(start)s has one.")
    return Finding(start.id, start.line, Said(sentence, holder=holder.called(), start=start.called()), blocks=True)


def _odd(start: Element, sentence: str) -> Finding:
    message = Said(sentence, start=start.called(), trigger=word(start.trigger))
    return Finding(start.id, start.line, message, blocks=True)


def _reason(element: Element) -> str:
    if element.tag == "eventBasedGateway" and element.instantiate and element.gateway == "Parallel":
        return Said(_("one that waits for all of its events"))
    if element.tag in ACTIVITIES:
        return "" if (element.tag, "") in BEHAVIOURS else Said(OF_NO_TYPE)
    if (element.tag, element.trigger) in BEHAVIOURS:
        return ""
    if not element.trigger:
        return Said(OF_NO_TYPE)
    return Said(_("one with trigger %(trigger)s"), trigger=word(element.trigger))
