"""What a drawing must satisfy before it may govern work: the engine's checks, and what this installation has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.module_loading import import_string

from audit.reactions import wiring
from calendars.queries import is_known
from processes import engine
from processes.engine import Finding, Report
from processes.engine.document import Element
from processes.evaluate import compiled
from processes.models import ProcessModel
from processes.orderless import WIRED, called_by_name, calls_without_order, work_without_order
from rulebook.queries import keys_in_force
from rulebook.said import Said
from rulebook.said import gettext_noop as _

AT = _("%(place)s: %(problem)s")
NO_TABLE = _('Expected a decision table or model in force for %(element)s, but "%(key)s" is none: it would fail there.')
MOST_KEYS = 20
UNKNOWN_CALL = _(
    'Expected %(element)s to call a process by its key, but there is none with the key "%(key)s". Publish that process '
    "first, or name one that is there: %(known)s."
)
OPENED_BY = {"work": ("work", "queue"), "approval": ("approval", "matrix")}  # kind → where its task goes


def findings(document: engine.Document, forms: Mapping[str, dict]) -> Report:
    """Everything that stands between a drawing with its forms and its use, each once, in the order of its lines."""
    report = engine.check(document, compile_condition=compiled, publishable=True)
    here = [Finding(element.id, element.line, message, blocks=True) for element, message in _unwired(document, forms)]
    here += [*_more_than_one(document), *_unknown_calls(document)]
    here += [replace(finding, blocks=True) for finding in work_without_order(document)]
    errors = {(finding.line, finding.message): finding for finding in (*here, *report.blocking)}
    doubts = [finding for finding in report.warnings if not finding.blocks]
    doubts += [*calls_without_order(document), *_tables_not_in_force(document)]
    return Report(tuple(errors[place] for place in sorted(errors)), tuple(doubts), report.elements)


def _more_than_one(document: engine.Document) -> Iterator[Finding]:
    """A version governs one process: of a file with several pools that run, the one whose id is the key."""
    ids = ", ".join(process.id for process in document.runnable())
    for process in document.runnable()[1:]:
        sentence = _(
            "Expected one process that runs, or one whose id is the key, but %(process)s is another: publish the file "
            "once for each of them, under its id as the key (%(ids)s), or mark the others as not executable."
        )
        yield Finding(
            process.id, process.line, Said(sentence, process=process.label() or process.id, ids=ids), blocks=True
        )


def _unknown_calls(document: engine.Document) -> Iterator[Finding]:
    """Calls of processes that this installation does not have; it may not be in force yet, but must have a key."""
    scopes = (scope for process in document.runnable() for scope in document.inside(process.id))
    elements = (element for scope in scopes for element in scope.elements)
    calls = [(element, key) for element in elements if (key := called_by_name(element))]
    known = set(ProcessModel.objects.values_list("key", flat=True)) if calls else set()
    for element, key in (call for call in calls if call[1] not in known):
        others = ", ".join(sorted(known)[:MOST_KEYS]) or Said(_("none"))
        about = {"element": element.called(), "key": key, "known": others}
        yield Finding(element.id, element.line, Said(UNKNOWN_CALL, **about), blocks=True)


def _tables_not_in_force(document: engine.Document) -> Iterator[Finding]:
    """Decisions that nothing governs yet: one statement where any is named. A doubt, as they may come later."""
    scopes = (scope for process in document.runnable() for scope in document.inside(process.id))
    named = [(element, _named_table(element)) for scope in scopes for element in scope.elements]
    asked = {key for _element, key in named if key}
    missing = asked - keys_in_force(asked) if asked else set()
    for element, key in named:
        if key in missing:
            yield Finding(element.id, element.line, Said(NO_TABLE, element=element.called(), key=key))


def _named_table(element: Element) -> str:
    """The key of the table that a business rule task names; "" for what names none or works it out."""
    decide = element.details.decide
    try:
        key = json.loads(decide.table.text) if decide is not None else ""
    except ValueError:  # an expression
        return ""
    return key if isinstance(key, str) else ""


def _unwired(document: engine.Document, forms: Mapping[str, dict]) -> Iterator[tuple[Any, str]]:
    """What the drawing names that this installation does not have: kinds of task, forms, queues, matrices."""
    asked: dict[tuple[str, ...], str] = {}
    scopes = (scope for process in document.runnable() for scope in document.inside(process.id))
    for element in (element for scope in scopes for element in scope.elements):
        named = [element.attributes.get(name, {}).get("form") for name in ("work", "request")]
        for form in (form for form in named if form and form not in forms):
            sentence = _('Expected the form "%(form)s" of %(element)s beside the drawing, but it is not there.')
            yield element, Said(sentence, form=form, element=element.id)
        for known in (form for form in named if form and form in forms):
            for problem in import_string(wiring().FORM_CHECK)(forms[known]):
                yield element, Said(AT, place=known, problem=problem)
        for code in sorted({trigger.calendar for trigger in element.triggers} - {""}):
            if not is_known(code):
                sentence = _('Expected a business calendar on %(element)s, but there is none called "%(code)s".')
                yield element, Said(sentence, element=element.id, code=code)
        if not element.tag.endswith("Task"):
            continue
        kind = (element.tag, element.kind or "work")
        if kind in wiring().DRAWN and (problem := _why_unopenable(kind, element.attributes, asked)):
            yield element, Said(AT, place=element.id, problem=problem)
        elif element.tag in WIRED and kind not in wiring().HANDLERS:
            sentence = _('Expected a known tl:kind on %(element)s, but "%(kind)s" is none.')
            yield element, Said(sentence, element=element.id, kind=element.kind)


def _why_unopenable(
    kind: tuple[str, str], attributes: Mapping[str, Mapping[str, str]], asked: dict[tuple[str, ...], str]
) -> str:
    """Asked once for each queue and each matrix, however many tasks name it: every question is a statement."""
    part, name = OPENED_BY.get(kind[1], ("", ""))
    place = (*kind, attributes.get(part, {}).get(name, ""))
    if place not in asked:
        asked[place] = import_string(wiring().DRAWN[kind])(attributes)
    return asked[place]
