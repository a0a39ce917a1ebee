"""Conditions and timer expressions: present where needed, absent where useless, and they compile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from processes.engine.details import Formula
from processes.engine.document import UNCONDITIONED, Document, Element, Flow, Scope, Trigger
from processes.engine.expressions import NotTranslatable, formulas_of, formulas_of_messages, in_feel, is_cron
from processes.engine.report import Finding
from processes.engine.timers import TimerRule
from rulebook.said import Said, sentence_of
from rulebook.said import gettext_noop as _

Compile = Callable[[str], Any]
NO_TIME = _(
    "Expected the time of %(element)s as ISO 8601 has it, such as PT4H, 2026-11-22T09:00:00Z or R3/PT1H, or as an "
    'expression, but it is "%(text)s".'
)
NO_BUSINESS_TIME = _(
    "Expected business time on %(element)s, such as 3bd, PT8H, same_day or T07:00/1bd, at most 9,999 days or 10,000 "
    'hours, or an expression, but it is "%(text)s".'
)
NO_BUSINESS_CYCLE = _(
    "Expected a cycle of business time on %(element)s, such as R/T07:00/1bd or R3/PT4H, at most 10,000 hours apart, or "
    'an expression, but it is "%(text)s".'
)
NO_CONDITION = _(
    "Expected a condition on flow %(flow)s out of %(element)s, but it has none. Give it one or make it the default."
)


def check_conditions(scope: Scope, compile_condition: Compile | None, *, sketch: bool) -> Iterator[Finding]:
    """Findings about the conditions of a scope's flows and the expressions of its timers.

    sketch: the process is not marked executable, so words instead of expressions are legal, only they do not run.
    """
    found = _findings(scope, compile_condition)
    yield from map(_as_sketch, found) if sketch else found


def check_messages(document: Document, compile_condition: Compile | None) -> Iterator[Finding]:
    """Findings about the expressions by which the messages of a file are recognised."""
    for name, called, formula in formulas_of_messages(document):
        yield from _check_expression(name, formula.line or 1, called, formula, compile_condition)


def _findings(scope: Scope, compile_condition: Compile | None) -> Iterator[Finding]:
    outgoing: dict[str, list[Flow]] = {}
    for flow in scope.flows:
        outgoing.setdefault(flow.source, []).append(flow)
    for element in scope.elements:
        leaving = outgoing.get(element.id, [])
        yield from _check_split(element, leaving)
        yield from _check_times(element)
        for called, formula in formulas_of(element):
            yield from _check_expression(element.id, formula.line or element.line, called, formula, compile_condition)
        for flow in leaving:
            yield from _check_condition(element, flow, compile_condition)


def _check_times(element: Element) -> Iterator[Finding]:
    for trigger in element.triggers:
        is_timer = trigger.kind == "timer" and trigger.text and not is_cron(trigger)
        if is_timer and TimerRule(trigger.form, trigger.text, trigger.calendar).is_wrong_literal:
            message = Said(_no_time(trigger), element=element.called(), text=trigger.text)
            yield Finding(element.id, trigger.line or element.line, message, blocks=True)


def _no_time(trigger: Trigger) -> str:
    if not trigger.calendar or trigger.form == "timeDate":
        return NO_TIME
    return NO_BUSINESS_CYCLE if trigger.form == "timeCycle" else NO_BUSINESS_TIME


def _as_sketch(finding: Finding) -> Finding:
    return replace(finding, legal=finding.blocks)


def _check_split(element: Element, leaving: list[Flow]) -> Iterator[Finding]:
    chosen = [flow for flow in leaving if flow.id != element.default]
    bare = [flow for flow in chosen if not flow.condition]
    if element.tag == "exclusiveGateway" and len(leaving) > 1:
        for flow in bare:
            message = Said(NO_CONDITION, flow=flow.id, element=element.called())
            yield Finding(flow.id, flow.line, message, blocks=True, legal=True)
    if chosen and not bare and not element.default and element.tag not in UNCONDITIONED:
        sentence = _("Expected a default flow out of %(element)s: where no condition holds, it stops there.")
        yield Finding(element.id, element.line, Said(sentence, element=element.called()))


def _check_condition(element: Element, flow: Flow, compile_condition: Compile | None) -> Iterator[Finding]:
    if flow.condition and flow.id == element.default:
        sentence = _("Expected no condition on the default flow %(flow)s of %(element)s: it is not looked at.")
        yield Finding(flow.id, flow.line, Said(sentence, flow=flow.id, element=element.called()))
    elif flow.condition:
        called = Said(_("the condition of flow %(flow)s"), flow=flow.id)
        formula = Formula(flow.condition, flow.language)
        yield from _check_expression(flow.id, flow.line, called, formula, compile_condition)


def _check_expression(
    element: str, line: int, called: str, formula: Formula, compile_condition: Compile | None
) -> Iterator[Finding]:
    try:
        text = in_feel(formula)
    except NotTranslatable as refusal:
        sentence = _("Expected FEEL in %(expression)s, but it is written for another tool: %(problem)s")
        message = Said(sentence, expression=called, problem=refusal.message)
        yield Finding(element, line, message, blocks=True, legal=True)
        return
    try:
        if compile_condition is not None:
            compile_condition(text)
    except Exception as error:  # the compiler is the caller's: whatever it raises, the expression is no good
        sentence = _("Expected %(expression)s to be a FEEL expression, but: %(problem)s")
        message = Said(sentence, expression=called, problem=sentence_of(error))
        yield Finding(element, line, message, blocks=True)
