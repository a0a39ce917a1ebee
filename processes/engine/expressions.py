"""The one place where a formula of a model becomes FEEL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from processes.engine.details import Assignment, Formula
from processes.engine.document import Document, Element, Trigger
from processes.engine.timers import TimerRule
from processes.engine.translate import NotTranslatable, translate
from processes.engine.words import called
from rulebook.said import Said
from rulebook.said import gettext_noop as _

__all__ = ["NotTranslatable", "formulas_of", "formulas_of_messages", "in_feel", "is_cron"]

CRON = re.compile(r"(?=.*[*?])[\d*?/,\-#LWA-Za-z]+(?: +[\d*?/,\-#LWA-Za-z]+){4,6}")


def in_feel(formula: Formula | None) -> str:
    """FEEL text, "" for none. Raises NotTranslatable."""
    return translate(formula.text, formula.language) if formula is not None else ""


def formulas_of(element: Element) -> Iterator[tuple[str, Formula]]:
    """Every expression of an element but its flows' conditions, each with what it is."""
    for what, formula in _formulas(element):
        yield Said(what, element=element.called()), formula


def _formulas(element: Element) -> Iterator[tuple[str, Formula]]:
    details = element.details
    for trigger in element.triggers:
        formula = Formula(trigger.text, trigger.language, trigger.line)
        if trigger.kind == "timer" and trigger.text and not _is_meant_literally(trigger):
            yield _("the time of %(element)s"), formula
        if trigger.kind == "conditional" and trigger.text:
            yield _("the condition of %(element)s"), formula
    if details.loop is not None:
        loop = details.loop
        for repeated in (loop.cardinality, loop.collection, loop.output_element, loop.until, loop.condition):
            if repeated is not None:
                yield _("the repetition of %(element)s"), repeated
    if details.call is not None:
        yield _("the process that %(element)s calls"), details.call.process
        handed = (*details.call.inputs, *details.call.outputs)
        yield from _assigned(_("a variable that %(element)s hands over"), handed)
    if details.decide is not None:
        yield _("the table of %(element)s"), details.decide.table
    yield from _assigned(_("the script of %(element)s"), details.script)
    yield from _assigned(_("a mapping of %(element)s"), (*details.inputs, *details.outputs))
    yield from _assigned(_("a message key of %(element)s"), details.keys)
    yield from _assigned(_("the message of %(element)s"), details.payload)


def formulas_of_messages(document: Document) -> Iterator[tuple[str, str, Formula]]:
    """Every expression by which a message is recognised or that an error says, each with the id of what it belongs to
    and what it is."""
    for definition in document.definitions.values():
        for key in definition.keys:
            what = Said(_("a key of %(element)s"), element=called(definition.tag, definition.id))
            yield definition.id, what, key.source
        if definition.said is not None:
            what = Said(_("what %(element)s says"), element=called(definition.tag, definition.id))
            yield definition.id, what, definition.said
    for given in document.correlations.values():
        for correlation in given:
            path = Said(_("the path of correlation property %(name)s"), name=correlation.name)
            yield correlation.name, path, correlation.path


def _is_meant_literally(trigger: Trigger) -> bool:
    rule = TimerRule(trigger.form, trigger.text, trigger.calendar)
    return is_cron(trigger) or rule.is_literal or rule.is_wrong_literal


def is_cron(trigger: Trigger) -> bool:
    """Whether a timer's cycle is written for cron, which Camunda 7 reads."""
    return trigger.form == "timeCycle" and CRON.fullmatch(trigger.text) is not None


def _assigned(what: str, assignments: tuple[Assignment, ...]) -> Iterator[tuple[str, Formula]]:
    for assignment in assignments:
        yield what, assignment.source
