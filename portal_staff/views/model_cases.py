"""Trying a decision model with typed facts, on a version and on the one in force; and its acceptance cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.authority import holds
from audit.refusals import Invalid, NotFound, Refusal
from portal_staff.access import MODELS, actor, requires
from portal_staff.model_form import fact_inputs, facts_typed, typed_again
from portal_staff.model_words import language
from portal_staff.views.models import model_version_seen
from rulebook import actions
from rulebook.dmn import FactWrong, Model, Outcome, decision_of
from rulebook.dmn.elements import read_elements
from rulebook.dmn.pictures import label_of
from rulebook.feel.json_text import read_json, write_json
from rulebook.model_queries import document_of, judged, model_of
from rulebook.models import ModelCase, ModelVersion
from rulebook.said import in_words
from rulebook.versions import governing_now
from ui.schema_form import Problem

EDIT = ("edit_model",)
EXPECTED = "o-"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*MODELS)
def model_cases(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Try facts on a version, keep them as a case, and see which cases hold on it."""
    version = model_version_seen(request.user, key, number)
    if request.method != "POST":
        return _show(request, version)
    model = model_of(version)
    facts, wrong = facts_typed(model, request.POST.dict())
    try:
        if wrong:
            raise Invalid(_("Expected facts of the model's types, but something is wrong with them."), fields=wrong)
        actions.save_model_case(
            version.pk,
            name=request.POST.get("name", ""),
            facts=write_json(facts),
            expected=_expected(model, request),
            actor=actor(request),
            now=timezone.now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(request, version, refused=refusal)
    messages.success(request, _("The case is saved. From now on every version is approved only if it holds."))
    return redirect("staff:model_cases", key, number)


@require_POST
@requires(*EDIT)
def retire_model_case(request: HttpRequest, key: str, number: int, case: int) -> HttpResponse:
    """Retire an acceptance case, with a reason."""
    version = model_version_seen(request.user, key, number)
    if not version.model.cases.filter(pk=case).exists():
        raise NotFound(_("Expected an acceptance case of this model, but there is none."))
    reason = request.POST.get("reason", "")
    try:
        actions.retire_model_case(case, reason=reason, actor=actor(request), now=timezone.now())
    except Invalid as refusal:
        return _show(request, version, refused=refusal, reason_of=case)
    messages.success(request, _("The case is retired."))
    return redirect("staff:model_cases", key, number)


def _expected(model: Model, request: HttpRequest) -> dict[str, str]:
    """What was typed for the decisions; an empty one may be anything."""
    typed = {one.name: request.POST.get(f"{EXPECTED}{place}", "") for place, one in enumerate(model.decisions)}
    return {name: text.strip() for name, text in typed.items() if text.strip()}


def _show(
    request: HttpRequest, version: ModelVersion, *, refused: Refusal | None = None, reason_of: int = 0
) -> HttpResponse:
    typed = {} if reason_of else (request.POST or request.GET).dict()
    model, now = model_of(version), timezone.now()
    facts, errors = facts_typed(model, typed)
    is_tried = any(name.startswith("f-") for name in typed) and not errors
    governing = governing_now(version)
    others = [governing] if governing and governing.pk != version.pk else []
    answers = []
    if is_tried:
        try:
            answers = [_answer(each, facts, now) for each in (version, *others)]
        except FactWrong as wrong:
            errors = {wrong.fact.partition(".")[0].partition("[")[0]: str(wrong)}
    if isinstance(refused, Invalid):
        errors = {**errors, **refused.fields}
    labels = {each.name: label_of(each, language()) for each in read_elements(document_of(version))}
    fields = fact_inputs(model, labels, typed, errors)
    context = {
        "version": version,
        "model": version.model,
        "fields": fields,
        "answers": answers,
        "outputs": _outputs(model, labels, answers, typed, errors) if answers else [],
        "typed": typed,
        "errors": errors,
        "refused": refused,
        "problems": _problems(fields, errors),
        "reason_of": reason_of,
        "reason": request.POST.get("reason", "") if reason_of else "",
        "cases": [_line(version, model, case, why) for case, why in judged(version)],
        "may_edit": holds(request.user, "edit_model", version.model_id),
    }
    status = refused.status if refused else Invalid.status if errors else 200
    return render(request, "portal_staff/model_cases.html", context, status=status)


def _answer(version: ModelVersion, facts: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    outcome = model_of(version).evaluate(facts, None, now)
    return {"version": version, "rows": _rows(outcome), "outcome": outcome}


def _rows(outcome: Outcome) -> list[tuple[str, str, str, str]]:
    """Each decision with its value, the rows that counted, and what went wrong; the last one first."""
    failed = dict(outcome.errors)
    return [
        (name, write_json(value), ", ".join(map(str, outcome.matched.get(name, ()))), failed.get(name, ""))
        for name, value in reversed(outcome.results.items())
    ]


def _outputs(
    model: Model,
    labels: Mapping[str, str],
    answers: list[dict[str, Any]],
    typed: Mapping[str, str],
    errors: Mapping[str, str],
) -> list[dict[str, str]]:
    """A line for each decision: filled in with what the version decides for the one that answers."""
    results = answers[0]["outcome"].results
    version = answers[0]["version"]
    last = decision_of(model, version.model.key).element.name
    found = []
    for place, one in enumerate(model.decisions):
        usual = write_json(results[one.name]) if one.name == last else ""
        name = f"{EXPECTED}{place}"
        about = {"name": name, "label": labels.get(one.name, one.name), "text": typed.get(name, usual)}
        found.append({**about, "error": errors.get(f"expected.{one.name}", "")})
    return found


def _line(version: ModelVersion, model: Model, case: ModelCase, why: str) -> dict[str, Any]:
    facts = read_json(case.facts)
    again = reverse("staff:model_cases", args=[version.model.key, version.number])
    return {
        "case": case,
        "facts": [(name, value if isinstance(value, str) else write_json(value)) for name, value in facts.items()],
        "expected": sorted(case.expected.items()),
        "broken": in_words(why, _, get_language()),
        "again": f"{again}?{urlencode(typed_again(model, facts))}#try",
    }


def _problems(fields: list[Any], errors: Mapping[str, str]) -> list[Problem]:
    at_fields = [Problem(each.error, each.label, each.name) for each in fields if each.error]
    names = {each.error for each in fields}
    others = [said for name, said in errors.items() if said not in names and name not in ("name", "reason")]
    named = [Problem(errors["name"], _("Name of the case"), "case-name")] if "name" in errors else []
    return [*at_fields, *named, *map(Problem, others)]
