"""Processes: the models, their versions, and a version's drawing with the same in words."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.authority import held
from audit.refusals import NotFound
from portal_staff.access import PROCESSES, requires
from portal_staff.vocabulary import Vocabulary
from processes.engine import Node, render_svg
from processes.models import Instance, ProcessModel, ProcessVersion
from processes.queries import document, graph
from rulebook.change_control import State
from ui.words import is_chinese

WORKING = ("userTask", "manualTask", "serviceTask")


@require_safe
@requires(*PROCESSES)
def processes(request: HttpRequest) -> HttpResponse:
    """Every model that the reader may see, with its version in force and how many instances run."""
    running = Count("versions__instances", filter=Q(versions__instances__status=Instance.Status.RUNNING))
    models = _visible(request.user).annotate(running=running).prefetch_related("versions").order_by("key")
    rows = [{"model": model, "in_force": _in_force(model), "versions": len(model.versions.all())} for model in models]
    return render(request, "portal_staff/processes.html", {"rows": rows})


@require_safe
@requires(*PROCESSES)
def process(request: HttpRequest, key: str) -> HttpResponse:
    """A model: the drawing in force, and all versions."""
    model = _model(request, key)
    versions = list(model.versions.select_related("maker", "checker").defer("xml", "forms").order_by("-number"))
    shown = next((each for each in versions if each.state == State.IN_FORCE), versions[0] if versions else None)
    return _show(request, model, shown, versions)


@require_safe
@requires(*PROCESSES)
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version of a model."""
    model = _model(request, key)
    versions = list(model.versions.select_related("maker", "checker").defer("xml", "forms").order_by("-number"))
    shown = next((each for each in versions if each.number == number), None)
    if shown is None:
        raise NotFound(_("Expected a version of this process, but there is none with this number."))
    return _show(request, model, shown, versions)


def _show(
    request: HttpRequest, model: ProcessModel, shown: ProcessVersion | None, versions: list[ProcessVersion]
) -> HttpResponse:
    context: dict[str, Any] = {"model": model, "version": shown, "versions": versions}
    if shown is not None:
        language = "zh-Hans" if is_chinese(get_language()) else "en"
        drawn = render_svg(document(shown.pk), language=language, title=model.name[language])
        context["diagram"] = mark_safe(drawn)  # noqa: S308 - drawn by the engine, every label escaped there
        steps, words = [node for node in graph(shown.pk).nodes.values() if node.element in WORKING], Vocabulary()
        context["steps"] = [_step(node, language, words) for node in steps]
        context["milestones"] = [step.zh if language != "en" else step.en for step in graph(shown.pk).milestones]
    return render(request, "portal_staff/process.html", context)


def _step(node: Node, language: str, words: Vocabulary) -> dict[str, Any]:
    work = node.attributes.get("work", {})
    return {
        "name": node.label(language),
        "kind": node.kind or "work",
        "queue": words.said("queue", work["queue"]) if "queue" in work else "",
        "skill": words.said("skill", work.get("skill", "")),
        "effort": work.get("effort", ""),
        "matrix": words.said("table", node.attributes.get("approval", {}).get("matrix", "")),
    }


def _visible(user: Any) -> Any:
    if held(user, "oversee_branch") or held(user, "examine_branch"):
        return ProcessModel.objects.all()
    return ProcessModel.objects.filter(pk__in=held(user, "edit_process") | held(user, "approve_process"))


def _model(request: HttpRequest, key: str) -> ProcessModel:
    model = _visible(request.user).filter(key=key).first()
    if model is None:
        raise NotFound(_("Expected a process that you may see, but there is none."))
    return model


def _in_force(model: ProcessModel) -> ProcessVersion | None:
    return next((each for each in model.versions.all() if each.state == State.IN_FORCE), None)
