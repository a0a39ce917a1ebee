"""Decision models: the list, a model with its graph, a new one, a file sent for it, and the way of a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.authority import holds
from audit.refusals import Invalid, NotFound
from portal_staff.access import MODELS, actor, requires
from portal_staff.change_control import WAITING, Pages
from portal_staff.model_form import model_in
from portal_staff.model_words import changes_between, graph_of
from portal_staff.retired_cases import retired_cases
from portal_staff.vocabulary import Vocabulary
from rulebook import actions
from rulebook.actions.models import expect_model_right
from rulebook.change_control import State
from rulebook.model_queries import checked_tables, judged, model_versions_of, models_visible_to
from rulebook.models import DecisionModel, ModelVersion
from rulebook.refusals import ModelWrong
from ui.schema_form import Problem

EDIT, APPROVE = ("edit_model",), ("approve_model",)
MAKERS = ("edit_model", "edit_table")


class NewModel(forms.Form):
    """The key and the names of a model that is opened."""

    key = forms.SlugField(
        label=gettext_lazy("Key"),
        max_length=50,
        help_text=gettext_lazy("Letters, digits and underscores. Processes ask the model by it; it never changes."),
    )
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=100)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=100)


@require_safe
@requires(*MODELS)
def models(request: HttpRequest) -> HttpResponse:
    """The models, each with the version in force and what is under way."""
    found = models_visible_to(request.user).order_by("key")
    context = {"rows": [_line(model) for model in found], "may_open": actions.may_open(request.user)}
    return render(request, "portal_staff/models.html", context)


@require_safe
@requires(*MODELS)
def model(request: HttpRequest, key: str) -> HttpResponse:
    """A model: what is decided in force, as a graph and in words, and all its versions."""
    found = model_seen(request.user, key)
    versions = list(model_versions_of(found))
    governing = next((each for each in versions if each.state == State.IN_FORCE), None)
    context = {
        "model": found,
        "versions": versions,
        "in_force": governing,
        "may_edit": holds(request.user, "edit_model", found.pk),
        **(graph_of(governing) if governing else {}),
    }
    return render(request, "portal_staff/model.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*MAKERS)
def new_model(request: HttpRequest) -> HttpResponse:
    """Open a model under a key of its own; its file comes next."""
    form = NewModel(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        name = {"en": given["name_en"], "zh-Hans": given["name_zh"]}
        try:
            made = actions.open_model(key=given["key"], name=name, actor=actor(request), now=timezone.now())
        except Invalid as wrong:
            for field, said in wrong.fields.items():
                form.add_error(field if field in form.fields else None, said)
        else:
            messages.success(request, _("The model is opened. Send its file."))
            return redirect("staff:upload_model", made.key)
    return render(request, "portal_staff/model_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*EDIT)
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Send a DMN file: without errors it becomes a draft, otherwise all that is wrong is listed by element."""
    found = model_seen(request.user, key)
    expect_model_right(actor(request), "edit_model", found)
    bases = [each for each in model_versions_of(found) if each.in_force_at]
    governing = next((each.number for each in bases if each.state == State.IN_FORCE), 0)
    typed = request.POST.get("base", "")
    base = int(typed) if typed.isdecimal() and len(typed) < 9 else governing
    context: dict[str, Any] = {"model": found, "bases": bases, "base": base}
    if request.method != "POST":
        return render(request, "portal_staff/model_upload.html", context)
    try:
        name, xml = model_in(request.FILES)
        about: dict[str, Any] = {"file": name, "base": base, "actor": actor(request), "now": timezone.now()}
        made = actions.draft_model(key, xml=xml, **about)
    except ModelWrong as wrong:
        context |= {"file": name, "wrong": wrong.problems}
    except Invalid as wrong:
        problems = [Problem(said, _("The file"), "file") for said in wrong.fields.values()]
        context |= {"errors": wrong.fields, "problems": problems}
    else:
        messages.success(request, _("Version %(number)s is kept as a draft.") % {"number": made.number})
        return redirect("staff:model_version", key, made.number)
    return render(request, "portal_staff/model_upload.html", context, status=Invalid.status)


@require_safe
@requires(*MODELS)
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version with its graph, what differs, and what may be done with it."""
    return PAGES.show(request, model_version_seen(request.user, key, number))


@require_safe
@requires(*MODELS)
def file(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The version's DMN file as it was sent."""
    shown = model_version_seen(request.user, key, number)
    name = f'attachment; filename="{key}-{number}.dmn"'
    return HttpResponse(bytes(shown.xml), content_type="application/xml", headers={"Content-Disposition": name})


@require_safe
@requires(*MODELS)
def compare(request: HttpRequest, key: str, before: int, after: int) -> HttpResponse:
    """What differs between two versions, decision by decision."""
    one, other = model_version_seen(request.user, key, before), model_version_seen(request.user, key, after)
    context = {"model": one.model, "before": one, "after": other, "changes": changes_between(one, other)}
    return render(request, "portal_staff/model_difference.html", context)


def model_seen(user: Any, key: str) -> DecisionModel:
    """Raises NotFound, also for one that is there and not seen."""
    found = models_visible_to(user).filter(key=key).first()
    if found is None:
        raise NotFound(_("Expected a decision model that you may see, but there is none."))
    return found


def model_version_seen(user: Any, key: str, number: int) -> ModelVersion:
    """Raises NotFound."""
    found = model_versions_of(model_seen(user, key)).filter(number=number).first()
    if found is None:
        raise NotFound(_("Expected a version of this decision model, but there is none."))
    return found


def _about(request: HttpRequest, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a version shows of its model. shown: the version and the one that it is compared with."""
    found, base, moved, before = (shown[name] for name in ("version", "base", "moved", "begun_from"))
    held = judged(found)
    return {
        "model": found.model,
        **graph_of(found),
        "changes": changes_between(base, found) if base else [],
        "since_url": _difference(before, moved) if moved and before else "",
        "checked": checked_tables(found),
        "words": Vocabulary(),
        "cases": len(held),
        "failing": [(case, why) for case, why in held if why],
        "retired": retired_cases(
            found, found.model.versions, f"rulebook.model:{found.model_id}", "rulebook.model_case.retired"
        ),
    }


def _difference(before: ModelVersion, after: ModelVersion) -> str:
    return reverse("staff:model_change", args=[after.model.key, before.number, after.number])


def _line(found: DecisionModel) -> dict[str, Any]:
    versions = list(model_versions_of(found))
    return {
        "model": found,
        "in_force": next((each for each in versions if each.state == State.IN_FORCE), None),
        "waiting": [each for each in versions if each.state in WAITING],
    }


PAGES = Pages(
    control=actions.MODELS,
    noun="model",
    page="staff:model_version",
    template="portal_staff/model_version.html",
    find=model_version_seen,
    about=_about,
    keeps=gettext_lazy("Somebody else has to approve it. Orders under way keep the decisions they have."),
    edit=EDIT,
    check=APPROVE,
)
