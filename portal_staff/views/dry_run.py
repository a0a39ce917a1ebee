"""Dry run: a version stepped by hand in virtual time, and its acceptance cases."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.authority import holds
from audit.refusals import Invalid, NotFound, Refusal
from catalog.models import Product
from portal_staff.access import PROCESSES, actor, requires
from portal_staff.drawing_words import unnamed
from portal_staff.process_models import model_seen, version_of
from portal_staff.trial_form import example_of, lines_of, plan_from, step_from, variables_from
from processes import actions, trial
from processes.engine import Node, render_svg
from processes.models import ProcessVersion
from processes.queries import document
from processes.trial import Trial, deployed
from rulebook.said import in_words
from ui.words import is_chinese

EDIT = ("edit_process",)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*PROCESSES)
def dry_run(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Begin a dry run, or go one step on; nothing is written but a case that is saved."""
    version, now = version_of(model_seen(request.user, key), number, "xml"), timezone.now()
    if request.method != "POST":
        return _show(request, version, None, now)
    if request.POST.get("do") == "begin":
        return _begin(request, version, now)
    try:
        plan = plan_from(request.POST.get("plan", ""))
    except Invalid as refused:
        return _show(request, version, None, now, refused)
    if request.POST.get("do") == "save":
        return _save(request, version, plan, now)
    return _step(request, version, plan, now)


@require_POST
@requires(*EDIT)
def retire_case(request: HttpRequest, key: str, number: int, case: int) -> HttpResponse:
    """Retire an acceptance case, with a reason."""
    version, now = version_of(model_seen(request.user, key), number, "xml"), timezone.now()
    if not version.model.cases.filter(pk=case).exists():
        raise NotFound(_("Expected an acceptance case of this process, but there is none."))
    try:
        actions.retire_case(case, reason=request.POST.get("reason", ""), actor=actor(request), now=now)
    except Invalid as refused:
        return _show(request, version, None, now, refused)
    messages.success(request, _("The case is retired."))
    return redirect("staff:dry_run", key, number)


def _begin(request: HttpRequest, version: ProcessVersion, now: datetime) -> HttpResponse:
    try:
        variables = variables_from(request.POST.get("start", ""), "start")
    except Invalid as refused:
        return _show(request, version, None, now, refused)
    plan = trial.new_plan(version, now.replace(microsecond=0), variables)
    return _show(request, version, plan, now)


def _step(request: HttpRequest, version: ProcessVersion, plan: dict[str, Any], now: datetime) -> HttpResponse:
    verb, _colon, place = request.POST.get("do", "").partition(":")
    if verb == "back" and place.isdecimal():
        return _show(request, version, {**plan, "steps": plan["steps"][: int(place[:4])]}, now)
    try:
        stands = trial.play(version, plan, now)
        step = step_from(request.POST, stands)
        went = trial.play(version, {**plan, "steps": [*plan["steps"], step]}, now)
        if went.failed:
            raise Invalid(went.failed.message)
    except Invalid as refused:
        return _show(request, version, plan, now, refused)
    return _show(request, version, {**plan, "steps": [*plan["steps"], step]}, now)


def _save(request: HttpRequest, version: ProcessVersion, plan: dict[str, Any], now: datetime) -> HttpResponse:
    name = request.POST.get("name", "")
    try:
        actions.save_case(version.pk, name=name, plan=plan, actor=actor(request), now=now)
    except Refusal as refused:
        if isinstance(refused, NotFound):
            raise
        return _show(request, version, plan, now, refused)
    messages.success(request, _("The case is saved. From now on every version is published only if it holds."))
    return redirect("staff:dry_run", version.model.key, version.number)


def _show(
    request: HttpRequest,
    version: ProcessVersion,
    plan: dict[str, Any] | None,
    now: datetime,
    refused: Refusal | None = None,
) -> HttpResponse:
    language = "zh-Hans" if is_chinese(get_language()) else "en"
    context: dict[str, Any] = {
        "version": version,
        "model": version.model,
        "refused": refused,
        "errors": refused.fields if isinstance(refused, Invalid) else {},
        "typed": request.POST,
        "cases": [_case(case, version, now) for case in _cases(version)],
        "may_edit": holds(request.user, "edit_process", version.model_id),
        "start": request.POST.get("start", lines_of(_first_answers(version))),
        "reason_of": request.resolver_match.kwargs.get("case") if request.resolver_match else None,
    }
    try:
        stands = trial.play(version, plan, now) if plan else None
    except Refusal as wrong:
        stands, context["refused"] = None, wrong
    context["diagram"] = mark_safe(_drawn(version, stands, language))  # noqa: S308 - escaped by the engine
    if plan and stands:
        context |= {"plan": json.dumps(plan, ensure_ascii=False), **_standing(request, version, plan, stands, language)}
    shown = context["refused"]
    return render(request, "portal_staff/dry_run.html", context, status=shown.status if shown else 200)


def _standing(
    request: HttpRequest, version: ProcessVersion, plan: dict[str, Any], stands: Trial, language: str
) -> dict[str, Any]:
    graphs = {graph.process: graph for graph in deployed(version)}
    names = {name: node for graph in graphs.values() for name, node in graph.nodes.items()}
    return {
        "stands": stands,
        "tasks": [
            {
                "id": task.node,
                "name": _name(graphs[task.process].nodes[task.node], language),
                "called": graphs[task.process].name if task.place else "",
                "lines": request.POST.get(f"variables-{task.node}") if _is_refused(request, task.node) else
                lines_of(_answers(version, graphs[task.process].nodes[task.node])),
            }
            for task in {task.node: task for task in stands.tasks}.values()
        ],
        "messages": [
            {
                "place": str(place),
                "name": one.name,
                "at": _name(graphs[one.process].nodes[one.node], language) if one.is_one_of_several else "",
                "told_by": lines_of(one.told_by).replace("\n", ", "),
            }
            for place, one in enumerate(stands.receivers)
        ],
        "steps": [
            {"place": place, "said": _said(step, names, language), "result": result}
            for place, (step, result) in enumerate(zip(plan["steps"], stands.results, strict=False), 1)
        ],
        "variables": [
            {"name": name, "value": json.dumps(value, ensure_ascii=False)}
            for name, value in sorted(stands.instances[0].variables.items())
        ] if stands.instances else [],
        "incidents": [str(one.incident) for one in stands.instances if one.incident],
        "set_lines": request.POST.get("set", "") if request.POST.get("do") == "set" else "",
    }  # fmt: skip


def _drawn(version: ProcessVersion, stands: Trial | None, language: str) -> str:
    main = stands.instances[0] if stands and stands.instances else None
    active = main.graph.active_nodes(main.state) if main and main.state else frozenset()
    return render_svg(
        document(version.pk),
        active=active,
        visited=main.visited if main else (),
        called_off=main.called_off if main else (),
        language=language,
        title=version.model.name[language],
    )


def _cases(version: ProcessVersion) -> list[Any]:
    return list(version.model.cases.filter(retired_at=None).select_related("saved_by").order_by("name"))


def _case(case: Any, version: ProcessVersion, now: datetime) -> dict[str, Any]:
    deeds = [step for step in case.plan["steps"] if not next(iter(step)).startswith("expect_")]
    why = trial.broken(version, case.plan, now)
    return {"case": case, "steps": len(deeds), "broken": in_words(why, _, get_language())}


def _answers(version: ProcessVersion, node: Node) -> dict[str, Any]:
    key = node.attributes.get("work", {}).get("form") or node.attributes.get("request", {}).get("form")
    return example_of(version.forms.get(key, {})) if key else {}


def _first_answers(version: ProcessVersion) -> dict[str, Any]:
    product = Product.objects.filter(process_key=version.model.key).order_by("code").first()
    return example_of(product.form) if product else {}


def _is_refused(request: HttpRequest, node: str) -> bool:
    return request.POST.get("do") == f"complete:{node}" and bool(request.POST.get(f"variables-{node}"))


def _name(node: Node, language: str) -> str:
    return " ".join(node.label(language).split()) or unnamed(node.element, node.id)


def _said(step: dict[str, Any], names: dict[str, Node], language: str) -> str:
    """A step in words."""

    def called(name: Any) -> str:
        return _name(names[name], language) if name in names else str(name)

    if "complete" in step:
        return _("Complete “%(step)s”") % {"step": called(step["complete"])}
    if "throw_error" in step:
        given = step["throw_error"]
        return _("Error %(code)s at “%(step)s”") % {"code": given.get("code", ""), "step": called(given["task"])}
    if "escalate" in step:
        given = step["escalate"]
        return _("Escalation %(code)s at “%(step)s”") % {"code": given.get("code", ""), "step": called(given["task"])}
    if "advance_time" in step:
        return _("Time goes on by %(time)s") % {"time": step["advance_time"]}
    if "message" in step:
        about = {"name": step["message"], "step": called(step.get("activity"))}
        at = _("Message “%(name)s” arrives at “%(step)s”") if step.get("activity") else _("Message “%(name)s” arrives")
        return at % about
    if "signal" in step:
        return _("Signal “%(name)s” arrives") % {"name": step["signal"]}
    return _("Cancel") if "cancel" in step else _("Set variables")
