"""Acceptance cases of a table: facts tried on a version and on the one in force, and kept with what must come of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.authority import holds
from audit.refusals import Invalid, NotFound, Refusal
from portal_staff.access import RULES, actor, requires
from portal_staff.case_form import (
    fact_fields,
    facts_from,
    output_fields,
    outputs_from,
    problems_of,
    rules_from,
    typed_of,
)
from portal_staff.rule_tables import version_seen
from portal_staff.vocabulary import Vocabulary
from rulebook import actions
from rulebook.acceptance import Answer, answer_of
from rulebook.atoms import is_money
from rulebook.change_control import State
from rulebook.models import AcceptanceCase, TableVersion
from rulebook.queries import cases_retired_from, judged, table_of, versions_of
from rulebook.said import in_words
from rulebook.table_parts import Column
from rulebook.tables import DecisionTable

EDIT = ("edit_table",)
LAST_RETIRED = 20


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*RULES)
def table_cases(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Try facts on a version, keep them as a case, and see which cases hold on it."""
    version = version_seen(request.user, key, number)
    if request.method != "POST":
        return _show(request, version)
    table = table_of(version)
    facts, wrong = facts_from(table, request.POST.dict())
    try:
        if wrong:
            raise Invalid(_("Expected facts of the columns' types, but something is wrong with them."), fields=wrong)
        actions.save_case(
            version.pk,
            name=request.POST.get("name", ""),
            facts=facts,
            rules=rules_from(request.POST.dict()),
            outputs=outputs_from(table, request.POST.dict()),
            actor=actor(request),
            now=timezone.now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(request, version, refused=refusal)
    messages.success(request, _("The case is saved. From now on every version is approved only if it holds."))
    return redirect("staff:table_cases", key, number)


@require_POST
@requires(*EDIT)
def retire_table_case(request: HttpRequest, key: str, number: int, case: int) -> HttpResponse:
    """Retire an acceptance case, with a reason."""
    version = version_seen(request.user, key, number)
    if not version.table.cases.filter(pk=case).exists():
        raise NotFound(_("Expected an acceptance case of this table, but there is none."))
    try:
        actions.retire_case(case, reason=request.POST.get("reason", ""), actor=actor(request), now=timezone.now())
    except Invalid as refusal:
        return _show(request, version, refused=refusal, reason_of=case)
    messages.success(request, _("The case is retired."))
    return redirect("staff:table_cases", key, number)


def _show(
    request: HttpRequest, version: TableVersion, *, refused: Refusal | None = None, reason_of: int | None = None
) -> HttpResponse:
    typed = {} if reason_of else (request.POST or request.GET).dict()
    table, words = table_of(version), Vocabulary.of_table(version.body)
    facts, errors = facts_from(table, typed)
    if isinstance(refused, Invalid):
        errors = refused.fields
    in_force = versions_of(version.table).filter(state=State.IN_FORCE).exclude(pk=version.pk).first()
    tried = bool(facts) and not any(place.startswith("fact.") for place in errors)
    answers = [(each, answer_of(table_of(each), facts)) for each in (version, in_force) if each] if tried else []
    expected = next((answer for _each, answer in answers if not answer.problem), Answer())
    context = {
        "version": version,
        "table": version.table,
        "words": words,
        "columns": [(column.name, words.label(column.name)) for column in table.outputs],
        "fields": fact_fields(table, words, typed, errors),
        "answers": [_answer(each, answer) for each, answer in answers],
        "outputs": output_fields(table, words, expected, typed, errors) if tried else [],
        "rules": typed.get("rules", ", ".join(expected.rules)),
        "rules_matter": "rules-matter" in typed if request.method == "POST" else bool(expected.rules),
        "typed": typed,
        "errors": errors,
        "refused": refused,
        "problems": problems_of(errors, words) if not reason_of else [],
        "reason_of": reason_of,
        "reason": request.POST.get("reason", "") if reason_of else "",
        "cases": [_line(version, words, table, case, why) for case, why in judged(version)],
        "retired": list(cases_retired_from(version.table)[:LAST_RETIRED]),
        "may_edit": holds(request.user, "edit_table", version.table_id),
    }
    status = refused.status if refused else Invalid.status if errors else 200
    return render(request, "portal_staff/table_cases.html", context, status=status)


def _answer(version: TableVersion, answer: Answer) -> dict[str, Any]:
    rows = [
        (answer.rules[place] if place < len(answer.rules) else "", each) for place, each in enumerate(answer.outputs)
    ]
    if len(answer.outputs) == 1 and len(answer.rules) > 1:  # one answer for all of them
        rows = [(", ".join(answer.rules), answer.outputs[0])]
    return {"version": version, "rows": rows, "problem": in_words(answer.problem, _, get_language())}


def _line(
    version: TableVersion, words: Vocabulary, table: DecisionTable, case: AcceptanceCase, why: str
) -> dict[str, Any]:
    known, inputs = {column.name for column in table.outputs}, {column.name: column for column in table.inputs}
    again = reverse("staff:table_cases", args=[version.table.key, version.number])
    return {
        "case": case,
        "facts": [
            (words.label(name), _said(words, inputs.get(name), name, value)) for name, value in case.facts.items()
        ],
        "rules": case.expected["rules"],
        "outputs": [{name: text for name, text in each.items() if name in known} for each in case.expected["outputs"]],
        "broken": in_words(why, _, get_language()),
        "again": f"{again}?{urlencode(typed_of(case.facts))}#try",
    }


def _said(words: Vocabulary, column: Column | None, name: str, value: Any) -> str:
    """A fact in words; an amount with its currency."""
    if isinstance(value, bool):
        return words.said(name, "true" if value else "false")
    if isinstance(value, list):
        return pgettext("between the words of a list", ", ").join(words.said(name, each) for each in value)
    if column is None or column.type != "number":
        return words.said(name, value)
    number = Decimal(value)
    if is_money(column):
        return f"{column.unit} {number:,.2f}" if number == round(number, 2) else f"{column.unit} {number:,}"
    return f"{number:,} {words.said('unit', column.unit)}" if column.unit else f"{number:,}"
