"""Processes: the models with what is in force, a model's page, a new one, and a drawing sent for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.authority import holds
from audit.refusals import Invalid
from portal_staff.access import PROCESSES, actor, may, requires
from portal_staff.change_control import WAITING
from portal_staff.drawing_words import Words
from portal_staff.navigation import shown_count
from portal_staff.process_drawing import found, in_words, marks_of, picture
from portal_staff.process_models import model_seen, models_seen
from portal_staff.process_upload import drawing_in, forms_in
from processes import actions
from processes.actions.versions import expect_right
from processes.engine import ParseRefused, parse
from processes.engine.picture.marking import marks_of_heat
from processes.models import ProcessModel, ProcessVersion
from processes.overview import standing, versions_with_running, with_running
from processes.publishing import findings
from processes.queries import document
from processes.refusals import NotPublishable
from rulebook.change_control import State
from ui.schema_form import Problem

EDIT = ("edit_process",)


class NewProcess(forms.Form):
    """The key and the names of a process that is opened."""

    key = forms.SlugField(
        label=gettext_lazy("Key"),
        max_length=50,
        help_text=gettext_lazy("Letters, digits and underscores. Products name the process by it; it never changes."),
    )
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=100)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=100)


@require_safe
@requires(*PROCESSES)
def processes(request: HttpRequest) -> HttpResponse:
    """Every model that the reader may see, with its version in force, what waits, and how many instances run."""
    versions = Prefetch("versions", ProcessVersion.objects.defer("xml", "forms").order_by("number"))
    models = with_running(models_seen(request.user)).prefetch_related(versions).order_by("key")
    context = {"rows": [_row(model) for model in models], "may_open": may(request.user, EDIT)}
    return render(request, "portal_staff/processes.html", context)


@require_safe
@requires(*PROCESSES)
def process(request: HttpRequest, key: str) -> HttpResponse:
    """A model: the drawing in force with how many instances stand where, the same in words, and all versions."""
    model = model_seen(request.user, key)
    versions = list(versions_with_running(model))
    shown = next((each for each in versions if each.state == State.IN_FORCE), None)
    context: dict[str, Any] = {
        "model": model,
        "version": shown,
        "versions": versions,
        "older": [(each, shown_count(each.running)) for each in versions if each.running and each != shown],
        "may_edit": holds(request.user, "edit_process", model.pk),
        "may_move": holds(request.user, "approve_process", model.pk),
    }
    if shown is not None:
        drawn, stand = document(shown.pk), standing(shown)
        context |= in_words(drawn) | {
            "diagram": picture(drawn, model, marks_of_heat(stand.nodes)),
            "nodes": _nodes(Words(drawn), stand.nodes),
            "looked_at": stand.looked_at,
            "running": shown_count(shown.running),
            "has_more": shown.running > stand.looked_at,
        }
    return render(request, "portal_staff/process.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*EDIT)
def new_process(request: HttpRequest) -> HttpResponse:
    """Open a process under a key of its own; its drawing comes next."""
    form = NewProcess(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (model := _opened(request, form)):
        messages.success(request, _("The process is opened. Send its drawing."))
        return redirect("staff:upload_process", model.key)
    return render(request, "portal_staff/process_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*EDIT)
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Send a drawing: without errors it becomes a draft, otherwise all that is wrong is listed and marked on it."""
    model = model_seen(request.user, key)
    expect_right(actor(request), "edit_process", model)
    base = model.versions.filter(state=State.IN_FORCE).defer("xml").first()
    context: dict[str, Any] = {"model": model, "base": base}
    if request.method != "POST":
        return render(request, "portal_staff/process_upload.html", context)
    name, xml = "", b""
    own: dict[str, Any] = dict(base.forms) if base else {}
    try:
        name, xml = drawing_in(request.FILES)
        own |= forms_in(request.FILES)
        made = actions.draft_version(key, xml=xml, forms=own, actor=actor(request), now=timezone.now(), file=name)
    except NotPublishable:
        context |= _refused(model, name, xml, own)
    except Invalid as wrong:
        context |= {"errors": wrong.fields, "problems": _problems(wrong)}
    else:
        messages.success(request, _("Version %(number)s is kept as a draft.") % {"number": made.number})
        return redirect("staff:process_version", key, made.number)
    return render(request, "portal_staff/process_upload.html", context, status=Invalid.status)


def _refused(model: ProcessModel, name: str, xml: bytes, own: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with a file: why it cannot be read, or its drawing with everything that the check found."""
    try:
        drawn = parse(xml, file=name).governing(model.key)
    except ParseRefused as refused:
        said = _("This file cannot be read as a drawing; the reason is at its line %(line)s.") % {"line": refused.line}
        unread = {"unread": refused.message, "line": refused.line, "errors": {"file": said}}
        return {"file": name, "problems": [Problem(said, _("The drawing"), "file")], **unread}
    report = findings(drawn, own)
    return {"file": name, "diagram": picture(drawn, model, marks_of(report)), **found(drawn, report)}


def _row(model: Any) -> dict[str, Any]:
    versions = list(model.versions.all())
    return {
        "model": model,
        "in_force": next((each for each in versions if each.state == State.IN_FORCE), None),
        "waiting": [each for each in versions if each.state in WAITING],
        "running": shown_count(model.running) or "0",
    }


def _nodes(words: Words, counts: Any) -> list[tuple[str, int]]:
    """Names of the nodes at which instances stand, the fullest first."""
    return sorted(((words.name(node), count) for node, count in counts.items()), key=lambda pair: (-pair[1], pair[0]))


def _opened(request: HttpRequest, form: NewProcess) -> ProcessModel | None:
    given = form.cleaned_data
    name = {"en": given["name_en"], "zh-Hans": given["name_zh"]}
    try:
        return actions.open_model(key=given["key"], name=name, actor=actor(request), now=timezone.now())
    except Invalid as wrong:
        for field, said in wrong.fields.items():
            form.add_error(field if field in form.fields else None, said)
        return None


def _problems(wrong: Invalid) -> list[Problem]:
    labels = {
        "file": (_("The drawing"), "file"),
        "forms": (_("Forms of its steps"), "forms"),
    }
    return [Problem(said, *labels.get(field, ("", ""))) for field, said in wrong.fields.items()]
