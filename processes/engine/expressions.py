"""The one place where a formula of a model becomes FEEL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from processes.engine.details import Assignment, Formula
from processes.engine.document import Document, Element, Trigger
from processes.engine.timers import TimerRule
from processes.engine.translate import NotTranslatable, translate

__all__ = ["NotTranslatable", "formulas_of", "formulas_of_messages", "in_feel", "is_cron"]

CRON = re.compile(r"(?=.*[*?])[\d*?/,\-#LWA-Za-z]+(?: +[\d*?/,\-#LWA-Za-z]+){4,6}")


def in_feel(formula: Formula | None) -> str:
    """FEEL text, "" for none. Raises NotTranslatable."""
    return translate(formula.text, formula.language) if formula is not None else ""


def formulas_of(element: Element) -> Iterator[tuple[str, Formula]]:
    """Every expression of an element but its flows' conditions, each with what it is."""
    called, details = element.called(), element.details
    for trigger in element.triggers:
        if trigger.kind == "timer" and trigger.text and not _is_literal(trigger):
            yield f"the time of {called}", Formula(trigger.text, trigger.language, trigger.line)
        if trigger.kind == "conditional" and trigger.text:
            yield f"the condition of {called}", Formula(trigger.text, trigger.language, trigger.line)
    if details.loop is not None:
        loop = details.loop
        for formula in (loop.cardinality, loop.collection, loop.output_element, loop.until, loop.condition):
            if formula is not None:
                yield f"the repetition of {called}", formula
    if details.call is not None:
        yield f"the process that {called} calls", details.call.process
        yield from _assigned(f"a variable that {called} hands over", (*details.call.inputs, *details.call.outputs))
    if details.decide is not None:
        yield f"the table of {called}", details.decide.table
    yield from _assigned(f"the script of {called}", details.script)
    yield from _assigned(f"a mapping of {called}", (*details.inputs, *details.outputs))
    yield from _assigned(f"a message key of {called}", details.keys)
    yield from _assigned(f"the message of {called}", details.payload)


def formulas_of_messages(document: Document) -> Iterator[tuple[str, str, Formula]]:
    """Every expression by which a message is recognised, each with the id of what it belongs to and what it is."""
    for definition in document.definitions.values():
        for _, formula in _assigned("", definition.keys):
            yield definition.id, f"a key of {definition.tag} {definition.id}", formula
    for given in document.correlations.values():
        for correlation in given:
            yield correlation.name, f"the path of correlation property {correlation.name}", correlation.path


def _is_literal(trigger: Trigger) -> bool:
    return is_cron(trigger) or TimerRule(trigger.form, trigger.text, trigger.calendar).is_literal


def is_cron(trigger: Trigger) -> bool:
    """Whether a timer's cycle is written for cron, which Camunda 7 reads."""
    return trigger.form == "timeCycle" and CRON.fullmatch(trigger.text) is not None


def _assigned(what: str, assignments: tuple[Assignment, ...]) -> Iterator[tuple[str, Formula]]:
    for assignment in assignments:
        yield what, assignment.source
