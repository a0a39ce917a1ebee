"""What is written at an element and not carried out here is said, each with what happens instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from processes.engine.details import Assignment
from processes.engine.document import ACTIVITIES, Element, Flow, Process
from processes.engine.report import Finding
from processes.engine.values import MAX_NAMES, path_of
from rulebook.said import Said
from rulebook.said import gettext_noop as _

BEYOND = _("Expected %(element)s without %(name)s, which is not carried out here.")
INSTEAD = {
    "code": _("Expected no code of another tool, but %(element)s names some with %(name)s: it is not called."),
    "versions": _(
        "Expected the version in force to be asked for, but %(element)s asks for another with %(name)s: the one in "
        "force is taken."
    ),
    "people": _(
        "Expected tl:work, tl:approval or tl:request to say who does %(element)s, until when and with which form, but "
        "%(name)s does: it is not read."
    ),
    "rest": _("Expected nothing that only another tool carries out, but %(element)s has %(name)s: it is not read."),
}
COMING = ("message", "timer", "signal", "conditional")
BRINGS = {  # events whose output mappings are carried out
    "startEvent": ("", *COMING, "error", "escalation"),
    "intermediateCatchEvent": COMING,
    "boundaryEvent": (*COMING, "error", "escalation"),
    "intermediateThrowEvent": ("",),
    "endEvent": ("",),
}
SAYS = {"intermediateThrowEvent": ("message", "signal"), "endEvent": ("message", "signal")}  # and input mappings


def check_unread(thing: Element | Flow | Process, called: str) -> Iterator[Finding]:
    """Findings about a flow node, flow or process. called: how sentences name it."""
    for name in thing.unread.beyond:
        yield replace(_finding(thing, BEYOND, called, name), blocks=True, legal=True)
    for kind, sentence in INSTEAD.items():
        names = getattr(thing.unread, kind)
        if names:
            yield _finding(thing, sentence, called, ", ".join(names))


def check_mappings(element: Element) -> Iterator[Finding]:
    """Findings about the mappings of an element: targets that are none, and those of elements that have no data."""
    details = element.details
    for assignment in (*details.inputs, *details.outputs):
        yield from _check_target(element, assignment)
    if element.tag in ACTIVITIES:
        return
    for name, given, carried_out in (("input", details.inputs, SAYS), ("output", details.outputs, BRINGS)):
        if given and element.trigger not in carried_out.get(element.tag, ()):
            yield _finding(element, INSTEAD["rest"], element.called(), name)


def _check_target(element: Element, assignment: Assignment) -> Iterator[Finding]:
    if not assignment.target:
        message = Said(_("Expected a name in each mapping of %(element)s."), element=element.called())
        yield Finding(element.id, element.line, message, blocks=True)
    elif "." in assignment.target and len(path_of(assignment.target)) == 1:
        sentence = _('Expected at most %(most)s names with dots in a mapping of %(element)s, but it is "%(target)s".')
        message = Said(sentence, most=MAX_NAMES, element=element.called(), target=assignment.target[:80])
        yield Finding(element.id, assignment.source.line or element.line, message, blocks=True)


def _finding(thing: Element | Flow | Process, sentence: str, called: str, name: str) -> Finding:
    return Finding(thing.id, thing.line, Said(sentence, element=called, name=name))
